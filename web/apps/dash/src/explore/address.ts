// Explore's state as it stands in the address: panes side by side, each with its source, queries and range. Pure.
import type { Panel } from '@narthex/dashmodel';
import { isRecord, record, records, text, type AnyRecord } from '@narthex/dashmodel/json';
import { findDataSource } from '@narthex/runner';

import type { DashboardScope } from '../dashboard/scope';
import type { Writer } from '../dashboard/useWriter';

export interface Pane {
  key: string;
  datasource: string;
  queries: AnyRecord[];
  range: { from: string; to: string };
}

const RANGE_DEFAULT = { from: 'now-1h', to: 'now' };

export const emptyPane = (key: string, datasource: string): Pane => ({ key, datasource, queries: [{ refId: 'A', expr: '' }], range: RANGE_DEFAULT });

function readPane(key: string, value: unknown): Pane {
  const pane = record(value);
  const range = record(pane['range']);
  const queries = records(pane['queries']);
  return {
    key,
    datasource: text(pane['datasource']),
    queries: queries.length > 0 ? queries : [{ refId: 'A', expr: '' }],
    range: { from: text(range['from'], RANGE_DEFAULT.from), to: text(range['to'], RANGE_DEFAULT.to) },
  };
}

/** All panes at one range. */
export const atRange = (panes: readonly Pane[], range: Pane['range']): Pane[] => panes.map((pane) => ({ ...pane, range }));

/** With another pane in the place of one; where times go together, its range is that of the others as well. */
export function withPane(panes: readonly Pane[], index: number, next: Pane, areTimesSynced: boolean): Pane[] {
  const all = panes.map((one, at) => (at === index ? next : one));
  return areTimesSynced ? atRange(all, next.range) : all;
}

function parse(json: string | null): unknown {
  try {
    const parsed: unknown = JSON.parse(json ?? '');
    return parsed;
  } catch {
    return undefined;
  }
}

/** Before version 8: from, to, data source, then the queries, among which stands what is no query. */
function readList([from, to, datasource, ...rest]: readonly unknown[]): Pane[] {
  if (typeof from !== 'string' || typeof to !== 'string') return [];
  const queries = records(rest).filter((one) => typeof one['expr'] === 'string');
  return [readPane('left', { datasource, range: { from, to }, queries: queries.map((query, index) => ({ refId: String.fromCharCode(65 + index), ...query })) })];
}

/** The panes of the address, of its earlier form `left` too; none when it names none. */
export function readPanes(search: URLSearchParams): Pane[] {
  const panes = parse(search.get('panes'));
  if (isRecord(panes)) return Object.entries(panes).map(([key, value]) => readPane(key, value));
  const left = parse(search.get('left'));
  if (isRecord(left)) return [readPane('left', left)];
  return Array.isArray(left) ? readList(left) : [];
}

export function panesSearch(panes: readonly Pane[]): Record<string, string> {
  const body = Object.fromEntries(panes.map(({ key, ...pane }) => [key, pane]));
  return { schemaVersion: '1', panes: JSON.stringify(body), orgId: '1' };
}

/** The address that shows what a panel asks, variables replaced by what they are now. */
export function exploreAddress(panel: Panel, scope: DashboardScope, write: Writer): string {
  const { raw } = scope.timeRange;
  const one = (time: unknown): string => (typeof time === 'string' ? time : String(Number(time)));
  const datasource = write.text(panel.datasource?.uid ?? '');
  const sourceUid = findDataSource(scope.sources, panel.datasource, write.text)?.uid ?? '';
  const queries = panel.targets
    .filter(({ hide }) => !hide)
    .map(({ datasource: _datasource, ...target }) => ({ ...target, expr: scope.narrow(write.query(text(target['expr'])), sourceUid), legendFormat: write.text(text(target['legendFormat'])) }));
  const pane: Pane = { key: 'a', datasource, queries, range: { from: one(raw.from), to: one(raw.to) } };
  return `/explore?${new URLSearchParams(panesSearch([pane]))}`;
}
