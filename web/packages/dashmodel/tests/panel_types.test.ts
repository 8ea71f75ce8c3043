// Panels of types that are gone become those that took their place.
import { describe, expect, test } from 'vitest';

import { loadDashboard, type AnyRecord, type Panel } from '../src';

function migrated(panel: AnyRecord, schemaVersion = 0): Panel {
  const [first] = loadDashboard({ schemaVersion, panels: [{ id: 1, ...panel }] }).panels;
  if (!first) throw new Error('no panel');
  return first;
}

const custom = (panel: Panel): unknown => panel.fieldConfig.defaults['custom'];
const override = (panel: Panel, name: string): unknown =>
  panel.fieldConfig.overrides.filter(({ matcher }) => matcher.options === name).flatMap(({ properties }) => properties);

describe('graph becomes timeseries', () => {
  test.each<[string, AnyRecord, AnyRecord]>([
    ['lines with their fill', { linewidth: 2, fill: 3 }, { drawStyle: 'line', lineWidth: 2, fillOpacity: 30, showPoints: 'never' }],
    ['bars are full', { bars: true, lines: false }, { drawStyle: 'bars', fillOpacity: 100 }],
    ['points alone', { lines: false, points: true, pointradius: 3 }, { drawStyle: 'points', pointSize: 8, showPoints: 'always' }],
    ['steps', { steppedLine: true }, { lineInterpolation: 'stepAfter' }],
    ['stacked to percent', { stack: true, percentage: true }, { stacking: { group: 'A', mode: 'percent' } }],
    ['nulls are bridged', { nullPointMode: 'connected' }, { spanNulls: true }],
    ['nulls are gaps', { nullPointMode: 'null' }, { spanNulls: false }],
    ['dashes', { dashes: true, dashLength: 4, spaceLength: 6 }, { lineStyle: { fill: 'dash', dash: [4, 6] } }],
    ['a gradient', { fillGradient: 5 }, { gradientMode: 'opacity', fillOpacity: 50 }],
  ])('%s', (_name, options, want) => {
    const panel = migrated({ type: 'graph', ...options });
    expect(panel.type).toBe('timeseries');
    expect(custom(panel)).toMatchObject(want);
  });

  test('the left axis gives unit, limits and scale', () => {
    const panel = migrated({ type: 'graph', yaxes: [{ format: 'bytes', min: '0', max: null, decimals: 1, label: 'Memory', logBase: 10 }, {}] });
    expect(panel.fieldConfig.defaults).toMatchObject({ unit: 'bytes', min: 0, decimals: 1 });
    expect(panel.fieldConfig.defaults).not.toHaveProperty('max');
    expect(custom(panel)).toMatchObject({ axisLabel: 'Memory', scaleDistribution: { type: 'log', log: 10 } });
  });

  test('series on the right axis carry what that axis says', () => {
    const seriesOverrides = [{ alias: '/Errors/', yaxis: 2, transform: 'negative-Y', stack: false }];
    const panel = migrated({ type: 'graph', yaxes: [{ format: 'short' }, { format: 'percent', min: 0 }], seriesOverrides });
    expect(panel.fieldConfig.overrides[0]?.matcher).toEqual({ id: 'byRegexp', options: '/Errors/' });
    expect(override(panel, '/Errors/')).toEqual([
      { id: 'custom.stacking', value: { group: 'A', mode: 'none' } },
      { id: 'custom.axisPlacement', value: 'right' },
      { id: 'unit', value: 'percent' },
      { id: 'min', value: 0 },
      { id: 'custom.transform', value: 'negative-Y' },
    ]);
  });

  test('colours by alias', () => {
    expect(override(migrated({ type: 'graph', aliasColors: { up: '#abc' } }), 'up')).toEqual([{ id: 'color', value: { mode: 'fixed', fixedColor: '#abc' } }]);
  });

  test('legend and tooltip', () => {
    const legend = { show: true, alignAsTable: true, rightSide: true, values: true, avg: true, current: true, sort: 'avg', sortDesc: true };
    const panel = migrated({ type: 'graph', legend, tooltip: { shared: false, sort: 2 } });
    expect(panel.options).toEqual({
      legend: { showLegend: true, displayMode: 'table', placement: 'right', calcs: ['mean', 'lastNotNull'], sortBy: 'Mean', sortDesc: true },
      tooltip: { mode: 'single', sort: 'desc' },
    });
  });

  test.each<[string, AnyRecord[], unknown]>([
    ['above', [{ op: 'gt', value: 80, colorMode: 'critical', fill: true, line: true }], [[null, 'transparent'], [80, 'red']]],
    ['below', [{ op: 'lt', value: 10, colorMode: 'warning', line: true }], [[null, 'orange'], [10, 'transparent']]],
    ['between', [{ op: 'gt', value: 90, colorMode: 'custom', fillColor: 'blue' }, { op: 'lt', value: 5, colorMode: 'ok' }], [[null, 'green'], [5, 'transparent'], [90, 'blue']]],
  ])('thresholds %s', (_name, thresholds, want) => {
    const { steps } = migrated({ type: 'graph', thresholds }).fieldConfig.defaults['thresholds'] as { steps: Array<{ value: number | null; color: string }> };
    expect(steps.map(({ value, color }) => [value, color])).toEqual(want);
  });

  test.each([
    ['series', 'bargauge'],
    ['histogram', 'histogram'],
    ['time', 'timeseries'],
  ])('over an axis of %s', (mode, want) => expect(migrated({ type: 'graph', xaxis: { mode } }).type).toBe(want));

  test('a grid from before there were axes', () => {
    const panel = migrated({ type: 'graph', grid: { leftMin: 1, threshold1: 5, threshold1Color: 'red' }, y_formats: ['ms', 'short'] });
    expect(panel.fieldConfig.defaults).toMatchObject({ unit: 'ms', min: 1, thresholds: { steps: [{ value: null }, { value: 5, color: 'red' }] } });
  });
});

describe('singlestat becomes stat or gauge', () => {
  const old = { type: 'singlestat', format: 'percent', valueName: 'avg', thresholds: '50,80', colors: ['green', 'orange', 'red'], colorBackground: true };
  test('stat', () => {
    const panel = migrated({ ...old, sparkline: { show: true }, nullText: 'none' }, 25);
    expect(panel.type).toBe('stat');
    expect(panel.options).toMatchObject({ colorMode: 'background', graphMode: 'area', reduceOptions: { calcs: ['mean'] } });
    expect(panel.fieldConfig.defaults).toMatchObject({ unit: 'percent', noValue: 'none' });
    expect(panel.fieldConfig.defaults['thresholds']).toEqual({ mode: 'absolute', steps: [{ value: null, color: 'green' }, { value: 50, color: 'orange' }, { value: 80, color: 'red' }] });
  });
  test('gauge with its range', () => {
    const panel = migrated({ ...old, gauge: { show: true, minValue: 0, maxValue: 60, thresholdMarkers: false } });
    expect(panel.type).toBe('gauge');
    expect(panel.fieldConfig.defaults).toMatchObject({ min: 0, max: 60 });
    expect(panel.options['showThresholdMarkers']).toBe(false);
  });
  test.each([
    [1, { valueMaps: [{ op: '=', value: '1', text: 'UP' }] }, [{ type: 'value', options: { 1: { text: 'UP' } } }]],
    [2, { rangeMaps: [{ from: '0', to: '5', text: 'low' }] }, [{ type: 'range', options: { from: 0, to: 5, result: { text: 'low' } } }]],
  ])('mapping type %d', (mappingType, maps, want) => {
    expect(migrated({ ...old, mappingType, ...maps }).fieldConfig.defaults['mappings']).toEqual(want);
  });
  test('a column of a table', () => {
    expect(migrated({ ...old, tableColumn: 'a.b' }).options['reduceOptions']).toMatchObject({ fields: '/^a\\.b$/' });
  });
});

test('the table with styles', () => {
  const styles = [
    { pattern: '/.*/', type: 'number', unit: 'bytes', decimals: 1 },
    { pattern: 'Time', type: 'hidden' },
    { pattern: 'host', alias: 'Host', type: 'string', colorMode: 'cell', thresholds: ['1', '2'], colors: ['green', 'orange', 'red'] },
  ];
  const panel = migrated({ type: 'table', transform: 'table', styles }, 20);
  expect(panel.type).toBe('table');
  expect(panel.fieldConfig.defaults).toMatchObject({ unit: 'bytes', decimals: 1 });
  expect(override(panel, 'Time')).toEqual([{ id: 'custom.hidden', value: true }]);
  expect(override(panel, 'host')).toContainEqual({ id: 'displayName', value: 'Host' });
  expect(panel.transformations).toEqual([{ id: 'merge', options: {} }]);
});

describe('gauge of before 7.0', () => {
  test('field options', () => {
    const fieldOptions = {
      calcs: ['mean'],
      defaults: { unit: 'percent', title: 'CPU', mappings: [{ type: 1, value: '0', text: 'idle' }], thresholds: { mode: 'absolute', steps: [{ color: 'green', value: 1 }, { color: 'red', value: 80 }] } },
      overrides: [],
    };
    const panel = migrated({ type: 'gauge', pluginVersion: '6.5.0', options: { fieldOptions } });
    expect(panel.fieldConfig.defaults).toMatchObject({
      unit: 'percent',
      displayName: 'CPU',
      min: 0,
      max: 100,
      mappings: [{ type: 'value', options: { 0: { text: 'idle' } } }],
      thresholds: { steps: [{ value: null, color: 'green' }, { value: 80, color: 'red' }] },
    });
    expect(panel.options).toMatchObject({ reduceOptions: { calcs: ['mean'], values: false } });
  });
  test('value options', () => {
    const panel = migrated({ type: 'gauge', 'options-gauge': { valueOptions: { unit: 'ms', stat: 'avg' }, minValue: 0, maxValue: 10, thresholds: [{ index: 1, value: 5, color: 'red' }, { index: 0, value: null, color: 'green' }] } });
    expect(panel.fieldConfig.defaults).toMatchObject({ unit: 'ms', min: 0, max: 10, thresholds: { steps: [{ value: null, color: 'green' }, { value: 5, color: 'red' }] } });
    expect(panel.options['reduceOptions']).toMatchObject({ calcs: ['mean'] });
  });
});

test.each<[string, AnyRecord, AnyRecord]>([
  ['heatmap', { yAxis: { format: 'ms' }, dataFormat: 'tsbuckets', color: { mode: 'spectrum', colorScheme: 'interpolateBlues' } }, { calculate: false, color: { scheme: 'Blues' }, yAxis: { unit: 'ms' } }],
  ['heatmap', { yAxis: { logBase: 2 }, color: {} }, { calculate: true, calculation: { yBuckets: { scale: { type: 'log', log: 2 } } } }],
  ['grafana-piechart-panel', { pieType: 'donut', valueName: 'total', legendType: 'Right side' }, { pieType: 'donut', legend: { placement: 'right' }, reduceOptions: { calcs: ['sum'] } }],
  ['text', { mode: 'html', content: '<b>x</b>' }, { mode: 'html', content: '<b>x</b>' }],
  ['dashlist', { starred: true, search: true, query: 'node', limit: 3 }, { showStarred: true, showSearch: true, query: 'node', maxItems: 3 }],
])('options beside the type of %s', (type, rest, want) => expect(migrated({ type, ...rest }).options).toMatchObject(want));

test('links of panels from before there were addresses', () => {
  const links = [{ type: 'dashboard', dashboard: 'Node Full', keepTime: true, includeVars: true, title: 'More' }];
  expect(migrated({ type: 'text', links }).links).toEqual([{ title: 'More', url: 'dashboard/db/node-full?$__url_time_range&$__all_variables', targetBlank: false }]);
});

test('no two panels share an id', () => {
  const { panels } = loadDashboard({ schemaVersion: 39, panels: [{ id: 4 }, { id: 4 }, {}] });
  expect(new Set(panels.map(({ id }) => id)).size).toBe(3);
});
