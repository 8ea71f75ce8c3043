// The bounds of numbers that have some, by the path of the option: those with two ends get a slider. Source: spec
// grafana.md, section 4.4.
import type { OptionSpec } from './option_spec';

export type Bounds = Pick<OptionSpec, 'min' | 'max' | 'step'>;

const range = (min: number, max: number, step = 1): Bounds => ({ min, max, step });
const from = (min: number, step = 1): Bounds => ({ min, step });

const BOUNDS: Readonly<Record<string, Bounds>> = {
  lineWidth: range(0, 10),
  fillOpacity: range(0, 100),
  pointSize: range(1, 40),
  'pointSize.fixed': range(1, 100),
  'pointSize.min': range(1, 100),
  'pointSize.max': range(1, 100),
  barWidthFactor: range(0.1, 1, 0.1),
  barMaxWidth: from(1),
  axisWidth: from(0),
  decimals: from(0),
  width: from(20),
  minWidth: from(50),
  'options.barWidthFactor': range(0.1, 1, 0.05),
  'options.segmentCount': range(1, 100),
  'options.segmentSpacing': range(0, 1, 0.05),
  'options.barWidth': range(0, 1, 0.01),
  'options.groupWidth': range(0, 1, 0.01),
  'options.barRadius': range(0, 0.5, 0.05),
  'options.rowHeight': range(0, 1, 0.01),
  'options.colWidth': range(0, 1, 0.01),
  'options.color.steps': range(2, 128),
  'options.color.exponent': range(0.1, 2, 0.1),
  'options.cellGap': range(0, 25),
  'options.cellRadius': range(0, 100),
  'options.bucketCount': from(1),
  'options.maxItems': from(1),
  'options.text.titleSize': from(1),
  'options.text.valueSize': from(1),
  'options.annotations.lines.width': range(0, 10),
  'options.annotations.regions.opacity': range(0, 100),
};

const NONE: Bounds = {};

/** What the option says itself goes before. */
export function boundsOf({ path, min, max, step }: OptionSpec): Bounds {
  const known = BOUNDS[path] ?? BOUNDS[path.replace(/^custom\./, '')] ?? NONE;
  return { ...known, ...(min === undefined ? {} : { min }), ...(max === undefined ? {} : { max }), ...(step === undefined ? {} : { step }) };
}

/** The nearest number within the bounds. */
export function bounded(value: number, { min, max }: Bounds): number {
  return Math.min(max ?? value, Math.max(min ?? value, value));
}
