// The options of an annotation, by where its marks come from.
import { valueAt, type AnyRecord } from '@narthex/dashmodel';
import { record } from '@narthex/dashmodel/json';

import type { OptionSpec } from './form';

const HEAD: readonly OptionSpec[] = [
  { path: 'name', label: 'Name', kind: 'text' },
  { path: 'enable', label: 'On', kind: 'switch', fallback: true },
  { path: 'hide', label: 'Hide its switch', kind: 'switch' },
  { path: 'placement', label: 'Switch', kind: 'choice', choices: [['', 'Above the dashboard'], ['inControlsMenu', 'In the controls menu']], fallback: '' },
  { path: 'iconColor', label: 'Colour', kind: 'color', fallback: 'red' },
  { path: 'filter.ids', label: 'Panels (JSON list of ids)', kind: 'json', hint: 'Empty for all' },
  { path: 'filter.exclude', label: 'All panels but those', kind: 'switch' },
  { path: 'target.queryType', label: 'Marks come from', kind: 'choice', choices: [['', 'An expression'], ['annotations', 'Stored annotations'], ['timeRegions', 'Time regions']], fallback: '' },
];
const EXPRESSION: readonly OptionSpec[] = [
  { path: 'expr', label: 'Expression', kind: 'text', hint: 'Marks the times at which it has a value above 0' },
  { path: 'step', label: 'Step', kind: 'text', fallback: '60s' },
  { path: 'titleFormat', label: 'Title', kind: 'text', hint: '{{label}} is replaced' },
  { path: 'textFormat', label: 'Text', kind: 'text' },
  { path: 'tagKeys', label: 'Labels as tags', kind: 'text' },
];
const STORED: readonly OptionSpec[] = [
  { path: 'target.type', label: 'Which', kind: 'choice', choices: [['dashboard', 'Of this dashboard'], ['tags', 'With tags, of all']], fallback: 'dashboard' },
  { path: 'target.tags', label: 'Tags', kind: 'tags', fallback: [] },
  { path: 'target.matchAny', label: 'One of the tags is enough', kind: 'switch' },
  { path: 'target.limit', label: 'Limit', kind: 'number', fallback: 100 },
];
const DAYS: NonNullable<OptionSpec['choices']> = [['', 'Every day'], ['1', 'Monday'], ['2', 'Tuesday'], ['3', 'Wednesday'], ['4', 'Thursday'], ['5', 'Friday'], ['6', 'Saturday'], ['7', 'Sunday']];
const MODE: OptionSpec = { path: 'target.timeRegion.mode', label: 'Given as', kind: 'choice', choices: [['', 'Days and times'], ['cron', 'Cron expression']], fallback: '' };
const ZONE: OptionSpec = { path: 'target.timeRegion.timezone', label: 'Time zone', kind: 'text', hint: 'browser, utc or a name such as Europe/Berlin; empty for the dashboard\'s' };
const SCHEDULE: readonly OptionSpec[] = [
  { path: 'target.timeRegion.fromDayOfWeek', label: 'From day', kind: 'choice', choices: DAYS, fallback: '' },
  { path: 'target.timeRegion.from', label: 'From time', kind: 'text', hint: 'Such as 09:00' },
  { path: 'target.timeRegion.toDayOfWeek', label: 'To day', kind: 'choice', choices: DAYS, fallback: '' },
  { path: 'target.timeRegion.to', label: 'To time', kind: 'text' },
];
const CRON: readonly OptionSpec[] = [
  { path: 'target.timeRegion.cronExpr', label: 'Cron expression', kind: 'text', hint: 'Minute, hour, day, month, day of the week: 0 9 * * 1-5' },
  { path: 'target.timeRegion.duration', label: 'Duration', kind: 'text', hint: 'Such as 8h; empty for a moment' },
];

export function annotationSpecs(annotation: AnyRecord): readonly OptionSpec[] {
  const kind = valueAt(annotation, 'target.queryType');
  if (kind === 'annotations') return [...HEAD, ...STORED];
  if (kind !== 'timeRegions') return [...HEAD, ...EXPRESSION];
  const isCron = valueAt(annotation, 'target.timeRegion.mode') === 'cron';
  return [...HEAD, MODE, ...(isCron ? CRON : SCHEDULE), ZONE];
}

const BUILT_IN = { type: 'grafana', uid: '-- Grafana --' };

/** A choice gives text where the file has a number, and nothing stands for none. */
function asDay(value: unknown): number | undefined {
  return value === '' || value == null ? undefined : Number(value);
}

/** As Grafana writes it: stored annotations and regions come from the built-in source, days are numbers. */
export function settledAnnotation(annotation: AnyRecord): AnyRecord {
  const target = record(annotation['target']);
  const kind = target['queryType'];
  if (kind !== 'annotations' && kind !== 'timeRegions') {
    if (record(annotation['datasource'])['uid'] !== BUILT_IN.uid) return annotation;
    const { datasource: _source, target: _target, ...rest } = annotation;
    return rest;
  }
  const { fromDayOfWeek, toDayOfWeek, mode, ...region } = record(target['timeRegion']);
  const days = { ...(asDay(fromDayOfWeek) ? { fromDayOfWeek: asDay(fromDayOfWeek) } : {}), ...(asDay(toDayOfWeek) ? { toDayOfWeek: asDay(toDayOfWeek) } : {}) };
  const timeRegion = { ...region, ...days, ...(mode === 'cron' ? { mode } : {}) };
  return { ...annotation, datasource: BUILT_IN, target: { refId: 'Anno', ...target, ...(kind === 'timeRegions' ? { timeRegion } : {}) } };
}
