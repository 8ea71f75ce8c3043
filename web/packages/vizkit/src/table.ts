// Apart from the rest: the table brings its own grid library and is loaded when a panel needs it.
export { TableNG } from '@grafana/ui/unstable';
export { TableCellHeight } from '@grafana/schema';
