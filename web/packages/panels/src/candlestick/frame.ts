// What the chart under the candles is told: the prices make its scale, its axis and its tooltip, but draw nothing themselves.
import type { DataFrame, Field } from '@grafana/data';
import { AxisPlacement, GraphDrawStyle, VisibilityMode } from '@grafana/schema';

import type { Candles } from './candles';
import type { CandleStyle } from './style';

/** How much of the plot's height the largest volume takes below candles. */
export const VOLUME_SHARE = 0.25;

const UNDRAWN = { drawStyle: GraphDrawStyle.Line, lineWidth: 0, fillOpacity: 0, showPoints: VisibilityMode.Never, pointSize: 0 };

/** Parts of a candle are no lines that a legend could name. */
function undrawn(field: Field, name: string, more: object = {}): Field {
  const { custom } = field.config;
  return { ...field, config: { ...field.config, custom: { ...custom, ...UNDRAWN, ...more, hideFrom: { ...custom?.hideFrom, legend: true } } }, state: { ...field.state, displayName: name } };
}

/** Time, the prices that are asked for, the volume, then what else is drawn as lines. */
export function candleFrame({ frame, time, open, high, low, close, volume, others }: Candles, { hasPrices, hasVolume }: CandleStyle): DataFrame {
  const prices = hasPrices ? [undrawn(open, 'open'), undrawn(high, 'high'), undrawn(low, 'low'), undrawn(close, 'close')] : [];
  // Alone it has the axis; below candles it is a backdrop without one.
  const volumes = hasVolume && volume ? [undrawn(volume, 'volume', hasPrices ? { axisPlacement: AxisPlacement.Hidden, axisLabel: 'volume' } : {})] : [];
  const fields = [time, ...prices, ...volumes, ...(hasPrices ? others : [])];
  return { ...frame, fields: fields.map((field, fieldIndex) => (field === time ? field : { ...field, state: { ...field.state, origin: { frameIndex: 0, fieldIndex } } })), length: time.values.length };
}
