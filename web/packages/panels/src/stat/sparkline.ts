// The line behind a value, kept clear of it. Pure.
import type { FieldSparkline } from '@grafana/data';

export interface ValuePlace {
  /** In the middle of the tile instead of at its top. */
  isCentred: boolean;
  /** With its change in percent below it. */
  hasChange: boolean;
}

/**
 * Of the height that the line has, what is clear of the value. BigValue gives the line all that the letters of name
 * and value leave at the top; a value in the middle reaches down into that by half, and a change below it further.
 */
export const clearShare = ({ isCentred, hasChange }: ValuePlace): number => (isCentred ? (hasChange ? 0.34 : 0.5) : hasChange ? 0.6 : 0.85);

/** With so much room above the line that it ends below the value. */
export function loweredSparkline(sparkline: FieldSparkline, place: ValuePlace): FieldSparkline {
  const { y } = sparkline;
  const values = y.values.filter((value: unknown): value is number => typeof value === 'number' && Number.isFinite(value));
  if (values.length < 2) return sparkline;
  const low = values.reduce((least, value) => Math.min(least, value), y.config.min ?? Infinity);
  const high = values.reduce((most, value) => Math.max(most, value), y.config.max ?? -Infinity);
  if (!(high > low)) return sparkline;
  return { ...sparkline, y: { ...y, config: { ...y.config, max: low + (high - low) / clearShare(place) } } };
}
