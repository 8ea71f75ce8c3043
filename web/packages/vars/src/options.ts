// The choices of a variable: from its text, filtered, sorted, and which of them is current.
import { ALL_VALUE, type Variable, type VariableOption, type VariableValue } from './types';

/** "a, b\,c, Shown : value": commas part, a backslash keeps one, " : " names a value. */
export function customOptions(query: string): VariableOption[] {
  const parts = query.match(/(?:\\,|[^,])+/g) ?? [];
  return parts
    .map((part) => part.replace(/\\,/g, ',').trim())
    .filter((part) => part !== '')
    .map((part) => {
      const named = /^(.+?)\s:\s(.+)$/.exec(part);
      return named ? { text: (named[1] ?? '').trim(), value: (named[2] ?? '').trim() } : { text: part, value: part };
    });
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
const plain = (value: unknown): string => (typeof value === 'string' ? value : typeof value === 'number' || typeof value === 'boolean' ? String(value) : '');

/** A list in JSON: of values, or of objects with `value`, `text` and whatever else the queries ask for. */
export function jsonOptions(query: string): VariableOption[] {
  const parsed: unknown = JSON.parse(query);
  if (!Array.isArray(parsed)) throw new Error('The values of the variable are no list.');
  return parsed.map((one: unknown) => {
    if (!isObject(one)) return { text: plain(one), value: plain(one) };
    const value = plain(one['value']);
    return { text: plain(one['text']) || value, value, properties: one };
  });
}

/** The choices found and those given by hand, each value once: the first of them. */
export function withStatic(found: readonly VariableOption[], { staticOptions, staticOptionsOrder, sort }: Pick<Variable, 'staticOptions' | 'staticOptionsOrder' | 'sort'>): VariableOption[] {
  if (staticOptions.length === 0) return [...found];
  const all = staticOptionsOrder === 'after' ? [...found, ...staticOptions] : [...staticOptions, ...found];
  const unique = all.filter(({ value }, index) => all.findIndex((one) => one.value === value) === index);
  return staticOptionsOrder === 'sorted' ? sortOptions(unique, sort) : unique;
}

/** "1m,10m,'1 h'": quotes keep a comma or a space. */
export function intervalOptions(query: string): VariableOption[] {
  const parts = query.match(/(["'])(.*?)\1|\w+/g) ?? [];
  return parts.map((part) => part.replace(/["']+/g, '')).map((text) => ({ text, value: text }));
}

function compileRegex(text: string): RegExp | undefined {
  const delimited = /^\/(.*)\/([a-z]*)$/s.exec(text);
  try {
    return delimited ? new RegExp(delimited[1] ?? '', delimited[2]) : new RegExp(text);
  } catch {
    return undefined;
  }
}

function optionFromMatch(match: RegExpMatchArray, text: string): VariableOption {
  const { groups } = match;
  if (groups && (groups['text'] !== undefined || groups['value'] !== undefined)) {
    const value = groups['value'] ?? groups['text'] ?? text;
    return { text: groups['text'] ?? value, value };
  }
  const group = match[1] ?? text;
  return { text: group, value: group };
}

/** Keeps what the expression matches; a group narrows the option to what the group holds. */
export function filterByRegex(texts: readonly string[], regexText: string): VariableOption[] {
  const regex = regexText === '' ? undefined : compileRegex(regexText);
  const options = texts.flatMap((text) => {
    if (!regex) return [{ text, value: text }];
    const matches = regex.global ? [...text.matchAll(regex)] : [text.match(regex)];
    return matches.flatMap((match) => (match ? [optionFromMatch(match, text)] : []));
  });
  const seen = new Set<string>();
  return options.filter(({ value }) => !seen.has(value) && seen.add(value));
}

const firstNumber = (text: string): number => Number(/\d+/.exec(text)?.[0] ?? -1);
const natural = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });

const COMPARE: ReadonlyArray<((a: VariableOption, b: VariableOption) => number) | undefined> = [
  undefined,
  (a, b) => (a.text < b.text ? -1 : Number(a.text > b.text)),
  (a, b) => firstNumber(a.text) - firstNumber(b.text),
  (a, b) => a.text.toLowerCase().localeCompare(b.text.toLowerCase()),
  (a, b) => natural.compare(a.text, b.text),
];

/** `sort` as in the file: 0 as they come, then alphabetical, numerical, without case, natural; each up then down. */
export function sortOptions(options: readonly VariableOption[], sort: number): VariableOption[] {
  const compare = COMPARE[Math.ceil(sort / 2)];
  if (!compare) return [...options];
  const sorted = options.toSorted(compare);
  return sort % 2 === 0 ? sorted.toReversed() : sorted;
}

/** The value kept when the options change: what is still there, else the first option, else nothing. */
export function selectCurrent(variable: Variable, wanted: VariableValue, options: readonly VariableOption[]): VariableValue {
  const known = new Set(options.map(({ value }) => value));
  const wantedList = Array.isArray(wanted) ? wanted : [wanted];
  if (variable.includeAll && wantedList.includes(ALL_VALUE)) return variable.multi ? [ALL_VALUE] : ALL_VALUE;
  const kept = wantedList.filter((value) => known.has(value));
  const first = options[0]?.value ?? '';
  if (variable.multi) return kept.length > 0 ? kept : variable.includeAll ? [ALL_VALUE] : first ? [first] : [];
  if (kept[0] !== undefined) return kept[0];
  return variable.includeAll ? ALL_VALUE : first;
}
