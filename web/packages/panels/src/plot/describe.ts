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

/** What it shows, by name and newest value. */
export function describeSeries(title: string, frames: DataFrame[]): string {
  const series = frames.flatMap((frame) => frame.fields.filter(({ type }) => type === FieldType.number).map((field) => ({ field, frame })));
  const told = series.slice(0, SERIES_COUNT_MAX).map(({ field, frame }) => `${getFieldDisplayName(field, frame, frames)} ${newest(field)}`);
  const more = series.length > SERIES_COUNT_MAX ? `, and ${series.length - SERIES_COUNT_MAX} more` : '';
  return `${title === '' ? 'Chart' : title}: ${series.length} series, newest values ${told.join(', ')}${more}`;
}
