// Replaces references to variables in text. What a name means is the caller's: `lookup` knows the
// dashboard's variables, the built-in ones and the values bound for one repeated panel.
import { formatValue } from './formats';
import { tokenize, type Token } from './tokenizer';
import type { Variable, VariableValue } from './types';

export interface ScopeValue {
  value: VariableValue;
  text?: VariableValue;
  /** Structured value behind `${name.path.to.field}`; a list of them for a list of values. */
  fields?: unknown;
  variable?: Variable;
}

export type ScopeLookup = (name: string) => ScopeValue | undefined;

export interface Interpolation {
  lookup: ScopeLookup;
  /** How a reference without a format is written; glob when absent. */
  write?: (found: ScopeValue) => string;
  /** The format of references that name none, those to fields too. */
  format?: string | undefined;
}

// Parts of an address: they are encoded already.
const WRITTEN = new Set(['__url_time_range', '__all_variables', '__url']);

const STEP = /\.([^.[\]]+)|\["([^"]*)"\]|\['([^']*)'\]|\[([^\]]*)\]/g;

function fieldAt(root: unknown, path: string): unknown {
  let here: unknown = root;
  for (const [, ...names] of path.matchAll(STEP)) {
    const step = names.find((name) => name !== undefined);
    if (typeof here !== 'object' || here === null) return undefined;
    here = Object.entries(here).find(([key]) => key === step)?.[1];
  }
  return here;
}

function fieldValue(fields: unknown, path: string): VariableValue | undefined {
  if (!Array.isArray(fields)) {
    const field = fieldAt(fields, path);
    return field === undefined || field === null ? undefined : String(field);
  }
  return fields.map((one) => fieldAt(one, path)).flatMap((field) => (field === undefined || field === null ? [] : [String(field)]));
}

function replaceToken(token: Token, { lookup, write, format: usual }: Interpolation): string {
  if (token.kind === 'text') return token.raw;
  const found = lookup(token.name);
  if (!found) return token.raw;
  const name = token.name;
  const format = token.format ?? (WRITTEN.has(name) ? undefined : usual);
  if (token.fieldPath !== undefined) {
    const field = fieldValue(found.fields, token.fieldPath);
    if (field === undefined) return token.raw;
    // A property of a choice goes into a query as its value would.
    if (!format && write && found.variable) return write({ value: field, variable: found.variable });
    return formatValue(format ?? 'raw', field, { name, text: field });
  }
  if (format) {
    return formatValue(format, found.value, { name, text: found.text ?? found.value });
  }
  if (write) return write(found);
  return formatValue('glob', found.value, { name, text: found.text ?? found.value });
}

/** An unknown name stays as it was written. */
export function interpolate(text: string, interpolation: Interpolation): string {
  if (!text.includes('$') && !text.includes('[[')) return text;
  return tokenize(text)
    .map((token) => replaceToken(token, interpolation))
    .join('');
}
