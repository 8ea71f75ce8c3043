// What the options of several panels are made of.
import type { OptionSpec } from './form';

export type Choices = NonNullable<OptionSpec['choices']>;

export const same = (...values: string[]): Choices => values.map((value) => [value, value.slice(0, 1).toUpperCase() + value.slice(1)] as const);

export const option = (path: string, label: string, kind: OptionSpec['kind'], more: Partial<OptionSpec> = {}): OptionSpec => ({ path, label, kind, ...more });
export const choice = (path: string, label: string, choices: Choices, fallback?: unknown): OptionSpec => option(path, label, 'choice', { choices, fallback });

export const CALCS: Choices = [
  ['lastNotNull', 'Last *'],
  ['last', 'Last'],
  ['firstNotNull', 'First *'],
  ['min', 'Min'],
  ['max', 'Max'],
  ['mean', 'Mean'],
  ['median', 'Median'],
  ['sum', 'Total'],
  ['count', 'Count'],
  ['range', 'Range'],
  ['delta', 'Delta'],
  ['diff', 'Difference'],
  ['diffperc', 'Difference percent'],
  ['stdDev', 'StdDev'],
  ['variance', 'Variance'],
  ['distinctCount', 'Distinct count'],
  ['changeCount', 'Change count'],
  ['p50', '50th %'],
  ['p90', '90th %'],
  ['p95', '95th %'],
  ['p99', '99th %'],
];

/** Of legends without calculated values. */
export const PLAIN_LEGEND: readonly OptionSpec[] = [
  option('options.legend.showLegend', 'Legend', 'switch', { fallback: true }),
  choice('options.legend.displayMode', 'Legend mode', same('list', 'table'), 'list'),
  choice('options.legend.placement', 'Legend placement', same('bottom', 'right'), 'bottom'),
  option('options.legend.width', 'Legend width', 'text', { hint: 'At the right: in pixels, or a share such as 30%' }),
  option('options.legend.limit', 'Legend limit', 'number', { hint: 'Names shown until more are asked for' }),
];
export const LEGEND: readonly OptionSpec[] = [
  ...PLAIN_LEGEND,
  option('options.legend.calcs', 'Legend values', 'choices', { choices: CALCS, fallback: [] }),
  option('options.legend.sortBy', 'Sort legend by', 'text', { hint: 'The name of a column of the table' }),
  option('options.legend.sortDesc', 'Largest first', 'switch', { hint: 'Of the legend as a table' }),
];
export const TOOLTIP_MODE = choice('options.tooltip.mode', 'Tooltip', [['single', 'Single'], ['multi', 'All'], ['none', 'Hidden']], 'single');
export const TOOLTIP: readonly OptionSpec[] = [
  TOOLTIP_MODE,
  choice('options.tooltip.sort', 'Tooltip order', same('none', 'asc', 'desc'), 'none'),
  option('options.tooltip.hideZeros', 'Hide zeros in the tooltip', 'switch'),
];
export const REDUCE: readonly OptionSpec[] = [
  option('options.reduceOptions.calcs', 'Calculation', 'choices', { choices: CALCS, fallback: ['lastNotNull'] }),
  option('options.reduceOptions.fields', 'Fields', 'text', { hint: 'Empty for numeric ones, /regex/ or a name' }),
  option('options.reduceOptions.values', 'All values', 'switch'),
  option('options.reduceOptions.limit', 'Limit', 'number'),
];
export const ORIENTATION = choice('options.orientation', 'Orientation', same('auto', 'horizontal', 'vertical'), 'auto');
export const TEXT_SIZES: readonly OptionSpec[] = [option('options.text.titleSize', 'Title size', 'number'), option('options.text.valueSize', 'Value size', 'number')];
export const SHOW_VALUE = choice('options.showValue', 'Show values', same('auto', 'always', 'never'), 'auto');
