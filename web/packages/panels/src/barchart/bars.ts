// Categories with one bar for each series, beside or upon one another. Pure.
import { FieldType, type DataFrame, type Field } from '@grafana/data';

import { extentOf, niceExtent, type Extent } from '../plot/scales';

export interface Categories {
  /** The frame the bars come from. */
  frame: DataFrame;
  /** What the categories are called after. */
  x: Field;
  values: Field[];
  colorBy: Field | undefined;
}

export type Stacking = 'none' | 'normal' | 'percent';

const isShown = (field: Field): boolean => !field.config.custom?.hideFrom?.viz;
const named = (frame: DataFrame, name: string): Field | undefined =>
  name === '' ? undefined : frame.fields.find((field) => field.name === name || field.state?.displayName === name || field.config.displayName === name);

/** Several series over the same times as one frame: the first one's times are the categories. Colours count bars, not fields. */
function asOneFrame(frames: readonly DataFrame[]): DataFrame | undefined {
  const [first] = frames;
  if (!first) return undefined;
  const more = frames.slice(1).flatMap(({ fields }) => fields.filter(({ type }) => type === FieldType.number));
  let seriesIndex = 0;
  const counted = (field: Field): Field => (field.type === FieldType.number ? { ...field, state: { ...field.state, seriesIndex: seriesIndex++ } } : field);
  return { ...first, fields: [...first.fields, ...more].map(counted) };
}

/** Undefined when there is nothing to tell categories by or nothing to measure. */
export function categoriesOf(frames: readonly DataFrame[], xName: string, colorByName: string): Categories | undefined {
  const frame = asOneFrame(frames);
  if (!frame) return undefined;
  const byType = (type: FieldType): Field | undefined => frame.fields.find((field) => field.type === type);
  const x = named(frame, xName) ?? byType(FieldType.string) ?? byType(FieldType.enum) ?? byType(FieldType.time) ?? byType(FieldType.boolean) ?? frame.fields[0];
  if (!x) return undefined;
  const colorBy = named(frame, colorByName);
  const measured = frame.fields.filter((field) => field !== x && field.type === FieldType.number && isShown(field));
  // What gives the colour is drawn where there is nothing else.
  const others = measured.filter((field) => field !== colorBy);
  const values = others.length > 0 ? others : measured;
  return values.length === 0 ? undefined : { frame, x, values, colorBy };
}

const numberAt = (field: Field, index: number): number => Number(field.values[index] ?? 0) || 0;

/** What 100 percent is at one category: the sum of all bars there. */
function totalAt(values: readonly Field[], index: number): number {
  return values.reduce((sum, field) => sum + Math.abs(numberAt(field, index)), 0);
}

export interface Bar {
  field: Field;
  index: number;
  from: number;
  to: number;
  /** Place among the bars of the category, and how many share it. */
  slot: number;
  slotCount: number;
}

export function barsAt(values: readonly Field[], index: number, stacking: Stacking): Bar[] {
  let up = 0;
  let down = 0;
  const total = stacking === 'percent' ? totalAt(values, index) || 1 : 1;
  return values.map((field, slot): Bar => {
    const value = numberAt(field, index) / total;
    if (stacking === 'none') return { field, index, from: 0, to: value, slot, slotCount: values.length };
    const from = value < 0 ? down : up;
    if (value < 0) down += value;
    else up += value;
    return { field, index, from, to: from + value, slot: 0, slotCount: 1 };
  });
}

/** The range of the axis, with zero in it, from configuration where it is given. */
export function barExtent({ values, frame }: Categories, stacking: Stacking, tickCount: number): Extent {
  const all = Array.from({ length: frame.length }, (_, index) => barsAt(values, index, stacking)).flat();
  const { min, max, custom } = values[0]?.config ?? {};
  const nice = niceExtent(extentOf([0, ...all.flatMap(({ from, to }) => [from, to])]), tickCount, true);
  const extent = {
    min: min ?? Math.min(nice.min, custom?.axisSoftMin ?? nice.min),
    max: max ?? Math.max(nice.max, custom?.axisSoftMax ?? nice.max),
  };
  if (custom?.axisCenteredZero !== true) return extent;
  const reach = Math.max(Math.abs(extent.min), Math.abs(extent.max));
  return { min: -reach, max: reach };
}
