import type { Plugin } from 'vite';

export function stagedStart(): Plugin;
