// Where the rows of a heatmap lie: at even distances, named by their bounds, or on a scale of numbers. Pure.
import { number, record, text, type AnyRecord } from '@narthex/dashmodel/json';

import type { HeatmapData } from './cells';

export type BoundLabels = 'upper' | 'lower' | 'middle';

export interface EvenRows {
  kind: 'even';
  /** Which place of a row its name stands at. */
  labels: BoundLabels;
}

export interface NumberRows {
  kind: 'linear' | 'log' | 'symlog';
  log: number;
  /** Row n reaches from edges[n] to edges[n + 1]. */
  edges: number[];
  min: number;
  max: number;
}

export type Rows = EvenRows | NumberRows;

const boundOf = (text_: string): number => (text_ === '+Inf' ? Infinity : text_ === '-Inf' ? -Infinity : Number(text_));

/** The ends of the rows as places on an axis: an open end lies as far out as the row beside it is wide. */
function edgesOf({ bounds, lowest }: HeatmapData, isLog: boolean): number[] | undefined {
  const uppers = bounds.map(boundOf);
  if (uppers.some(Number.isNaN) || uppers.some((bound, row) => row > 0 && bound <= (uppers[row - 1] ?? -Infinity))) return undefined;
  const [first = 0, second] = uppers;
  const beyond = (near: number, far: number | undefined): number => (far === undefined || !Number.isFinite(far) ? (isLog ? near / 2 : near - Math.abs(near || 1)) : isLog && far / near > 0 ? near / (far / near) : near - (far - near));
  const given = lowest === undefined ? undefined : boundOf(lowest);
  // Buckets of a histogram count from nothing up, where a logarithm has no place.
  const low = given !== undefined && Number.isFinite(given) && !(isLog && given <= 0) ? given : !isLog && given === undefined && first > 0 ? 0 : beyond(first, second);
  const edges = [low, ...uppers];
  const last = edges.at(-1);
  if (last === Infinity) edges[edges.length - 1] = beyond(edges.at(-2) ?? 0, edges.at(-3));
  return edges.every(Number.isFinite) && !(isLog && (edges[0] ?? 0) <= 0) ? edges : undefined;
}

/** Of counted cells the scale they were counted on; of given buckets the one that the panel names. */
function wantedScale(data: HeatmapData, options: AnyRecord): AnyRecord {
  return data.scale ?? record(record(options['rowsFrame'])['yBucketScale']);
}

function labelsOf(data: HeatmapData, options: AnyRecord): BoundLabels {
  switch (text(record(options['rowsFrame'])['layout'], 'auto')) {
    case 'le':
      return 'upper';
    case 'ge':
      return 'lower';
    case 'unknown':
      return 'middle';
    default:
      // Names that are no numbers are no bounds.
      return data.bounds.some((bound) => Number.isNaN(boundOf(bound))) ? 'middle' : 'upper';
  }
}

export function rowsOf(data: HeatmapData, options: AnyRecord): Rows {
  const scale = wantedScale(data, options);
  const kind = scale['type'];
  if (kind === 'linear' || kind === 'log' || kind === 'symlog') {
    const edges = edgesOf(data, kind === 'log');
    const { min, max } = record(options['yAxis']);
    const [low, high] = [number(min) ?? edges?.[0] ?? 0, number(max) ?? edges?.at(-1) ?? 0];
    if (edges && low < high && !(kind === 'log' && low <= 0)) return { kind, log: number(scale['log'], 2), edges, min: low, max: high };
  }
  return { kind: 'even', labels: labelsOf(data, options) };
}

/** The ends of a row on the axis. */
export function endsOf(rows: Rows, row: number): [low: number, high: number] {
  return rows.kind === 'even' ? [row, row + 1] : [rows.edges[row] ?? Number.NaN, rows.edges[row + 1] ?? Number.NaN];
}

/** The row at a place of the axis; undefined beside all of them. */
export function rowAt(rows: Rows, at: number, count: number): number | undefined {
  const row = rows.kind === 'even' ? Math.floor(at) : rows.edges.findIndex((edge, index) => at >= edge && at < (rows.edges[index + 1] ?? -Infinity));
  return row >= 0 && row < count ? row : undefined;
}

/** The place of a value on the axis; of rows at even distances, the middle of the one that holds it. */
export function placeOf(rows: Rows, value: number, bounds: readonly string[]): number | undefined {
  if (rows.kind !== 'even') return value;
  const row = bounds.findIndex((bound) => value <= boundOf(bound));
  return row < 0 ? undefined : row + 0.5;
}
