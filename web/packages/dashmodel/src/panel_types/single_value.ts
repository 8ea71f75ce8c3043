// gauge, bargauge and stat before their options moved to the field configuration. Source: spec grafana.md,
// MIGP-4 and MIG-18.
import { isRecord, number, record, records, text } from '../json';
import type { AnyRecord } from '../types';
import { newMapping } from './mappings';
import { given } from './overrides';
import { reducerOf } from './reducers';

function steps(list: unknown): AnyRecord[] {
  return records(list).map((step, index) => ({
    color: text(step['color'], 'green'),
    value: index === 0 ? null : (number(step['value']) ?? null),
  }));
}

/** Thresholds were a list, highest first in the earliest form; now they are a record with their mode. */
function thresholdsOf(value: unknown): AnyRecord | undefined {
  if (isRecord(value)) return { mode: text(value['mode'], 'absolute'), steps: steps(value['steps']) };
  const list = records(value);
  if (list.length === 0) return undefined;
  const sorted = list.toSorted((a, b) => (number(a['value']) ?? -Infinity) - (number(b['value']) ?? -Infinity));
  return { mode: 'absolute', steps: steps(sorted) };
}

function config(defaults: AnyRecord, more: AnyRecord): AnyRecord {
  const thresholds = thresholdsOf(defaults['thresholds'] ?? more['thresholds']);
  const mappings = records(defaults['mappings'] ?? more['mappings'] ?? more['valueMappings']).map((one) => newMapping(one, thresholds));
  const { thresholds: _thresholds, mappings: _mappings, title, ...rest } = defaults;
  return {
    ...rest,
    ...(title ? { displayName: title } : {}),
    ...(thresholds ? { thresholds } : {}),
    ...(mappings.length > 0 ? { mappings } : {}),
  };
}

function fromFieldOptions(panel: AnyRecord, options: AnyRecord): void {
  const old = record(options['fieldOptions']);
  const own = record(panel['fieldConfig']);
  const { decimals, unit, title, min, max, prefix: _prefix, suffix: _suffix, ...moreOld } = old;
  const flat = given({ decimals, unit, displayName: title, min, max });
  panel['fieldConfig'] = {
    defaults: { ...flat, ...config(record(old['defaults']), { ...moreOld, thresholds: old['thresholds'] ?? options['thresholds'] }), ...record(own['defaults']) },
    overrides: [...records(old['overrides']), ...records(own['overrides'])],
  };
  const calcs = Array.isArray(old['calcs']) ? old['calcs'].map((one) => reducerOf(text(one))) : [];
  options['reduceOptions'] = {
    calcs: calcs.length > 0 ? calcs : ['mean'],
    values: old['values'] === true,
    fields: text(old['fields']),
    ...(number(old['limit']) === undefined ? {} : { limit: number(old['limit']) }),
  };
  delete options['fieldOptions'];
}

/** Before there were field options: valueOptions and bounds beside one another. */
function fromValueOptions(panel: AnyRecord, options: AnyRecord): void {
  const value = record(options['valueOptions']);
  panel['fieldConfig'] = {
    defaults: {
      ...given({
        unit: text(value['unit'] ?? options['unit']),
        decimals: number(value['decimals'] ?? options['decimals']),
        min: number(options['minValue']),
        max: number(options['maxValue']),
      }),
      ...config({}, options),
    },
    overrides: [],
  };
  options['reduceOptions'] = { calcs: [reducerOf(text(value['stat'] ?? options['stat']))], values: false, fields: '' };
  for (const key of ['valueOptions', 'minValue', 'maxValue', 'thresholds', 'valueMappings', 'baseColor']) delete options[key];
}

const PERCENT_MAX: Readonly<Record<string, number>> = { percent: 100, percentunit: 1 };

/** Percentages had their natural range before version 8 where none was said. */
function naturalRange(panel: AnyRecord): void {
  const defaults = record(record(panel['fieldConfig'])['defaults']);
  const max = PERCENT_MAX[text(defaults['unit'])];
  if (max === undefined) return;
  defaults['min'] ??= 0;
  defaults['max'] ??= max;
}

export function migrateSingleValue(panel: AnyRecord): void {
  if (isRecord(panel['options-gauge']) && !isRecord(panel['options'])) {
    panel['options'] = panel['options-gauge'];
    delete panel['options-gauge'];
  }
  const { options } = panel;
  if (!isRecord(options)) return;
  const isOld = 'fieldOptions' in options || 'valueOptions' in options;
  if ('fieldOptions' in options) fromFieldOptions(panel, options);
  else if ('valueOptions' in options) fromValueOptions(panel, options);
  const version = Number.parseFloat(text(panel['pluginVersion'], isOld ? '6' : '99'));
  if (isOld || version < 8) naturalRange(panel);
  // The gauge of 13 has a shape; what it leaves out of a file is as it was by default.
  if (panel['type'] === 'gauge' && Number.parseFloat(text(panel['pluginVersion'])) >= 13) options['shape'] ??= 'gauge';
  if (options['sparkline'] !== undefined && options['graphMode'] === undefined && panel['type'] === 'stat') {
    options['graphMode'] = record(options['sparkline'])['show'] === true ? 'area' : 'none';
  }
}
