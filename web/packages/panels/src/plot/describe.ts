// A chart in words, for those who do not see it. Pure.
import { FieldType, formattedValueToString, getFieldDisplayName, type DataFrame, type Field } from '@grafana/data';

// More would be heard for minutes; the table of the panel's inspector holds everything.
const SERIES_COUNT_MAX = 8;

function newest({ values, display }: Field): string {
  for (let index = values.length - 1; index >= 0; index -= 1) {
    const value: unknown = values[index];
    if (typeof value === 'number' && Number.isFinite(value)) return display ? formattedValueToString(display(value)) : String(value);
  }
  return 'no value';
}

/** The time, or what else the frame runs along, and the values there. */
export function describePoint({ fields }: DataFrame, index: number, nameOf: (field: Field) => string): string {
  const shown = (field: Field): string | undefined => {
    const value: unknown = field.values[index];
    if (value == null) return undefined;
    return field.display ? formattedValueToString(field.display(value)) : String(value);
  };
  const [along, ...series] = fields.filter(({ config }) => config.custom?.hideFrom?.viz !== true);
  const told = series.flatMap((field) => {
    const value = shown(field);
    return value === undefined ? [] : [`${nameOf(field)} ${value}`];
  });
  const more = told.length > SERIES_COUNT_MAX ? [`and ${told.length - SERIES_COUNT_MAX} more`] : [];
  return [(along && shown(along)) ?? '', ...told.slice(0, SERIES_COUNT_MAX), ...more].join(', ');
}

/** What it shows, by name and newest value. */
export function describeSeries(title: string, frames: DataFrame[]): string {
  const series = frames.flatMap((frame) => frame.fields.filter(({ type }) => type === FieldType.number).map((field) => ({ field, frame })));
  const told = series.slice(0, SERIES_COUNT_MAX).map(({ field, frame }) => `${getFieldDisplayName(field, frame, frames)} ${newest(field)}`);
  const more = series.length > SERIES_COUNT_MAX ? `, and ${series.length - SERIES_COUNT_MAX} more` : '';
  return `${title === '' ? 'Chart' : title}: ${series.length} series, newest values ${told.join(', ')}${more}`;
}
