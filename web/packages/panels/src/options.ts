// Readers of the option blocks that several panels share.
import { fieldReducers, ReducerID, type ReduceDataOptions } from '@grafana/data';
import { flag, number, record, text, texts, type AnyRecord } from '@narthex/dashmodel/json';
import { VizOrientation, type VizLegendOptions, type VizTextDisplayOptions } from '@grafana/schema';
import { LegendDisplayMode, TooltipDisplayMode } from '@narthex/vizkit';

/** The member of a string enum with this value, or the fallback. */
export function choice<T extends string>(all: Record<string, T>, value: unknown, fallback: T): T {
  return Object.values(all).find((one) => one === value) ?? fallback;
}

/** Calculations that exist: the legend takes any other name for a fault. */
const knownCalcs = (value: unknown): string[] => texts(value).filter((id) => fieldReducers.getIfExists(id) !== undefined);

/** Of a legend at the side: pixels, or a share of the panel. */
function widthOf(value: unknown): number | string | undefined {
  return typeof value === 'string' && /^\d{1,3}(\.\d+)?%$/.test(value.trim()) ? value.trim() : number(value);
}

export function readLegend(options: AnyRecord): VizLegendOptions {
  const legend = record(options['legend']);
  const width = widthOf(legend['width']);
  const limit = number(legend['limit'], 0);
  return {
    showLegend: flag(legend['showLegend'], true),
    displayMode: choice({ List: LegendDisplayMode.List, Table: LegendDisplayMode.Table }, legend['displayMode'], LegendDisplayMode.List),
    placement: legend['placement'] === 'right' ? 'right' : 'bottom',
    calcs: knownCalcs(legend['calcs']),
    ...(legend['sortBy'] ? { sortBy: text(legend['sortBy']), sortDesc: flag(legend['sortDesc']) } : {}),
    ...(width === undefined ? {} : { width }),
    ...(limit >= 1 ? { limit: Math.floor(limit) } : {}),
    ...(legend['overflow'] === 'wrap' || legend['overflow'] === 'ellipsis' ? { overflow: legend['overflow'] } : {}),
  };
}

export interface TooltipOptions {
  mode: TooltipDisplayMode;
  sort: 'none' | 'asc' | 'desc';
  hideZeros: boolean;
  maxHeightPx: number | undefined;
}

export function readTooltip(options: AnyRecord): TooltipOptions {
  const tooltip = record(options['tooltip']);
  const sort = tooltip['sort'];
  return {
    mode: choice(TooltipDisplayMode, tooltip['mode'], TooltipDisplayMode.Single),
    sort: sort === 'asc' || sort === 'desc' ? sort : 'none',
    hideZeros: flag(tooltip['hideZeros']),
    maxHeightPx: number(tooltip['maxHeight']),
  };
}

export function readReduce(options: AnyRecord): ReduceDataOptions {
  const reduce = record(options['reduceOptions']);
  const calcs = knownCalcs(reduce['calcs']);
  const limit = number(reduce['limit']);
  return {
    calcs: calcs.length > 0 ? calcs : [ReducerID.lastNotNull],
    values: flag(reduce['values']),
    fields: text(reduce['fields']),
    ...(limit === undefined ? {} : { limit }),
  };
}

export function readOrientation(options: AnyRecord): VizOrientation {
  return choice(VizOrientation, options['orientation'], VizOrientation.Auto);
}

export function readText(options: AnyRecord): VizTextDisplayOptions {
  const sizes = record(options['text']);
  const titleSize = number(sizes['titleSize']);
  const valueSize = number(sizes['valueSize']);
  const percentSize = number(sizes['percentSize']);
  return { ...(titleSize ? { titleSize } : {}), ...(valueSize ? { valueSize } : {}), ...(percentSize ? { percentSize } : {}) };
}
