// 2 to 13: dashboards from before 2016. Source: spec grafana.md, MIG-2 to MIG-13.
import { flag, isRecord, number, record, records, text } from '../json';
import type { AnyRecord } from '../types';
import { allPanels, allVariables } from './walk';

const isGraph = (panel: AnyRecord): boolean => panel['type'] === 'graph' || panel['type'] === 'graphite';

/** 2: time and variables stood under a service; the axes' limits in the grid. */
export function servicesAndGrid(dashboard: AnyRecord): void {
  const filter = record(record(dashboard['services'])['filter']);
  if (isRecord(filter['time'])) dashboard['time'] = filter['time'];
  if (Array.isArray(filter['list'])) dashboard['templating'] = { list: filter['list'] };
  for (const panel of allPanels(dashboard)) {
    if (panel['type'] === 'graphite') panel['type'] = 'graph';
    if (!isGraph(panel)) continue;
    if (typeof panel['legend'] === 'boolean') panel['legend'] = { show: panel['legend'] };
    const { grid } = panel;
    if (isRecord(grid)) {
      if ('min' in grid) grid['leftMin'] = grid['min'];
      if ('max' in grid) grid['leftMax'] = grid['max'];
    }
    if (panel['y_format']) panel['y_formats'] = [panel['y_format'], panel['y2_format'] ?? 'short'];
  }
}

/** 4: which series lie on the right axis. */
export function aliasAxis(dashboard: AnyRecord): void {
  for (const panel of allPanels(dashboard)) {
    if (!isRecord(panel['aliasYAxis'])) continue;
    const overrides = Object.entries(panel['aliasYAxis']).map(([alias, yaxis]) => ({ alias, yaxis }));
    panel['seriesOverrides'] = [...records(panel['seriesOverrides']), ...overrides];
    delete panel['aliasYAxis'];
  }
}

/** 6: annotations were a pull-down; variables had no type or that of a filter. */
export function pulldowns(dashboard: AnyRecord): void {
  const annotations = records(dashboard['pulldowns']).find(({ type }) => type === 'annotations');
  if (annotations) dashboard['annotations'] = { list: records(annotations['annotations']) };
  for (const variable of allVariables(dashboard)) {
    if (!variable['type'] || variable['type'] === 'filter') variable['type'] = 'query';
  }
}

/** 7: the time picker was an entry of the navigation. */
export function navigation(dashboard: AnyRecord): void {
  const [first] = records(dashboard['nav']);
  if (first && !isRecord(dashboard['timepicker'])) dashboard['timepicker'] = first;
}

/** 9 and 10: the first of three or more thresholds was never used. */
export function firstThreshold(dashboard: AnyRecord): void {
  for (const panel of allPanels(dashboard)) {
    if (panel['type'] === 'singlestat' && text(panel['thresholds']) !== '') {
      const values = text(panel['thresholds']).split(',');
      if (values.length >= 3) panel['thresholds'] = values.slice(1).join(',');
    }
    if (panel['type'] !== 'table') continue;
    for (const style of records(panel['styles'])) {
      const values: unknown = style['thresholds'];
      if (Array.isArray(values) && values.length >= 3) style['thresholds'] = values.slice(1);
    }
  }
}

/** 12: limits, labels and formats of a graph move from the grid to its axes. */
export function gridToAxes(dashboard: AnyRecord): void {
  for (const panel of allPanels(dashboard)) {
    if (!isGraph(panel) || Array.isArray(panel['yaxes'])) continue;
    const grid = record(panel['grid']);
    const formats: unknown[] = Array.isArray(panel['y_formats']) ? panel['y_formats'] : [];
    const side = (name: string, index: number): AnyRecord => ({
      format: text(formats[index], 'short'),
      label: panel[`${name}YAxisLabel`] ?? null,
      logBase: number(grid[`${name}LogBase`], 1),
      min: grid[`${name}Min`] ?? null,
      max: grid[`${name}Max`] ?? null,
      show: flag(panel['y-axis'], true),
    });
    panel['yaxes'] = [side('left', 0), side('right', 1)];
    panel['xaxis'] ??= { show: flag(panel['x-axis'], true) };
  }
}

/** 13: the two thresholds of the grid become a list. */
export function gridThresholds(dashboard: AnyRecord): void {
  for (const panel of allPanels(dashboard)) {
    if (!isGraph(panel) || !isRecord(panel['grid'])) continue;
    const grid = panel['grid'];
    const first = number(grid['threshold1']);
    const second = number(grid['threshold2']);
    const op = first !== undefined && second !== undefined && first > second ? 'lt' : 'gt';
    const isLine = flag(grid['thresholdLine']);
    const one = (value: number | undefined, color: unknown) =>
      value === undefined ? [] : [{ value, op, colorMode: 'custom', line: isLine, fill: !isLine, fillColor: text(color), lineColor: text(color) }];
    const made = [...one(first, grid['threshold1Color']), ...one(second, grid['threshold2Color'])];
    if (made.length > 0) panel['thresholds'] = [...records(panel['thresholds']), ...made];
  }
}
