// One end of a time range as it stands in a URL or in a dashboard file.

/** Relative text such as "now-5m/m", or an instant in Unix milliseconds. */
export type RawTime = string | number;

const RELATIVE = /^now(?:[-+]\d{1,5}(?:ms|[smhdwMQy]))*(?:\/f?[smhdwMQy])?$/;
const COMPACT = /^(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d))?$/;

/** Reads "now-5m", epoch milliseconds, ISO 8601, YYYYMMDD and YYYYMMDDTHHmmss (UTC). */
export function parseRawTime(text: string | null | undefined): RawTime | undefined {
  const trimmed = (text ?? '').trim();
  if (trimmed === '') return undefined;
  if (RELATIVE.test(trimmed)) return trimmed;

  const compact = COMPACT.exec(trimmed);
  if (compact) {
    const [year, month, day, hour, minute, second] = compact.slice(1).map((part) => Number(part ?? 0));
    return Date.UTC(year ?? 0, (month ?? 1) - 1, day, hour, minute, second);
  }
  if (/^-?\d+$/.test(trimmed)) return Number(trimmed);
  // Only dates: browsers also find one in "now-6".
  const instant = /^\d{4}-\d/.test(trimmed) ? Date.parse(trimmed) : NaN;
  return Number.isNaN(instant) ? undefined : instant;
}

export function rawTimeToUrl(time: RawTime): string {
  return String(time);
}
