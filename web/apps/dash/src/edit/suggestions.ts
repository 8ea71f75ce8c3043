// Ways to show what a panel was answered, the likeliest first. Pure. Source: spec grafana.md, UI-3.
import { FieldType, type DataFrame } from '@grafana/data';
import type { AnyRecord } from '@narthex/dashmodel';
import { record } from '@narthex/dashmodel/json';

export interface Suggestion {
  type: string;
  name: string;
  /** What it sets, besides the type. */
  options: AnyRecord;
  custom: AnyRecord;
}

interface Shape {
  frameCount: number;
  rowsMax: number;
  numbers: number;
  texts: number;
  hasTime: boolean;
  hasBuckets: boolean;
  hasStates: boolean;
}

const suggest = (type: string, name: string, options: AnyRecord = {}, custom: AnyRecord = {}): Suggestion => ({ type, name, options, custom });
const TABLE = suggest('table', 'Table');
// More values than this are a wall of tiles, or slices too thin to be told apart.
const TILES_MAX = 30;
const SLICES_MAX = 12;
const STACKED = { mode: 'normal', group: 'A' };

function shapeOf(frames: readonly DataFrame[]): Shape {
  const fields = frames.flatMap((frame) => frame.fields);
  const count = (type: FieldType): number => fields.filter((field) => field.type === type).length;
  return {
    frameCount: frames.length,
    rowsMax: Math.max(0, ...frames.map(({ length }) => length)),
    numbers: count(FieldType.number),
    texts: count(FieldType.string),
    hasTime: count(FieldType.time) > 0,
    hasBuckets: fields.some(({ labels, name }) => labels?.['le'] !== undefined || name === 'le') || frames.some(({ meta }) => String(meta?.type ?? '').startsWith('heatmap')),
    hasStates: fields.some(({ type }) => type === FieldType.boolean || type === FieldType.string),
  };
}

const reduced = (type: string, name: string, values: boolean, options: AnyRecord = {}): Suggestion => suggest(type, name, { reduceOptions: { calcs: ['lastNotNull'], fields: '', values }, ...options });

/** Over time: lines, then numbers of now. */
function overTime({ numbers }: Shape): Suggestion[] {
  const several = numbers > 1;
  return [
    suggest('timeseries', 'Lines'),
    suggest('timeseries', 'Filled lines', {}, { fillOpacity: 25, gradientMode: 'opacity' }),
    ...(several ? [suggest('timeseries', 'Stacked areas', {}, { fillOpacity: 30, stacking: STACKED }), suggest('timeseries', 'Stacked to 100 %', {}, { fillOpacity: 60, stacking: { mode: 'percent', group: 'A' } })] : []),
    suggest('timeseries', 'Bars', {}, { drawStyle: 'bars', fillOpacity: 100, ...(several ? { stacking: STACKED } : {}) }),
    ...(numbers <= TILES_MAX ? [reduced('stat', 'Numbers with their course', false, { graphMode: 'area' }), reduced('gauge', 'Gauges', false), reduced('bargauge', 'Bars of now', false, { displayMode: 'gradient', orientation: 'horizontal' })] : []),
    ...(several && numbers <= SLICES_MAX ? [reduced('piechart', 'Shares of now', false)] : []),
    suggest('histogram', 'How often which value'),
    suggest('state-timeline', 'States over time'),
  ];
}

/** Rows without a time, or of one moment. */
function ofRows({ numbers, texts, rowsMax }: Shape): Suggestion[] {
  const isNamed = texts > 0;
  return [
    TABLE,
    ...(numbers > 0 && numbers * rowsMax <= TILES_MAX ? [reduced('stat', 'Numbers', true), reduced('bargauge', 'Bars', true, { displayMode: 'gradient', orientation: 'horizontal' }), reduced('gauge', 'Gauges', true)] : []),
    ...(numbers > 0 && isNamed ? [suggest('barchart', 'Bar chart')] : []),
    ...(numbers > 0 && isNamed && rowsMax <= SLICES_MAX ? [reduced('piechart', 'Pie chart', true)] : []),
  ];
}

export function suggestionsFor(frames: readonly DataFrame[]): Suggestion[] {
  const shape = shapeOf(frames);
  if (shape.rowsMax === 0) return [];
  const buckets = shape.hasBuckets ? [suggest('heatmap', 'Heatmap of buckets', { calculate: false })] : [];
  if (shape.hasTime && shape.rowsMax > 1 && shape.numbers > 0) return [...buckets, ...overTime(shape), TABLE];
  if (shape.hasTime && shape.rowsMax > 1 && shape.hasStates) return [suggest('state-timeline', 'States over time'), suggest('status-history', 'States at each time'), suggest('logs', 'Lines of text'), TABLE];
  return [...buckets, ...ofRows(shape)];
}

/** The panel shown that way; what it says of itself, of its queries and of its fields' units stays. */
export function withSuggestion(panel: AnyRecord, { type, options, custom }: Suggestion): AnyRecord {
  const fieldConfig = record(panel['fieldConfig']);
  const defaults = record(fieldConfig['defaults']);
  return { ...panel, type, options: { ...record(panel['options']), ...options }, fieldConfig: { overrides: [], ...fieldConfig, defaults: { ...defaults, custom: type === panel['type'] ? { ...record(defaults['custom']), drawStyle: 'line', fillOpacity: 0, stacking: { mode: 'none', group: 'A' }, ...custom } : custom } } };
}
