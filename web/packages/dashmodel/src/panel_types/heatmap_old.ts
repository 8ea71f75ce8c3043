// The heatmap of up to Grafana 9, told by its options outside of `options`. Source: spec grafana.md, MIGP-5.
import { flag, isRecord, number, record, text } from '../json';
import type { AnyRecord } from '../types';
import { given } from './overrides';

function calculation(panel: AnyRecord): AnyRecord {
  const buckets = (axis: 'x' | 'y'): AnyRecord | undefined => {
    const size = text(panel[`${axis}BucketSize`]);
    if (size) return { mode: 'size', value: size };
    const count = number(panel[`${axis}BucketNumber`]);
    return count ? { mode: 'count', value: String(count) } : undefined;
  };
  const logBase = number(record(panel['yAxis'])['logBase'], 1);
  const y = buckets('y');
  return given({
    xBuckets: buckets('x'),
    yBuckets: logBase > 1 ? { ...y, mode: 'size', scale: { type: 'log', log: logBase }, value: text(record(panel['yAxis'])['splitFactor'], '1') } : y,
  });
}

const LAYOUTS: Readonly<Record<string, string>> = { upper: 'le', lower: 'ge', middle: 'unknown' };

function colorOptions(color: AnyRecord): AnyRecord {
  const scheme = text(color['colorScheme']).replace(/^interpolate/, '');
  return {
    mode: color['mode'] === 'opacity' ? 'opacity' : 'scheme',
    scale: 'exponential',
    exponent: number(color['exponent'], 0.5),
    steps: 128,
    scheme: scheme || 'Oranges',
    fill: text(color['cardColor'], 'dark-orange'),
    reverse: false,
    ...given({ min: number(color['min']), max: number(color['max']) }),
  };
}

export function isHeatmapOld(panel: AnyRecord): boolean {
  return panel['type'] === 'heatmap' && (isRecord(panel['color']) || isRecord(panel['yAxis']) || isRecord(panel['cards']));
}

export function migrateHeatmapOld(panel: AnyRecord): void {
  const yAxis = record(panel['yAxis']);
  const cards = record(panel['cards']);
  const isCalculated = panel['dataFormat'] !== 'tsbuckets';
  const unit = text(yAxis['format']);
  const tooltip = record(panel['tooltip']);
  panel['options'] = {
    calculate: isCalculated,
    ...(isCalculated ? { calculation: calculation(panel) } : {}),
    rowsFrame: { layout: LAYOUTS[text(panel['yBucketBound'])] ?? 'auto' },
    color: colorOptions(record(panel['color'])),
    cellGap: number(cards['cardPadding'], 2),
    cellRadius: number(cards['cardRound'], 0),
    filterValues: flag(panel['hideZeroBuckets'], true) ? { le: 1e-9 } : {},
    yAxis: {
      ...given({ unit, decimals: number(yAxis['decimals']), min: number(yAxis['min']), max: number(yAxis['max']) }),
      axisPlacement: yAxis['show'] === false ? 'hidden' : 'left',
      reverse: flag(panel['reverseYBuckets']),
    },
    legend: { show: flag(record(panel['legend'])['show']) },
    tooltip: { mode: flag(tooltip['show'], true) ? 'single' : 'none', yHistogram: flag(tooltip['showHistogram']) },
  };
  for (const key of ['color', 'yAxis', 'cards', 'dataFormat', 'heatmap', 'xAxis', 'highlightCards', 'hideZeroBuckets']) delete panel[key];
}
