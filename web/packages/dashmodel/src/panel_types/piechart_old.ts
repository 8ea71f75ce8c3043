// grafana-piechart-panel, the plugin from before there was a pie chart of its own.
import { flag, number, record, text } from '../json';
import type { AnyRecord } from '../types';
import { given } from './overrides';
import { reducerOf } from './reducers';

export function migratePiechartOld(panel: AnyRecord): void {
  const legend = record(panel['legend']);
  const legendType = text(panel['legendType']);
  const values = [...(flag(legend['values']) ? ['value'] : []), ...(flag(legend['percentage']) ? ['percent'] : [])];
  panel['fieldConfig'] = {
    defaults: { ...given({ unit: text(panel['format']), decimals: number(legend['percentageDecimals'] ?? panel['decimals']) }), color: { mode: 'palette-classic' } },
    overrides: Object.entries(record(panel['aliasColors'])).map(([alias, color]) => ({
      matcher: { id: 'byName', options: alias },
      properties: [{ id: 'color', value: { mode: 'fixed', fixedColor: text(color) } }],
    })),
  };
  panel['options'] = {
    pieType: panel['pieType'] === 'donut' ? 'donut' : 'pie',
    reduceOptions: { calcs: [reducerOf(text(panel['valueName']), 'lastNotNull')], fields: '', values: false },
    legend: {
      showLegend: flag(legend['show'], true) && legendType !== 'On graph',
      displayMode: values.length > 0 ? 'table' : 'list',
      placement: legendType === 'Right side' ? 'right' : 'bottom',
      values,
    },
    displayLabels: legendType === 'On graph' ? ['name', 'percent'] : [],
    tooltip: { mode: 'single', sort: 'none' },
  };
  panel['type'] = 'piechart';
}
