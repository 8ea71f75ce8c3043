// Dates by a pattern such as YYYY-MM-DD HH:mm, in the browser's time zone.
// Source: the tokens of moment.js, which Grafana's format `date` takes.

const MONTHS = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'];
const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const DAY_MS = 86_400_000;

const pad = (part: number, length = 2): string => String(part).padStart(length, '0');
const month = (at: Date): string => MONTHS[at.getMonth()] ?? '';
const weekday = (at: Date): string => DAYS[at.getDay()] ?? '';
const hour12 = (at: Date): number => at.getHours() % 12 || 12;
const dayOfYear = (at: Date): number => Math.round((Date.UTC(at.getFullYear(), at.getMonth(), at.getDate()) - Date.UTC(at.getFullYear(), 0, 1)) / DAY_MS) + 1;

function ordinal(day: number): string {
  const ending = day > 10 && day < 14 ? 'th' : (['th', 'st', 'nd', 'rd'][day % 10] ?? 'th');
  return `${day}${ending}`;
}

function offset(at: Date, colon: string): string {
  const minutes = -at.getTimezoneOffset();
  const size = Math.abs(minutes);
  return `${minutes < 0 ? '-' : '+'}${pad(Math.floor(size / 60))}${colon}${pad(size % 60)}`;
}

/** The week of the year by ISO 8601: the one that holds the year's first Thursday is its first. */
function isoWeek(at: Date): number {
  const thursday = new Date(Date.UTC(at.getFullYear(), at.getMonth(), at.getDate() + 4 - (at.getDay() || 7)));
  return Math.ceil(((thursday.valueOf() - Date.UTC(thursday.getUTCFullYear(), 0, 1)) / DAY_MS + 1) / 7);
}

const TOKENS: Readonly<Record<string, (at: Date) => string>> = {
  YYYY: (at) => String(at.getFullYear()),
  YY: (at) => pad(at.getFullYear() % 100),
  Q: (at) => String(Math.floor(at.getMonth() / 3) + 1),
  MMMM: month,
  MMM: (at) => month(at).slice(0, 3),
  MM: (at) => pad(at.getMonth() + 1),
  M: (at) => String(at.getMonth() + 1),
  Do: (at) => ordinal(at.getDate()),
  DDDD: (at) => pad(dayOfYear(at), 3),
  DDD: (at) => String(dayOfYear(at)),
  DD: (at) => pad(at.getDate()),
  D: (at) => String(at.getDate()),
  dddd: weekday,
  ddd: (at) => weekday(at).slice(0, 3),
  dd: (at) => weekday(at).slice(0, 2),
  d: (at) => String(at.getDay()),
  E: (at) => String(at.getDay() || 7),
  WW: (at) => pad(isoWeek(at)),
  W: (at) => String(isoWeek(at)),
  HH: (at) => pad(at.getHours()),
  H: (at) => String(at.getHours()),
  hh: (at) => pad(hour12(at)),
  h: (at) => String(hour12(at)),
  mm: (at) => pad(at.getMinutes()),
  m: (at) => String(at.getMinutes()),
  ss: (at) => pad(at.getSeconds()),
  s: (at) => String(at.getSeconds()),
  SSS: (at) => pad(at.getMilliseconds(), 3),
  SS: (at) => pad(Math.floor(at.getMilliseconds() / 10)),
  S: (at) => String(Math.floor(at.getMilliseconds() / 100)),
  A: (at) => (at.getHours() < 12 ? 'AM' : 'PM'),
  a: (at) => (at.getHours() < 12 ? 'am' : 'pm'),
  x: (at) => String(at.valueOf()),
  X: (at) => String(Math.floor(at.valueOf() / 1000)),
  ZZ: (at) => offset(at, ''),
  Z: (at) => offset(at, ':'),
};

const TOKEN = /\[([^\]]*)\]|YYYY|YY|Q|MMMM|MMM|MM|M|Do|DDDD|DDD|DD|D|dddd|ddd|dd|d|E|WW|W|HH|H|hh|h|mm|m|ss|s|SSS|SS|S|A|a|x|X|ZZ|Z/g;

/** What stands in brackets is written as it is. */
export function datePattern(ms: number, pattern: string): string {
  const at = new Date(ms);
  return pattern.replace(TOKEN, (token, literal: string | undefined) => literal ?? TOKENS[token]?.(at) ?? token);
}
