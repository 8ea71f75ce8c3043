// What data links and names say of a value: `${__value.raw}`, `${__field.labels.job}`, `${__data.fields["host"]}`.
import { FieldType, formatLabels, formattedValueToString, getFieldDisplayName, getFrameDisplayName, type DataContextScopedVar, type DisplayValue, type Field } from '@grafana/data';

export type DataContext = DataContextScopedVar['value'];

export function isDataContext(value: unknown): value is DataContext {
  return typeof value === 'object' && value !== null && 'frame' in value && 'field' in value;
}

interface Told {
  value: string;
  /** Behind `${name.path}`. */
  fields: unknown;
}

function told(display: DisplayValue, raw: unknown) {
  const text = formattedValueToString(display);
  return { raw, numeric: display.numeric, text, toString: () => text };
}

function cell(field: Field, row: number) {
  const raw: unknown = field.values[row];
  return told(field.display?.(raw) ?? { text: String(raw), numeric: Number.NaN }, raw);
}

function valueOf({ frame, field, rowIndex, calculatedValue }: DataContext): Told | undefined {
  if (rowIndex === undefined) {
    if (!calculatedValue) return undefined;
    const one = told(calculatedValue, calculatedValue.numeric);
    return { value: one.text, fields: one };
  }
  const one = cell(field, rowIndex);
  const time: unknown = frame.fields.find(({ type }) => type === FieldType.time)?.values[rowIndex];
  return { value: one.text, fields: { ...one, time } };
}

/** The row that was clicked: its cells by the place, the name and the shown name of their field. */
function rowOf({ data, frame, rowIndex }: DataContext): Told | undefined {
  if (rowIndex === undefined) return undefined;
  const cells: Array<[string, unknown]> = frame.fields.flatMap((field, at) => {
    const one = cell(field, rowIndex);
    return [String(at), field.name, getFieldDisplayName(field, frame, data)].map((key): [string, unknown] => [key, one]);
  });
  return { value: frame.name ?? '', fields: { name: frame.name, refId: frame.refId, fields: Object.fromEntries(cells.toReversed()) } };
}

function fieldOf({ data, frame, field }: DataContext): Told {
  const name = getFieldDisplayName(field, frame, data);
  const labels = field.labels ?? {};
  const texts = { __values: Object.values(labels).join(', '), toString: () => formatLabels(labels, '', true) };
  return { value: name, fields: { name, displayName: name, labels: { ...labels, ...texts } } };
}

function seriesOf({ frame, frameIndex }: DataContext): Told {
  const name = frame.name ?? getFrameDisplayName(frame, frameIndex);
  return { value: name, fields: { name } };
}

/** Undefined for names that are none of these, and where nothing is known of what they stand for. */
export function dataScope(context: DataContext | undefined, name: string): Told | undefined {
  if (!context) return undefined;
  switch (name) {
    case '__value':
      return valueOf(context);
    case '__data':
      return rowOf(context);
    case '__field':
      return fieldOf(context);
    case '__series':
      return seriesOf(context);
    default:
      return undefined;
  }
}
