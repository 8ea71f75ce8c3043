import type { Plugin } from 'vite';

export function leanGrafana(): Plugin;
