// Filters that a person puts on every query of a data source, and how they stand in the address:
// var-Filters=key|operator|value. Source: spec grafana.md, VAR-8.
import type { VariableValue } from './types';

export interface AdhocFilter {
  key: string;
  /** = != =~ !~, and =| and !=| for one of several and none of them. */
  op: string;
  values: string[];
}

const ESCAPES: ReadonlyArray<readonly [string, string]> = [
  ['|', '__gfp__'],
  [',', '__gfc__'],
  ['#', '__gfh__'],
];

const escape = (text: string): string => ESCAPES.reduce((all, [plain, written]) => all.replaceAll(plain, written), text);
// Behind a comma stands how the part is shown, which is the same here.
const unescape = (part: string): string => ESCAPES.reduce((all, [plain, written]) => all.replaceAll(written, plain), part.split(',')[0] ?? '');

export const isMulti = (op: string): boolean => op === '=|' || op === '!=|';

export function filterToUrl({ key, op, values }: AdhocFilter): string {
  return [key, op, ...(isMulti(op) ? values : values.slice(0, 1))].map(escape).join('|');
}

/** Undefined for what names no label or no operator. */
export function filterFromUrl(text: string): AdhocFilter | undefined {
  const [key = '', op = '', ...values] = text.split('|').map(unescape);
  return key === '' || op === '' ? undefined : { key, op, values: isMulti(op) ? values : [values[0] ?? ''] };
}

export function filtersFromUrl(value: VariableValue): AdhocFilter[] {
  return [value].flat().flatMap((one) => filterFromUrl(one) ?? []);
}
