// Buckets of native histograms: each time has those that hold something, wide or narrow as the histogram's resolution
// was then. They are laid on one ladder of bounds, so that rows stand for the same values all along.
import type { DataFrame, Field } from '@grafana/data';

export interface Ladder {
  timesMs: number[];
  /** Of row n: edges[n] to edges[n + 1]. */
  edges: number[];
  /** counts[row][column] */
  counts: number[][];
}

/** More rungs than this are not made up for a gap: it is one wide row. */
const GAP_RUNGS_MAX = 200;
/** Fine buckets far apart would have tens of thousands of rows: then gaps stay one row each. */
const FILLED_ROWS_MAX = 2000;
const TOLERANCE = 1e-6;

interface Cells {
  times: readonly number[];
  lowers: readonly number[];
  uppers: readonly number[];
  counts: readonly (number | null)[];
}

function cellsOf({ fields }: DataFrame): Cells | undefined {
  const values = (name: string): Field['values'] | undefined => fields.find((field) => field.name === name)?.values;
  const [times, lowers, uppers, counts] = ['xMax', 'yMin', 'yMax', 'count'].map(values);
  return times && lowers && uppers && counts ? { times, lowers, uppers, counts } : undefined;
}

const ascending = (values: Iterable<number>): number[] => [...new Set(values)].toSorted((a, b) => a - b);

/** How far two bounds lie apart where buckets grow by a factor; undefined across zero and at the ends of the line. */
function logRatio(lower: number, upper: number): number | undefined {
  const ratio = upper / lower;
  return lower > 0 === upper > 0 && Number.isFinite(ratio) && ratio > 0 ? Math.abs(Math.log(ratio)) : undefined;
}

/** The logarithm of the factor that all buckets grow by a whole number of times; undefined where there is none. */
function growth({ lowers, uppers }: Cells): number | undefined {
  const ratios = ascending(lowers.flatMap((lower, at) => logRatio(lower, uppers[at] ?? 0) ?? []));
  const [least] = ratios;
  if (!least) return undefined;
  return ratios.every((ratio) => Math.abs(ratio / least - Math.round(ratio / least)) < TOLERANCE * (ratio / least) + TOLERANCE) ? least : undefined;
}

/** The bounds between two that no bucket has, where the buckets' growth tells them. */
function between(lower: number, upper: number, step: number | undefined): number[] {
  const ratio = logRatio(lower, upper);
  if (step === undefined || ratio === undefined) return [];
  const count = Math.round(ratio / step);
  if (count < 2 || count > GAP_RUNGS_MAX || Math.abs(ratio / step - count) > TOLERANCE * count * 10) return [];
  const towards = Math.sign(Math.log(upper / lower));
  return Array.from({ length: count - 1 }, (_, at) => lower * Math.exp(towards * step * (at + 1)));
}

/** Undefined for a frame that is not of native histograms. */
export function ladderOf(frame: DataFrame): Ladder | undefined {
  const cells = cellsOf(frame);
  if (!cells) return undefined;
  const bounds = ascending([...cells.lowers, ...cells.uppers]);
  const step = growth(cells);
  const filled = bounds.flatMap((bound, at) => {
    const next = bounds[at + 1];
    return next === undefined ? [bound] : [bound, ...between(bound, next, step)];
  });
  const edges = filled.length > FILLED_ROWS_MAX ? bounds : filled;
  const rowOf = new Map(edges.map((edge, row) => [edge, row]));
  const timesMs = ascending(cells.times);
  const columnOf = new Map(timesMs.map((time, column) => [time, column]));
  const counts = edges.slice(1).map(() => timesMs.map(() => 0));
  cells.times.forEach((time, at) => {
    const column = columnOf.get(time) ?? 0;
    const upper = rowOf.get(cells.uppers[at] ?? 0) ?? 0;
    // A bucket that was wide then fills the narrower rows of later.
    for (let row = rowOf.get(cells.lowers[at] ?? 0) ?? 0; row < upper; row += 1) {
      const counted = counts[row];
      if (counted) counted[column] = (counted[column] ?? 0) + (cells.counts[at] ?? 0);
    }
  });
  return { timesMs, edges, counts };
}
