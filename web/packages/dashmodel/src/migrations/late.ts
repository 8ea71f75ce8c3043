// 22 to 43 apart from options: tables, labels as fields, the x axis, statistics. Source: spec grafana.md.
import { isRecord, record, records, text } from '../json';
import type { AnyRecord } from '../types';
import { allPanels, allVariables } from './walk';

/** 22 and 24: a table with styles is the old one. */
export function oldTables(dashboard: AnyRecord): void {
  for (const panel of allPanels(dashboard)) {
    if (panel['type'] !== 'table' || !Array.isArray(panel['styles'])) continue;
    for (const style of records(panel['styles'])) style['align'] ??= 'auto';
    panel['type'] = 'table-old';
  }
}

/** 28: tags of variables are gone. */
export function variableTags(dashboard: AnyRecord): void {
  for (const variable of allVariables(dashboard)) {
    for (const key of Object.keys(variable)) if (/^tags(Query|ValuesQuery)?$|^useTags$/.test(key)) delete variable[key];
  }
}

/** 31: labels became fields and were merged in one step. */
export function mergeLabels(dashboard: AnyRecord): void {
  for (const panel of allPanels(dashboard)) {
    if (!Array.isArray(panel['transformations'])) continue;
    panel['transformations'] = records(panel['transformations']).flatMap((step) =>
      step['id'] === 'labelsToFields' ? [step, { id: 'merge', options: {} }] : [step],
    );
  }
}

/** 35: a hidden axis hid the y axis only. */
export function keepTimeAxis(dashboard: AnyRecord): void {
  for (const panel of allPanels(dashboard)) {
    if (panel['type'] !== 'timeseries') continue;
    const fieldConfig = record(panel['fieldConfig']);
    const custom = record(record(fieldConfig['defaults'])['custom']);
    if (custom['axisPlacement'] !== 'hidden') continue;
    fieldConfig['overrides'] = [
      ...records(fieldConfig['overrides']),
      { matcher: { id: 'byType', options: 'time' }, properties: [{ id: 'custom.axisPlacement', value: 'auto' }] },
    ];
  }
}

/** 39: the statistic of a query was its name alone. */
export function timeSeriesTable(dashboard: AnyRecord): void {
  for (const panel of allPanels(dashboard)) {
    for (const step of records(panel['transformations'])) {
      if (step['id'] !== 'timeSeriesTable' || !isRecord(step['options'])) continue;
      const stats = step['options']['refIdToStat'];
      if (!isRecord(stats)) continue;
      step['options'] = Object.fromEntries(Object.entries(stats).map(([refId, stat]) => [refId, { stat }]));
    }
  }
}

/** 43: a time as text is one of the conversions of a field. */
export function formatTime(dashboard: AnyRecord): void {
  for (const panel of allPanels(dashboard)) {
    for (const step of records(panel['transformations'])) {
      if (step['id'] !== 'formatTime') continue;
      const { timeField, outputFormat, timezone } = record(step['options']);
      step['id'] = 'convertFieldType';
      step['options'] = {
        conversions: [
          { targetField: text(timeField), destinationType: 'string', dateFormat: text(outputFormat), ...(timezone ? { timezone } : {}) },
        ],
      };
    }
  }
}

