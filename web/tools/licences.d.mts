import type { Plugin } from 'vite';

export function isAllowed(expression: string | null | undefined): boolean;
export function licenceGate(): Plugin;
