// What the tooltip of a timeline tells: the state under the cursor, or those of all rows at its time. Pure.
import type { Row, Span } from './spans';

export interface Shown {
  row: Row;
  span: Span;
  /** Where within the span the cursor is. */
  timeMs: number;
}

export interface TellingState {
  row: Row;
  span: Span;
  isActive: boolean;
}

/** A row without a state at that time has none to tell. */
export function statesToTell(rows: readonly Row[], { row: own, span: at, timeMs }: Shown, isMulti: boolean): TellingState[] {
  if (!isMulti) return [{ row: own, span: at, isActive: false }];
  return rows.flatMap((row) => {
    const span = row === own ? at : row.spans.find(({ fromMs, toMs }) => fromMs <= timeMs && timeMs < toMs);
    return span && row.field.config.custom?.hideFrom?.tooltip !== true ? [{ row, span, isActive: row === own }] : [];
  });
}

/** The name at the left of a row; empty where its axis is hidden. */
export const rowName = ({ field }: Row, name: string): string => (field.config.custom?.axisPlacement === 'hidden' ? '' : name);

/** As wide as the rows' axes ask for; undefined where none does. */
export function axisWidthOf(rows: readonly Row[]): number | undefined {
  const widths = rows.flatMap(({ field }) => (typeof field.config.custom?.axisWidth === 'number' ? [Number(field.config.custom.axisWidth)] : []));
  return widths.length > 0 ? Math.max(...widths) : undefined;
}
