// The options of one query of Prometheus, as its editor shows them. Pure. Source: spec grafana.md, PROM-2, PROM-8.
import type { AnyRecord } from '@narthex/dashmodel';
import { flag, number, text } from '@narthex/dashmodel/json';

export const FORMATS = [
  { value: 'time_series', label: 'Time series' },
  { value: 'table', label: 'Table' },
  { value: 'heatmap', label: 'Heatmap' },
];

export type QueryType = 'range' | 'instant' | 'both';
export const TYPES: Array<{ value: QueryType; label: string }> = [
  { value: 'range', label: 'Range' },
  { value: 'instant', label: 'Instant' },
  { value: 'both', label: 'Both' },
];

export type LegendMode = 'auto' | 'verbose' | 'custom';
export const LEGEND_MODES: Array<{ value: LegendMode; label: string; description: string }> = [
  { value: 'auto', label: 'Auto', description: 'Only labels that tell the series apart' },
  { value: 'verbose', label: 'Verbose', description: 'All labels' },
  { value: 'custom', label: 'Custom', description: 'A text of your own with {{label}}' },
];

const AUTO = '__auto';

export function legendMode(legendFormat: string): LegendMode {
  if (legendFormat === '') return 'verbose';
  return legendFormat === AUTO ? 'auto' : 'custom';
}

/** What the file says for a mode; of the person's own text nothing is known yet. */
export const legendFormatOf = (mode: LegendMode): string => ({ auto: AUTO, verbose: '', custom: '{{label_name}}' })[mode];

export function typeOf(target: AnyRecord): QueryType {
  if (flag(target['instant'])) return flag(target['range']) ? 'both' : 'instant';
  return 'range';
}

export const withQueryType = (target: AnyRecord, type: QueryType): AnyRecord => ({ ...target, instant: type !== 'range', range: type !== 'instant' });

// One point for so many pixels: a way of early versions, which their files still hold.
export const RESOLUTIONS = [1, 2, 3, 4, 5, 10].map((factor) => ({ value: String(factor), label: `1/${factor}` }));
export const hasResolution = (target: AnyRecord): boolean => (number(target['intervalFactor']) ?? 1) !== 1;

/** In a line, for the folded options. */
export function optionsInWords(target: AnyRecord): string {
  const legend = text(target['legendFormat']);
  const mode = legendMode(legend);
  const words = [
    `Legend: ${mode === 'custom' ? legend : (LEGEND_MODES.find(({ value }) => value === mode)?.label ?? '')}`,
    `Format: ${FORMATS.find(({ value }) => value === text(target['format'], 'time_series'))?.label ?? ''}`,
    `Step: ${text(target['interval']) || 'auto'}`,
    `Type: ${TYPES.find(({ value }) => value === typeOf(target))?.label ?? ''}`,
    ...(flag(target['exemplar']) ? ['Exemplars'] : []),
  ];
  return words.join(', ');
}
