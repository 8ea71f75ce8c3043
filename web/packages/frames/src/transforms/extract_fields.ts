// Fields out of the text of one field: JSON, key=value pairs, a regular expression, parts.
import { FieldType, type DataFrame } from '@grafana/data';
import { flag, isRecord, records, text, type AnyRecord } from '@narthex/dashmodel/json';

import { fieldNamed, makeField, type Transform } from './fields';

function parseJson(value: unknown): AnyRecord {
  if (isRecord(value)) return value;
  try {
    const parsed: unknown = JSON.parse(String(value));
    if (Array.isArray(parsed)) return Object.fromEntries(parsed.map((one: unknown, index) => [String(index), one]));
    return isRecord(parsed) ? parsed : {};
  } catch {
    return {};
  }
}

const PAIR = /([\w.-]+)\s*[=:]\s*(?:"((?:[^"\\]|\\.)*)"|'([^']*)'|([^\s,;&]+))/g;

function parsePairs(value: unknown): AnyRecord {
  return Object.fromEntries([...String(value).matchAll(PAIR)].map(([, key = '', a, b, c]) => [key, a ?? b ?? c ?? '']));
}

function parseRegex(value: unknown, pattern: string): AnyRecord {
  const delimited = /^\/(.*)\/([a-z]*)$/s.exec(pattern);
  try {
    const regex = delimited ? new RegExp(delimited[1] ?? '', (delimited[2] ?? '').replace('g', '')) : new RegExp(pattern);
    return { ...regex.exec(String(value))?.groups };
  } catch {
    return {};
  }
}

function parserFor(options: AnyRecord): (value: unknown) => AnyRecord {
  switch (text(options['format'], 'auto')) {
    case 'json':
      return parseJson;
    case 'kvp':
      return parsePairs;
    case 'regexp':
      return (value) => parseRegex(value, text(options['regExp']));
    case 'delimiter':
      return (value) => Object.fromEntries(String(value ?? '').split(text(options['delimiter'], ',')).map((part) => [part.trim(), 1]));
    default:
      return (value) => (isRecord(value) || /^\s*[[{]/.test(String(value)) ? parseJson(value) : parsePairs(value));
  }
}

function at(value: unknown, path: string): unknown {
  let here: unknown = value;
  for (const step of path.replace(/\[(\w+)\]/g, '.$1').split('.')) {
    if (typeof here !== 'object' || here === null) return undefined;
    here = Object.entries(here).find(([key]) => key === step)?.[1];
  }
  return here;
}

/** Text that is a number throughout is taken as numbers. */
function numbersIfAll(values: unknown[]): unknown[] {
  const filled = values.filter((value) => value != null && value !== '');
  const isNumeric = filled.length > 0 && filled.every((value) => typeof value === 'string' && !Number.isNaN(Number(value)));
  return isNumeric ? values.map((value) => (value == null || value === '' ? null : Number(value))) : values;
}

function columns(parsed: AnyRecord[], paths: AnyRecord[]): Array<[name: string, values: unknown[]]> {
  if (paths.length > 0) {
    return paths.map((path) => [text(path['alias']) || text(path['path']), parsed.map((one) => at(one, text(path['path'])))]);
  }
  const names = [...new Set(parsed.flatMap((one) => Object.keys(one)))];
  return names.map((name) => [name, parsed.map((one) => one[name] ?? null)]);
}

function extract(frame: DataFrame, options: AnyRecord): DataFrame {
  const source = fieldNamed(frame, text(options['source']));
  const values: unknown[] | undefined = source?.values;
  if (!source || !values) return frame;
  const made = columns(values.map(parserFor(options)), records(options['jsonPaths'])).map(([name, column]) => makeField(name, numbersIfAll(column)));
  const kept = flag(options['replace'])
    ? frame.fields.filter((field) => flag(options['keepTime']) && field.type === FieldType.time)
    : frame.fields;
  return { ...frame, fields: [...kept, ...made] };
}

export const extractFields: Transform = (frames, options) => frames.map((frame) => extract(frame, options));
