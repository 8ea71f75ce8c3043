// The table of up to Grafana 7, with styles for its columns. Source: spec grafana.md, MIGP-3.
import { flag, number, record, records, text, texts } from '../json';
import type { AnyRecord } from '../types';
import { singlestatMappings } from './mappings';
import { overrideFor, type Override } from './overrides';
import { reducerOf } from './reducers';

const TRANSFORMS: Readonly<Record<string, string>> = {
  timeseries_to_rows: 'seriesToRows',
  timeseries_to_columns: 'seriesToColumns',
  timeseries_aggregations: 'reduce',
  table: 'merge',
};
const COLOR_MODES: Readonly<Record<string, AnyRecord>> = {
  cell: { type: 'color-background', mode: 'basic' },
  row: { type: 'color-background', mode: 'basic' },
  value: { type: 'color-text' },
};

function transformation(panel: AnyRecord): AnyRecord[] {
  const id = TRANSFORMS[text(panel['transform'])];
  if (!id) return [];
  if (id !== 'reduce') return [{ id, options: id === 'seriesToColumns' ? { reducers: [] } : {} }];
  const reducers = records(panel['columns']).map(({ value }) => reducerOf(text(value)));
  return [{ id, options: { includeTimeField: false, reducers } }];
}

function thresholdsOf(style: AnyRecord): AnyRecord | undefined {
  const values = texts(style['thresholds']).map(Number).filter((one) => !Number.isNaN(one));
  const numbers = values.length > 0 ? values : (Array.isArray(style['thresholds']) ? style['thresholds'] : []).map(Number).filter((one) => !Number.isNaN(one));
  if (numbers.length === 0) return undefined;
  const colors = texts(style['colors']);
  return { mode: 'absolute', steps: [null, ...numbers].map((value, index) => ({ value, color: colors[index] ?? 'red' })) };
}

type Properties = Override['properties'];

function appearance(style: AnyRecord): Properties {
  const out: Properties = [];
  const align = text(style['align']);
  if (align && align !== 'auto') out.push({ id: 'custom.align', value: align });
  const cell = COLOR_MODES[text(style['colorMode'])];
  if (cell) out.push({ id: 'custom.cellOptions', value: { ...cell, ...(style['colorMode'] === 'row' ? { applyToRow: true } : {}) } });
  const thresholds = cell && thresholdsOf(style);
  if (thresholds) out.push({ id: 'thresholds', value: thresholds });
  if (flag(style['link'])) {
    const link = {
      title: text(style['linkTooltip']),
      url: text(style['linkUrl']).replace(/\$__cell(?!_)/g, '${__value.text}').replace(/\$\{?__cell_(\d+)\}?/g, '${__data.fields[$1]}'),
      targetBlank: flag(style['linkTargetBlank']),
    };
    out.push({ id: 'links', value: [link] });
  }
  return out;
}

function properties(style: AnyRecord): Properties {
  const out: Properties = [];
  const alias = text(style['alias']);
  if (alias) out.push({ id: 'displayName', value: alias });
  const type = text(style['type']);
  const unit = text(style['unit']);
  if (unit && type === 'number') out.push({ id: 'unit', value: unit });
  const decimals = number(style['decimals']);
  if (decimals !== undefined && type === 'number') out.push({ id: 'decimals', value: decimals });
  if (type === 'date' && style['dateFormat']) out.push({ id: 'unit', value: `time: ${text(style['dateFormat'])}` });
  if (type === 'hidden') out.push({ id: 'custom.hidden', value: true });
  const mappings = singlestatMappings(style);
  if (mappings.length > 0) out.push({ id: 'mappings', value: mappings });
  return [...out, ...appearance(style)];
}

/** The style of everything gives the defaults, all others one override each. */
function fieldConfig(styles: AnyRecord[]): AnyRecord {
  const general = styles.find(({ pattern }) => pattern === '/.*/');
  const defaults: AnyRecord = {};
  const custom: AnyRecord = {};
  for (const { id, value } of general ? properties(general) : []) {
    if (id.startsWith('custom.')) custom[id.slice('custom.'.length)] = value;
    else if (id !== 'displayName') defaults[id] = value;
  }
  const overrides = styles
    .filter((style) => style !== general && text(style['pattern']) !== '')
    .map((style) => overrideFor(text(style['pattern']), properties(style)))
    .filter((override) => override.properties.length > 0);
  return { defaults: { ...defaults, custom }, overrides };
}

export function migrateTableOld(panel: AnyRecord): void {
  panel['fieldConfig'] = fieldConfig(records(panel['styles']));
  panel['transformations'] = [...transformation(panel), ...records(panel['transformations'])];
  const sort = record(panel['sort']);
  const column = number(sort['col']);
  const columns = records(panel['columns']);
  const sorted = column === undefined ? undefined : columns[column];
  panel['options'] = {
    showHeader: flag(panel['showHeader'], true),
    enablePagination: number(panel['pageSize']) !== undefined,
    ...(sorted ? { sortBy: [{ displayName: text(sorted['text']), desc: flag(sort['desc']) }] } : {}),
  };
  panel['type'] = 'table';
}
