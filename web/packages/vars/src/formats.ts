// The ways a variable's value can be written into a query, by the name after the colon.
import { datePattern } from './date_pattern';
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
/** A number is left as it is: its sign is no operator. */
const escapeLucene = (text: string): string => (Number.isNaN(Number(text)) ? text.replace(/[!*+\-=<>\s&|()[\]{}^~?:\\/"]/g, '\\$&') : text);
const escapeHtml = (text: string): string =>
  text
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/"/g, '&quot;')
    .replace(/'/g, '&#39;');
const strictly = (encoded: string): string => encoded.replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
const encodeStrictly = (text: string): string => strictly(encodeURIComponent(text));
/** As a query string of an address is written: what has no meaning there stays readable. */
const encodeParam = (text: string): string => strictly(encodeURIComponent(text)).replace(/%(40|3A|24|2C|3B)/gi, decodeURIComponent);
const braced = (value: VariableValue): string => (Array.isArray(value) ? `{${value.join(',')}}` : value);

function formatLucene(value: VariableValue): string {
  if (!Array.isArray(value)) return escapeLucene(value);
  if (value.length === 0) return '__empty__';
  return `(${value.map((one) => `"${escapeLucene(one)}"`).join(' OR ')})`;
}

function formatRegex(value: VariableValue): string {
  if (!Array.isArray(value)) return escapeRegex(value);
  const escaped = value.map(escapeRegex);
  return escaped.length === 1 ? (escaped[0] ?? '') : `(${escaped.join('|')})`;
}

function formatDate(value: VariableValue, { args }: FormatContext): string {
  const ms = Number.parseInt(list(value)[0] ?? '', 10);
  if (Number.isNaN(ms)) return 'NaN';
  // Beyond what a date can be.
  if (Number.isNaN(new Date(ms).valueOf())) return 'Invalid date';
  const [form = 'iso'] = args;
  if (form === 'ms') return String(ms);
  if (form === 'seconds') return String(Math.round(ms / 1000));
  if (form === 'iso' || form === '') return new Date(ms).toISOString();
  return datePattern(ms, args.join(':'));
}

/** Of a query string, the parameters that `isKept`; nothing for none. */
function parameters(value: VariableValue, isKept: (name: string) => boolean): string {
  const search = new URLSearchParams(list(value)[0] ?? '');
  for (const name of new Set(search.keys())) if (!isKept(name)) search.delete(name);
  const text = search.toString();
  return text === '' ? '' : `?${text}`;
}

export const FORMATS: Readonly<Record<string, Formatter>> = {
  csv: (value) => list(value).join(','),
  customqueryparam: (value, { name, args }) => {
    const [key = name, prefix = ''] = args;
    return each(value, (one) => `${encodeStrictly(key || name)}=${encodeStrictly(prefix)}${encodeStrictly(one)}`, '&');
  },
  date: formatDate,
  distributed: (value, { name }) =>
    list(value)
      .map((one, index) => (index === 0 ? one : `${name}=${one}`))
      .join(','),
  doublequote: (value) => each(value, (one) => `"${one.replace(/"/g, '\\"')}"`, ','),
  // Of `${__url.params}`: without some of the parameters, or with some alone.
  exclude: (value, { args }) => parameters(value, (name) => !(args[0] ?? '').split(',').includes(name)),
  include: (value, { args }) => parameters(value, (name) => (args[0] ?? '').split(',').includes(name)),
  glob: (value) =>
    Array.isArray(value) && value.length > 1 ? `{${value.join(',')}}` : list(value).join(','),
  html: (value) => escapeHtml(list(value).join(', ')),
  join: (value, { args }) => list(value).join(args[0] ?? ','),
  // A single value is no list, and written without quotes.
  json: (value) => (Array.isArray(value) ? JSON.stringify(value) : value),
  lucene: formatLucene,
  percentencode: (value) => encodeStrictly(braced(value)),
  pipe: (value) => list(value).join('|'),
  queryparam: (value, { name }) => each(value, (one) => `${encodeParam(`var-${name}`)}=${encodeParam(one)}`, '&'),
  raw: (value) => list(value).join(','),
  regex: formatRegex,
  singlequote: (value) => each(value, (one) => `'${one.replace(/'/g, "\\'")}'`, ','),
  sqlstring: (value) => each(value, (one) => `'${one.replace(/'/g, "''").replace(/"/g, '\\"')}'`, ','),
  text: (_value, { text }) => list(text).join(' + '),
  uriencode: (value) => strictly(encodeURI(braced(value))),
};

/** Writes `value` in the named format; an unknown name falls back to glob. */
export function formatValue(format: string, value: VariableValue, context: Omit<FormatContext, 'args'>): string {
  const [name = '', ...args] = format.split(':');
  const formatter = FORMATS[name] ?? FORMATS['glob'];
  return formatter ? formatter(value, { ...context, args }) : '';
}
