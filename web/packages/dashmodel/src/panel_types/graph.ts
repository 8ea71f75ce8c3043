// graph, the chart of up to Grafana 10, becomes timeseries; over other axes bargauge or histogram.
// Source: Grafana's documented options of both panels; spec grafana.md, MIGP-1.
import { flag, isRecord, number, record, records, text } from '../json';
import type { AnyRecord } from '../types';
import { seriesOverride } from './graph_overrides';
import { graphThresholds } from './graph_thresholds';
import { given, type Override } from './overrides';
import { columnTitleOf, reducerOf } from './reducers';

const NULLS: Readonly<Record<string, boolean>> = { null: false, connected: true };
const SORTS = ['none', 'asc', 'desc'];
const LEGEND_VALUES = ['min', 'max', 'avg', 'current', 'total'];

function axis(panel: AnyRecord, index: number): AnyRecord {
  return records(panel['yaxes'])[index] ?? {};
}

function scaleOf(logBase: unknown): AnyRecord | undefined {
  const base = number(logBase, 1);
  return base > 1 ? { type: 'log', log: base } : undefined;
}

/** What an axis says, as properties of the fields on it. */
export function axisProperties(yaxis: AnyRecord): { standard: AnyRecord; custom: AnyRecord } {
  return {
    standard: given({
      unit: text(yaxis['format']),
      decimals: number(yaxis['decimals']),
      min: number(yaxis['min']),
      max: number(yaxis['max']),
    }),
    custom: given({
      axisLabel: text(yaxis['label']),
      scaleDistribution: scaleOf(yaxis['logBase']),
      axisPlacement: yaxis['show'] === false ? 'hidden' : undefined,
    }),
  };
}

function customDefaults(panel: AnyRecord): AnyRecord {
  const hasBars = flag(panel['bars']);
  const hasLines = flag(panel['lines'], true);
  const hasPoints = flag(panel['points']);
  const gradient = number(panel['fillGradient'], 0);
  const fill = number(panel['fill'], 1) * 10;
  const dash = [number(panel['dashLength'], 10), number(panel['spaceLength'], 10)];
  return {
    drawStyle: hasBars ? 'bars' : hasLines ? 'line' : 'points',
    lineWidth: hasBars || hasLines ? number(panel['linewidth'], 1) : 0,
    fillOpacity: hasBars ? 100 : gradient > 0 ? gradient * 10 : fill,
    gradientMode: gradient > 0 ? 'opacity' : 'none',
    showPoints: hasPoints ? 'always' : 'never',
    pointSize: 2 + number(panel['pointradius'], 2) * 2,
    lineInterpolation: flag(panel['steppedLine']) ? 'stepAfter' : 'linear',
    spanNulls: NULLS[text(panel['nullPointMode'])] ?? false,
    ...(flag(panel['dashes']) ? { lineStyle: { fill: 'dash', dash } } : {}),
    stacking: { group: 'A', mode: flag(panel['stack']) ? (flag(panel['percentage']) ? 'percent' : 'normal') : 'none' },
  };
}

function legendOptions(panel: AnyRecord): AnyRecord {
  const legend = record(panel['legend']);
  const showsValues = flag(legend['values']);
  const calcs = showsValues ? LEGEND_VALUES.filter((name) => flag(legend[name])).map((name) => reducerOf(name)) : [];
  const sortBy = columnTitleOf(text(legend['sort']));
  return {
    showLegend: flag(legend['show'], true),
    displayMode: flag(legend['alignAsTable']) ? 'table' : 'list',
    placement: flag(legend['rightSide']) ? 'right' : 'bottom',
    calcs,
    ...(sortBy ? { sortBy, sortDesc: flag(legend['sortDesc']) } : {}),
    ...(number(legend['sideWidth']) ? { width: number(legend['sideWidth']) } : {}),
  };
}

function colorOverrides(panel: AnyRecord): Override[] {
  return Object.entries(record(panel['aliasColors'])).map(([alias, color]) => ({
    matcher: { id: 'byName', options: alias },
    properties: [{ id: 'color', value: { mode: 'fixed', fixedColor: text(color) } }],
  }));
}

function toTimeseries(panel: AnyRecord): void {
  const own = record(panel['fieldConfig']);
  const before = record(own['defaults']);
  const left = axisProperties(axis(panel, 0));
  const { steps, style } = graphThresholds(panel);
  const custom = { ...customDefaults(panel), ...left.custom, ...(style ? { thresholdsStyle: { mode: style } } : {}) };
  const links = records(record(panel['options'])['dataLinks']);
  panel['fieldConfig'] = {
    defaults: {
      ...before,
      ...left.standard,
      ...(links.length > 0 ? { links } : {}),
      ...(steps.length > 0 ? { thresholds: { mode: 'absolute', steps } } : {}),
      custom,
    },
    overrides: [
      ...colorOverrides(panel),
      ...records(panel['seriesOverrides']).map((one) => seriesOverride(one, axisProperties(axis(panel, 1)))),
      ...(record(panel['xaxis'])['show'] === false
        ? [{ matcher: { id: 'byType', options: 'time' }, properties: [{ id: 'custom.axisPlacement', value: 'hidden' }] }]
        : []),
      ...records(own['overrides']),
    ],
  };
  const tooltip = record(panel['tooltip']);
  panel['options'] = {
    legend: legendOptions(panel),
    tooltip: { mode: flag(tooltip['shared'], true) ? 'multi' : 'single', sort: SORTS[number(tooltip['sort'], 0)] ?? 'none' },
  };
  panel['type'] = 'timeseries';
}

/** One bar for each series: the value that the axis names. */
function toBarGauge(panel: AnyRecord): void {
  const [calc = 'total'] = Array.isArray(record(panel['xaxis'])['values']) ? (record(panel['xaxis'])['values'] as unknown[]) : [];
  const { standard } = axisProperties(axis(panel, 0));
  panel['fieldConfig'] = {
    defaults: { ...standard, color: { mode: 'palette-classic' } },
    overrides: colorOverrides(panel),
  };
  panel['options'] = {
    orientation: 'vertical',
    displayMode: 'gradient',
    reduceOptions: { calcs: [reducerOf(text(calc), 'sum')], fields: '', values: false },
  };
  panel['type'] = 'bargauge';
}

function toHistogram(panel: AnyRecord): void {
  const buckets = number(record(panel['xaxis'])['buckets']);
  const { standard } = axisProperties(axis(panel, 0));
  panel['fieldConfig'] = { defaults: { ...standard, custom: { fillOpacity: 80, lineWidth: 1 } }, overrides: colorOverrides(panel) };
  panel['options'] = { legend: legendOptions(panel), ...(buckets ? { bucketCount: buckets } : {}) };
  panel['type'] = 'histogram';
}

export function migrateGraph(panel: AnyRecord): void {
  const mode = isRecord(panel['xaxis']) ? text(panel['xaxis']['mode']) : '';
  if (mode === 'series') toBarGauge(panel);
  else if (mode === 'histogram') toHistogram(panel);
  else toTimeseries(panel);
}

