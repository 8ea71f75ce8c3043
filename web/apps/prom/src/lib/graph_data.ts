// From the series of a range query to the columns that a chart draws.
import { sampleNumber, type RangeSeries } from '@narthex/promapi';

export interface Grid {
  // Seconds since the epoch, both included.
  start: number;
  end: number;
  stepSeconds: number;
}

export interface Columns {
  times: number[];
  // One column for each series, null where it has no sample.
  values: (number | null)[][];
}

// The instants of a range query, computed as the server does: from `start` on, not summed up.
export function gridTimes({ start, end, stepSeconds }: Grid): number[] {
  // Half a millisecond, the precision of the API, guards against 0.1 * 3 being above 0.3.
  const count = Math.floor((end - start) / stepSeconds + 0.0005 / stepSeconds) + 1;
  return Array.from({ length: Math.max(0, count) }, (_, index) => start + index * stepSeconds);
}

// Samples put on the grid. Infinities and NaN are gaps: a chart cannot show them. Samples of native
// histograms are not floats and leave gaps too.
export function toColumns(series: readonly RangeSeries[], grid: Grid): Columns {
  const times = gridTimes(grid);
  const values = series.map(({ samples }) => {
    const column: (number | null)[] = Array.from({ length: times.length }, () => null);
    for (const [time, text] of samples) {
      const index = Math.round((time - grid.start) / grid.stepSeconds);
      const value = sampleNumber(text);
      if (index >= 0 && index < column.length && Number.isFinite(value)) column[index] = value;
    }
    return column;
  });
  return { times, values };
}

// Columns for a stacked chart: each visible column is the sum of itself and the visible ones below
// it, the first lowest. A gap adds nothing, and stays a gap of its own column.
export function stackColumns(
  values: readonly (number | null)[][],
  isVisible: (index: number) => boolean,
): (number | null)[][] {
  const sums = new Array<number>(values[0]?.length ?? 0).fill(0);
  return values.map((column, index) => {
    if (!isVisible(index)) return [...column];
    return column.map((value, row) => {
      if (value === null) return null;
      sums[row] = (sums[row] ?? 0) + value;
      return sums[row] ?? null;
    });
  });
}
