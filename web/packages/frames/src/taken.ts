// Frames as a person reads them in a table or takes them along: joined by time, without units, as CSV.
import { FieldType, getFieldDisplayName, outerJoinDataFrames, toCSV, type DataFrame } from '@grafana/data';

const isSeries = ({ fields }: DataFrame): boolean => fields.some(({ type }) => type === FieldType.time) && fields.some(({ type }) => type === FieldType.number);

/** One table of all series, a column for each; undefined where the frames are no series, or only one. */
export function joinedByTime(frames: readonly DataFrame[]): DataFrame | undefined {
  if (frames.length < 2 || !frames.every(isSeries)) return undefined;
  // The state of a field is shared with the chart, and both naming and joining write to it.
  const own = frames.map((frame) => ({ ...frame, fields: frame.fields.map((field) => ({ ...field, state: {} })) }));
  // Names follow from all frames, so they are settled before there is only one.
  const named = own.map((frame) => ({ ...frame, fields: frame.fields.map((field) => ({ ...field, config: { ...field.config, displayName: getFieldDisplayName(field, frame, own) } })) }));
  return outerJoinDataFrames({ frames: named });
}

function bareText(value: unknown): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** The values as they came, instants in milliseconds. */
export function bareFrames(frames: readonly DataFrame[]): DataFrame[] {
  const display = (value: unknown) => ({ text: bareText(value), numeric: NaN });
  return frames.map((frame) => ({ ...frame, fields: frame.fields.map((field) => ({ ...field, display })) }));
}

// Tells spreadsheets that the text is UTF-8.
const MARK = '\uFEFF';

/** As Grafana writes it: each value as it is shown, lines end with CR LF. A program that reads lists of numbers may need to be told of the comma. */
export function csvOf(frames: readonly DataFrame[], isForExcel = false): string {
  return MARK + toCSV([...frames], { useExcelHeader: isForExcel, delimiter: ',' });
}
