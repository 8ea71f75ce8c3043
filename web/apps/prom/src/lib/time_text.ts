// Instants as text, in UTC or in the browser's time zone.

export type TimeZone = 'utc' | 'local';

interface Parts {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
  millisecond: number;
}

const pad = (value: number, width = 2): string => String(value).padStart(width, '0');

function partsOf(seconds: number, zone: TimeZone): Parts {
  const date = new Date(Math.round(seconds * 1000));
  if (zone === 'utc') {
    return {
      year: date.getUTCFullYear(),
      month: date.getUTCMonth() + 1,
      day: date.getUTCDate(),
      hour: date.getUTCHours(),
      minute: date.getUTCMinutes(),
      second: date.getUTCSeconds(),
      millisecond: date.getUTCMilliseconds(),
    };
  }
  return {
    year: date.getFullYear(),
    month: date.getMonth() + 1,
    day: date.getDate(),
    hour: date.getHours(),
    minute: date.getMinutes(),
    second: date.getSeconds(),
    millisecond: date.getMilliseconds(),
  };
}

const dateText = (parts: Parts): string => `${parts.year}-${pad(parts.month)}-${pad(parts.day)}`;

// "2026-11-23 00:05:37", with milliseconds only where there are any.
export function formatInstant(seconds: number, zone: TimeZone): string {
  const parts = partsOf(seconds, zone);
  const clock = `${pad(parts.hour)}:${pad(parts.minute)}:${pad(parts.second)}`;
  return `${dateText(parts)} ${clock}${parts.millisecond === 0 ? '' : `.${pad(parts.millisecond, 3)}`}`;
}

const INSTANT = /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T](\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,3}))?)?)?(Z)?$/;

// Seconds of "2026-11-23 00:05[:37]", or undefined. A bare number is Unix seconds; a 'Z' at the end means UTC.
export function parseInstant(text: string, zone: TimeZone): number | undefined {
  const bare = text.trim();
  if (/^\d{9,}(\.\d+)?$/.test(bare)) return Number(bare);
  const match = INSTANT.exec(bare);
  if (match === null) return undefined;
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map((part) => Number(part ?? 0));
  if (year === undefined || month === undefined || day === undefined) return undefined;
  const fields = [year, month - 1, day, hour ?? 0, minute ?? 0, second ?? 0] as const;
  const millisecond = Number((match[7] ?? '0').padEnd(3, '0'));
  const isUtc = zone === 'utc' || match[8] === 'Z';
  const time = isUtc ? Date.UTC(...fields, millisecond) : new Date(...fields, millisecond).getTime();
  const back = partsOf(time / 1000, isUtc ? 'utc' : zone);
  // The 31st of April is the 1st of May to Date, and a typing error to a person.
  const isReal = back.month === month && back.day === day && (hour ?? 0) < 24 && (minute ?? 0) < 60;
  return isReal && Number.isFinite(time) ? time / 1000 : undefined;
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

// Label of a tick of a time axis whose ticks are `incrementSeconds` apart. `previous` is the tick to
// the left: where the day changes, the date takes a second line.
export function formatTick(
  seconds: number,
  incrementSeconds: number,
  zone: TimeZone,
  previous: number | undefined,
): string {
  const parts = partsOf(seconds, zone);
  const day = `${MONTHS[parts.month - 1]} ${parts.day}`;
  if (incrementSeconds >= 86400) return incrementSeconds >= 300 * 86400 ? String(parts.year) : day;

  let clock = `${pad(parts.hour)}:${pad(parts.minute)}`;
  if (incrementSeconds < 60) clock += `:${pad(parts.second)}`;
  if (incrementSeconds < 1) clock += `.${pad(parts.millisecond, 3)}`;
  const isNewDay = previous === undefined ? false : dateText(partsOf(previous, zone)) !== dateText(parts);
  return isNewDay ? `${clock}\n${day}` : clock;
}

// Seconds of an RFC 3339 text, or undefined if it has none or is the year 1 that Go writes for "never".
export function parseRfc3339(text: string): number | undefined {
  const time = Date.parse(text);
  return Number.isNaN(time) || time <= 0 ? undefined : time / 1000;
}
