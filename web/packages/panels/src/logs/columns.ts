// The fields that stand in a line, and how wide their columns are. Pure.
import { fieldValue, type LogLine } from './lines';
import type { Column } from './Line';
import { BODY_FIELD, type LogsOptions } from './options';

const WIDTH_MAX = 40;
// The widest of the first lines is hardly ever surpassed, and all of them may be many.
const MEASURED_MAX = 500;

export function columnsOf(lines: readonly LogLine[], { displayedFields, hasColumns, isWrapped }: LogsOptions): Column[] {
  const isAligned = hasColumns && !isWrapped;
  return displayedFields.map((name) => {
    if (!isAligned || name === BODY_FIELD) return { name, width: undefined };
    const longest = lines.slice(0, MEASURED_MAX).reduce((most, line) => Math.max(most, fieldValue(line, name)?.length ?? 0), 1);
    return { name, width: Math.min(WIDTH_MAX, longest) };
  });
}
