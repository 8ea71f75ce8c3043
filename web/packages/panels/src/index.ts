export { findPanel, type PanelPlugin } from './registry';
export type { PanelProps } from './props';
