// The rows of the box at the cursor: which series, in what order, with which values.
import { FieldType, formattedValueToString, getFieldDisplayName, type DataFrame, type Field } from '@grafana/data';
import { record } from '@narthex/dashmodel/json';
import type { TooltipRow } from '@narthex/vizkit';

import type { TooltipOptions } from '../options';

export interface TooltipRequest {
  frame: DataFrame;
  /** The frames the joined one came from: names are told apart among all of them. */
  frames: DataFrame[];
  dataIndexes: ReadonlyArray<number | null | undefined>;
  /** The series nearest the cursor, by its place in the frame. */
  nearest: number | null;
  options: TooltipOptions;
}

const hiddenFrom = (field: Field): boolean => {
  const hideFrom = record(record(field.config.custom)['hideFrom']);
  return hideFrom['tooltip'] === true || hideFrom['viz'] === true;
};

/** As the legend calls it. */
export function nameOf(field: Field, frame: DataFrame, frames: DataFrame[]): string {
  const origin = field.state?.origin;
  const from = origin && frames[origin.frameIndex];
  const original = origin && from?.fields[origin.fieldIndex];
  return original && from ? getFieldDisplayName(original, from, frames) : getFieldDisplayName(field, frame, frames);
}

export function tooltipRows({ frame, frames, dataIndexes, nearest, options }: TooltipRequest): TooltipRow[] {
  const rows = frame.fields.flatMap((field, index): TooltipRow[] => {
    if (index === 0 || field.type !== FieldType.number || hiddenFrom(field)) return [];
    if (options.mode === 'single' && index !== nearest) return [];
    const at = dataIndexes[index];
    const value: unknown = at == null ? null : field.values[at];
    if (value == null || (options.hideZeros && value === 0)) return [];
    const display = field.display?.(value) ?? { text: String(value), numeric: Number(value) };
    return [
      {
        label: nameOf(field, frame, frames),
        value: formattedValueToString(display),
        numeric: display.numeric,
        isActive: index === nearest && options.mode !== 'single',
        ...(display.color ? { color: display.color } : {}),
      },
    ];
  });
  if (options.sort === 'none') return rows;
  const sign = options.sort === 'asc' ? 1 : -1;
  return rows.toSorted((a, b) => sign * ((a.numeric ?? 0) - (b.numeric ?? 0)));
}
