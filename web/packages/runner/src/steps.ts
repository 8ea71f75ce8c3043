// The result of one step of an expression: how many series it has, and the first of them.
import { isRecord, record, records, text } from '@narthex/dashmodel/json';

import type { FetchResource } from './variable_query';

export interface StepRow {
  labels: Readonly<Record<string, string>>;
  value: string;
}

export interface StepResult {
  /** All series, not only those shown. */
  count: number;
  rows: StepRow[];
  isScalar: boolean;
}

export const STEP_ROWS_MAX = 5;

/** A native histogram has no single value: its count and sum stand for it. */
function valueOf(sample: Record<string, unknown>): string {
  const value: unknown[] = Array.isArray(sample['value']) ? sample['value'] : [];
  if (value.length > 1) return text(value[1]);
  const histogram = record((Array.isArray(sample['histogram']) ? sample['histogram'] : [])[1]);
  return `${text(histogram['count'])} observations, sum ${text(histogram['sum'])}`;
}

function readRows(data: unknown): StepRow[] {
  const { result, resultType } = record(data);
  if (resultType === 'scalar' || resultType === 'string') return [{ labels: {}, value: text(Array.isArray(result) ? result[1] : '') }];
  return records(result).map((sample) => ({
    labels: Object.fromEntries(Object.entries(record(sample['metric'])).map(([name, value]) => [name, text(value)])),
    value: valueOf(sample),
  }));
}

/** Asks for the number and for a few series apart: a selector may hold more than a page could take. */
export async function fetchStep(uid: string, expr: string, atMs: number, fetchResource: FetchResource): Promise<StepResult> {
  const ask = (query: string, more: Record<string, string> = {}) => fetchResource(uid, 'api/v1/query', new URLSearchParams({ query, time: String(atMs / 1000), ...more }));
  const data = await ask(expr, { limit: String(STEP_ROWS_MAX) });
  const isScalar = isRecord(data) && data['resultType'] !== 'vector';
  const rows = readRows(data);
  if (isScalar || rows.length < STEP_ROWS_MAX) return { count: rows.length, rows, isScalar };
  const counted = Number(readRows(await ask(`count(${expr})`))[0]?.value ?? rows.length);
  return { count: counted, rows: rows.slice(0, STEP_ROWS_MAX), isScalar };
}
