import { createTheme, FieldType, getDisplayProcessor, toDataFrame, type DataFrame } from '@grafana/data';
import { describe, expect, test } from 'vitest';

import type { TooltipOptions } from '../src/options';
import { alignFrames } from '../src/timeseries/align';
import { tooltipRows } from '../src/timeseries/tooltip_rows';

const theme = createTheme();

function series(name: string, values: Array<number | null>, custom: Record<string, unknown> = {}): DataFrame {
  const frame = toDataFrame({
    fields: [
      { name: 'Time', type: FieldType.time, values: values.map((_, index) => index) },
      { name: 'Value', type: FieldType.number, values, config: { displayNameFromDS: name, custom } },
    ],
  });
  for (const field of frame.fields) field.display = getDisplayProcessor({ field, theme });
  return frame;
}

const frames = [series('a', [5, 1]), series('b', [0, 2]), series('c', [9, null]), series('hidden', [7, 7], { hideFrom: { viz: true } })];
const frame = alignFrames(frames);
const options: TooltipOptions = { mode: 'multi' as TooltipOptions['mode'], sort: 'none', hideZeros: false, maxHeightPx: undefined };

function rowsAt(at: number, nearest: number | null, change: Partial<TooltipOptions> = {}): string[] {
  if (!frame) throw new Error('no frame');
  const dataIndexes = frame.fields.map(() => at);
  const rows = tooltipRows({ frame, frames, dataIndexes, nearest, options: { ...options, ...change } });
  return rows.map(({ label, value, isActive }) => `${label}=${value}${isActive ? '*' : ''}`);
}

describe('tooltipRows', () => {
  test.each<[string, string[], string[]]>([
    ['all series, the nearest marked', rowsAt(0, 1), ['a=5*', 'b=0', 'c=9']],
    ['no value, no row', rowsAt(1, null), ['a=1', 'b=2']],
    ['rising', rowsAt(0, null, { sort: 'asc' }), ['b=0', 'a=5', 'c=9']],
    ['falling', rowsAt(0, null, { sort: 'desc' }), ['c=9', 'a=5', 'b=0']],
    ['without zeros', rowsAt(0, null, { hideZeros: true }), ['a=5', 'c=9']],
    ['only the nearest', rowsAt(0, 3, { mode: 'single' as TooltipOptions['mode'] }), ['c=9']],
    ['none near', rowsAt(0, null, { mode: 'single' as TooltipOptions['mode'] }), []],
  ])('%s', (_name, rows, want) => expect(rows).toEqual(want));
});
