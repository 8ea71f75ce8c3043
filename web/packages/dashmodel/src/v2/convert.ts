// A dashboard of schema v2 (v2alpha1, v2beta1, v2) in the classic form, which all else here works on.
// Source: @grafana/schema, schema/dashboard/v2.
import { number, record, records, text, texts } from '../json';
import type { AnyRecord } from '../types';
import { unwrapped } from './detect';
import { layOut } from './layout';
import { annotationOf, variableOf } from './variables';

const CURSORS: Readonly<Record<string, number>> = { Off: 0, Crosshair: 1, Tooltip: 2 };

export interface Converted {
  dashboard: AnyRecord;
  /** What could not be taken over as it was, in sentences. */
  notes: string[];
}

function timeOf(settings: AnyRecord): AnyRecord {
  return {
    time: { from: text(settings['from'], 'now-6h'), to: text(settings['to'], 'now') },
    timezone: text(settings['timezone']),
    refresh: text(settings['autoRefresh']),
    weekStart: text(settings['weekStart']),
    fiscalYearStartMonth: number(settings['fiscalYearStartMonth'], 0),
    timepicker: { refresh_intervals: texts(settings['autoRefreshIntervals']), hidden: settings['hideTimepicker'] === true, nowDelay: text(settings['nowDelay']), ...(Array.isArray(settings['quickRanges']) ? { quick_ranges: settings['quickRanges'] } : {}) },
  };
}

export function fromV2(source: AnyRecord): Converted {
  const spec = unwrapped(source);
  const { panels, variables: inner, notes } = layOut(record(spec['layout']), record(spec['elements']));
  const given = [...records(spec['variables']), ...inner];
  const variables = given.flatMap((one) => variableOf(one) ?? []);
  if (variables.length < given.length) notes.add('A variable of a kind that is not known is left out.');
  if (inner.length > 0) notes.add('Variables of rows and tabs are variables of the whole dashboard.');
  const uid = text(spec['uid']);
  const dashboard = {
    ...(spec['id'] === undefined ? {} : { id: spec['id'] }),
    ...(spec['version'] === undefined ? {} : { version: spec['version'] }),
    ...(uid && { uid }),
    title: text(spec['title'], 'Untitled'),
    description: text(spec['description']),
    tags: texts(spec['tags']),
    editable: spec['editable'] !== false,
    graphTooltip: CURSORS[text(spec['cursorSync'])] ?? 0,
    links: records(spec['links']),
    ...timeOf(record(spec['timeSettings'])),
    annotations: { list: records(spec['annotations']).map(annotationOf) },
    templating: { list: variables },
    panels,
    schemaVersion: 42,
  };
  return { dashboard, notes: [...notes] };
}
