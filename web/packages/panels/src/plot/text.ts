// Values as text, by the display of their field.
import { dateTimeFormat, formattedValueToString, getFieldDisplayName, type DataFrame, type Field } from '@grafana/data';

export function valueText(field: Field, value: unknown): string {
  const shown = field.display?.(value);
  return shown ? formattedValueToString(shown) : value == null ? '' : String(value);
}

export function valueColor(field: Field, value: unknown): string | undefined {
  return field.display?.(value).color;
}

/** An axis' label: the unit of the field, with as few decimals as tell the ticks apart. */
export function axisText(field: Field | undefined, value: number): string {
  const shown = field?.display?.(value, Number.isInteger(value) ? 0 : undefined);
  return shown ? formattedValueToString(shown) : String(value);
}

export function timeText(timeMs: number, timeZone: string, spanMs: number): string {
  const format = spanMs > 2 * 86_400_000 ? 'MM/DD HH:mm' : spanMs > 600_000 ? 'HH:mm' : 'HH:mm:ss';
  return dateTimeFormat(timeMs, { timeZone, format });
}

export const fullTime = (timeMs: number, timeZone: string): string => dateTimeFormat(timeMs, { timeZone, format: 'YYYY-MM-DD HH:mm:ss' });

export const nameOf = (field: Field, frame: DataFrame, frames: DataFrame[]): string => getFieldDisplayName(field, frame, frames);
