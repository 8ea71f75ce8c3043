export { findPanel, type PanelPlugin } from './registry';
export type { PanelMark, PanelProps } from './props';
