export { findPanel, type PanelPlugin } from './registry';
export type { PanelExemplar, PanelMark, PanelProps } from './props';
