// The ways a variable's value can be written into a query, by the name after the colon.
import type { VariableValue } from './types';

export interface FormatContext {
  name: string;
  text: VariableValue;
  /** What stands behind the second colon, as in `${x:join:;}`. */
  args: string[];
}

type Formatter = (value: VariableValue, context: FormatContext) => string;

const list = (value: VariableValue): string[] => (Array.isArray(value) ? value : [value]);
const each = (value: VariableValue, write: (one: string) => string, separator: string): string =>
  list(value).map(write).join(separator);

const escapeRegex = (text: string): string => text.replace(/[\\^$*+?.()|[\]{}/]/g, '\\$&');
const escapeLucene = (text: string): string =>
  text.replace(/[+\-=&|><!(){}[\]^"~*?:\\/ ]/g, (character) => `\\${character}`);
const escapeHtml = (text: string): string =>
  text
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/"/g, '&quot;')
    .replace(/'/g, '&#39;');
const encodeStrictly = (text: string): string =>
  encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );

function formatLucene(value: VariableValue): string {
  if (!Array.isArray(value)) return escapeLucene(value);
  if (value.length === 0) return '__empty__';
  return `(${value.map((one) => `"${one.replace(/["\\]/g, '\\$&')}"`).join(' OR ')})`;
}

function formatRegex(value: VariableValue): string {
  if (!Array.isArray(value)) return escapeRegex(value);
  const escaped = value.map(escapeRegex);
  return escaped.length === 1 ? (escaped[0] ?? '') : `(${escaped.join('|')})`;
}

const two = (part: number): string => String(part).padStart(2, '0');
const DATE_PARTS: Readonly<Record<string, (at: Date) => string>> = {
  YYYY: (at) => String(at.getUTCFullYear()),
  YY: (at) => two(at.getUTCFullYear() % 100),
  MM: (at) => two(at.getUTCMonth() + 1),
  M: (at) => String(at.getUTCMonth() + 1),
  DD: (at) => two(at.getUTCDate()),
  D: (at) => String(at.getUTCDate()),
  HH: (at) => two(at.getUTCHours()),
  H: (at) => String(at.getUTCHours()),
  mm: (at) => two(at.getUTCMinutes()),
  ss: (at) => two(at.getUTCSeconds()),
};

/** A date by its pattern, such as YYYY-MM-DD; colons of the pattern had parted it. */
function datePattern(ms: number, pattern: string): string {
  const at = new Date(ms);
  return pattern.replace(/YYYY|YY|MM|M|DD|D|HH|H|mm|ss/g, (part) => DATE_PARTS[part]?.(at) ?? part);
}

function formatDate(value: VariableValue, { args }: FormatContext): string {
  const ms = Number(list(value)[0]);
  if (Number.isNaN(ms)) return 'NaN';
  const [form = 'iso'] = args;
  if (form === 'ms') return String(ms);
  if (form === 'seconds') return String(Math.round(ms / 1000));
  if (form === 'iso' || form === '') return new Date(ms).toISOString();
  return datePattern(ms, args.join(':'));
}

export const FORMATS: Readonly<Record<string, Formatter>> = {
  csv: (value) => list(value).join(','),
  customqueryparam: (value, { name, args }) => {
    const [key = name, prefix = ''] = args;
    return each(value, (one) => `${encodeURIComponent(key)}=${prefix}${encodeURIComponent(one)}`, '&');
  },
  date: formatDate,
  distributed: (value, { name }) =>
    list(value)
      .map((one, index) => (index === 0 ? one : `${name}=${one}`))
      .join(','),
  doublequote: (value) => each(value, (one) => `"${one.replace(/"/g, '\\"')}"`, ','),
  glob: (value) =>
    Array.isArray(value) && value.length > 1 ? `{${value.join(',')}}` : list(value).join(','),
  html: (value) => escapeHtml(list(value).join(', ')),
  join: (value, { args }) => list(value).join(args[0] ?? ','),
  json: (value) => JSON.stringify(value),
  lucene: formatLucene,
  percentencode: (value) =>
    encodeStrictly(Array.isArray(value) && value.length > 1 ? `{${value.join(',')}}` : list(value).join(',')),
  pipe: (value) => list(value).join('|'),
  queryparam: (value, { name }) =>
    each(value, (one) => `var-${encodeURIComponent(name)}=${encodeURIComponent(one)}`, '&'),
  raw: (value) => list(value).join(','),
  regex: formatRegex,
  singlequote: (value) => each(value, (one) => `'${one.replace(/'/g, "\\'")}'`, ','),
  sqlstring: (value) => each(value, (one) => `'${one.replace(/'/g, "''")}'`, ','),
  text: (_value, { text }) => list(text).join(' + '),
  uriencode: (value) => encodeStrictly(list(value).join(',')),
};

/** Writes `value` in the named format; an unknown name falls back to glob. */
export function formatValue(format: string, value: VariableValue, context: Omit<FormatContext, 'args'>): string {
  const [name = '', ...args] = format.split(':');
  const formatter = FORMATS[name] ?? FORMATS['glob'];
  return formatter ? formatter(value, { ...context, args }) : '';
}
