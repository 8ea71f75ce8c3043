// singlestat becomes stat, or gauge where it was drawn as one. Source: spec grafana.md, MIGP-2 and MIG-28.
import { flag, number, record, text } from '../json';
import type { AnyRecord } from '../types';
import { singlestatMappings } from './mappings';
import { given } from './overrides';
import { reducerOf } from './reducers';

const COLORS_DEFAULT = ['green', 'orange', 'red'];

function thresholds(panel: AnyRecord): AnyRecord | undefined {
  const values = text(panel['thresholds'])
    .split(',')
    .filter((one) => one.trim() !== '')
    .map(Number)
    .filter((one) => !Number.isNaN(one));
  if (values.length === 0) return undefined;
  const colors = Array.isArray(panel['colors']) ? panel['colors'].map((one) => text(one)) : COLORS_DEFAULT;
  const steps = [null, ...values].map((value, index) => ({ value, color: colors[index] ?? COLORS_DEFAULT[index] ?? 'red' }));
  return { mode: 'absolute', steps };
}

function reduceOptions(panel: AnyRecord): AnyRecord {
  const column = text(panel['tableColumn']);
  const escaped = column.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
  return { calcs: [reducerOf(text(panel['valueName']))], fields: column ? `/^${escaped}$/` : '', values: false };
}

export function migrateSinglestat(panel: AnyRecord): void {
  const gauge = record(panel['gauge']);
  const isGauge = flag(gauge['show']);
  const mappings = singlestatMappings(panel);
  const steps = thresholds(panel);
  const usesColor = flag(panel['colorBackground']) || flag(panel['colorValue']) || isGauge;
  const before = record(panel['fieldConfig']);
  panel['fieldConfig'] = {
    defaults: {
      ...record(before['defaults']),
      ...given({
        unit: text(panel['format']) === 'none' ? undefined : text(panel['format']),
        decimals: number(panel['decimals']),
        noValue: text(panel['nullText']),
        ...(isGauge ? { min: number(gauge['minValue'], 0), max: number(gauge['maxValue'], 100) } : {}),
      }),
      ...(mappings.length > 0 ? { mappings } : {}),
      ...(steps && usesColor ? { thresholds: steps } : {}),
      ...(steps ? {} : { thresholds: { mode: 'absolute', steps: [{ value: null, color: 'text' }] } }),
      ...(steps && !usesColor ? { thresholds: { mode: 'absolute', steps: [{ value: null, color: 'text' }] } } : {}),
    },
    overrides: Array.isArray(before['overrides']) ? before['overrides'] : [],
  };
  panel['options'] = {
    reduceOptions: reduceOptions(panel),
    orientation: 'horizontal',
    ...(isGauge
      ? { showThresholdMarkers: flag(gauge['thresholdMarkers'], true), showThresholdLabels: flag(gauge['thresholdLabels']) }
      : {
          colorMode: flag(panel['colorBackground']) ? 'background' : flag(panel['colorValue']) ? 'value' : 'none',
          graphMode: flag(record(panel['sparkline'])['show']) ? 'area' : 'none',
          justifyMode: 'auto',
          textMode: panel['valueName'] === 'name' ? 'name' : 'auto',
        }),
  };
  panel['type'] = isGauge ? 'gauge' : 'stat';
}
