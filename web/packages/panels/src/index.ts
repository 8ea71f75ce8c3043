export { findPanel, type PanelPlugin } from './registry';
export { onTold, type Told } from './actions/tell';
export type { PanelExemplar, PanelMark, PanelProps } from './props';
