// seriesOverrides of a graph, as properties of the series they name.
import { flag, number, text } from '../json';
import type { AnyRecord } from '../types';
import { overrideFor, type Override } from './overrides';

type Properties = Override['properties'];

function drawing(override: AnyRecord): Properties {
  const out: Properties = [];
  if (flag(override['bars'])) {
    out.push({ id: 'custom.drawStyle', value: 'bars' }, { id: 'custom.fillOpacity', value: 100 });
  } else if (flag(override['lines'])) {
    out.push({ id: 'custom.drawStyle', value: 'line' });
  } else if ('lines' in override && flag(override['points'])) {
    out.push({ id: 'custom.drawStyle', value: 'points' });
  } else if ('lines' in override) {
    out.push({ id: 'custom.lineWidth', value: 0 });
  }
  const width = number(override['linewidth']);
  if (width !== undefined) out.push({ id: 'custom.lineWidth', value: width });
  const fill = number(override['fill']);
  if (fill !== undefined) out.push({ id: 'custom.fillOpacity', value: fill * 10 });
  const gradient = number(override['fillGradient']);
  if (gradient) out.push({ id: 'custom.gradientMode', value: 'opacity' }, { id: 'custom.fillOpacity', value: gradient * 10 });
  if ('points' in override) out.push({ id: 'custom.showPoints', value: flag(override['points']) ? 'always' : 'never' });
  const radius = number(override['pointradius']);
  if (radius !== undefined) out.push({ id: 'custom.pointSize', value: 2 + radius * 2 });
  if ('steppedLine' in override) {
    out.push({ id: 'custom.lineInterpolation', value: flag(override['steppedLine']) ? 'stepAfter' : 'linear' });
  }
  if (flag(override['dashes'])) {
    const dash = [number(override['dashLength'], 10), number(override['spaceLength'], 10)];
    out.push({ id: 'custom.lineStyle', value: { fill: 'dash', dash } });
  }
  return out;
}

function stacking(override: AnyRecord): Properties {
  const { stack } = override;
  if (stack === undefined) return [];
  const group = typeof stack === 'string' ? stack : 'A';
  return [{ id: 'custom.stacking', value: { group, mode: stack === false || stack === 'false' ? 'none' : 'normal' } }];
}

function below(override: AnyRecord): Properties {
  const to = text(override['fillBelowTo']);
  if (to === '') return [];
  return [
    { id: 'custom.fillBelowTo', value: to },
    // The band between two lines was drawn this strong.
    ...('fill' in override ? [] : [{ id: 'custom.fillOpacity', value: 35 }]),
  ];
}

function onRightAxis({ standard, custom }: { standard: AnyRecord; custom: AnyRecord }): Properties {
  return [
    { id: 'custom.axisPlacement', value: 'right' },
    ...Object.entries(standard).map(([id, value]) => ({ id, value })),
    ...Object.entries(custom).map(([id, value]) => ({ id: `custom.${id}`, value })),
  ];
}

export function seriesOverride(override: AnyRecord, rightAxis: { standard: AnyRecord; custom: AnyRecord }): Override {
  const color = text(override['color']);
  const hidden = {
    ...(override['legend'] === false ? { legend: true } : {}),
    ...(override['hideTooltip'] === true ? { tooltip: true } : {}),
  };
  const properties: Properties = [
    ...drawing(override),
    ...stacking(override),
    ...below(override),
    ...(color ? [{ id: 'color', value: { mode: 'fixed', fixedColor: color } }] : []),
    ...(number(override['yaxis']) === 2 ? onRightAxis(rightAxis) : []),
    ...(override['transform'] === 'negative-Y' ? [{ id: 'custom.transform', value: 'negative-Y' }] : []),
    ...(Object.keys(hidden).length > 0 ? [{ id: 'custom.hideFrom', value: { viz: false, legend: false, tooltip: false, ...hidden } }] : []),
  ];
  return overrideFor(text(override['alias']), properties);
}
