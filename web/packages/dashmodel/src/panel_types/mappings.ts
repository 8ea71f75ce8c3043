// Value mappings as numbers named their kind, and the two lists of a singlestat.
import { isRecord, number, record, records, text } from '../json';
import type { AnyRecord } from '../types';

const OLD_VALUE = 1;
const OLD_RANGE = 2;

/** The colour a threshold gives to a text that is a number; undefined for none. */
function thresholdColor(textShown: string, thresholds: unknown): string | undefined {
  if (textShown.trim() === '' || Number.isNaN(Number(textShown))) return undefined;
  const steps = records(record(thresholds)['steps']);
  const step = steps.findLast(({ value }) => (number(value) ?? -Infinity) <= Number(textShown));
  return step ? text(step['color']) || undefined : undefined;
}

export function newMapping(old: AnyRecord, thresholds?: unknown): AnyRecord {
  if (typeof old['type'] === 'string') return old;
  const shown = text(old['text']);
  const color = thresholdColor(shown, thresholds);
  const result = { text: shown, ...(color ? { color } : {}) };
  if (old['type'] === OLD_RANGE) {
    return { type: 'range', options: { from: number(old['from']) ?? null, to: number(old['to']) ?? null, result } };
  }
  const value = text(old['value']);
  if (old['type'] === OLD_VALUE && value !== 'null' && value !== '') return { type: 'value', options: { [value]: result } };
  return { type: 'special', options: { match: 'null', result } };
}

/** valueMaps and rangeMaps of a panel, whichever its mappingType uses. */
export function singlestatMappings(panel: AnyRecord): AnyRecord[] {
  const usesRanges = number(panel['mappingType']) === OLD_RANGE;
  const list = records(panel[usesRanges ? 'rangeMaps' : 'valueMaps']);
  return list
    .filter((one) => isRecord(one) && text(one['text']) !== '')
    .map((one) => newMapping({ ...one, type: usesRanges ? OLD_RANGE : OLD_VALUE }));
}
