// The colours of a heatmap: a named scale, or one colour that grows denser.
import * as chromatic from 'd3-scale-chromatic';

export interface PaletteOptions {
  mode: string;
  scheme: string;
  fill: string;
  exponent: number;
  steps: number;
  isReversed: boolean;
  isDark: boolean;
}

const SCALES = new Map<string, (share: number) => string>(
  Object.entries(chromatic).flatMap(([name, scale]) =>
    name.startsWith('interpolate') && typeof scale === 'function' ? [[name.slice('interpolate'.length), scale] as const] : [],
  ),
);
// These run from pale to strong, so on a dark page they are turned round: little is dark there.
const PALE_FIRST = /^(Blues|BuPu|GnBu|Greens|Greys|OrRd|Oranges|PuBu|PuRd|Purples|RdPu|Reds|YlGn|YlGnBu|YlOrBr|YlOrRd)$/;

export function paletteColors(options: PaletteOptions): string[] {
  const count = Math.min(128, Math.max(2, Math.round(options.steps)));
  const shares = Array.from({ length: count }, (_, index) => index / (count - 1));
  if (options.mode === 'opacity') {
    return shares.map((share) => {
      const percent = Math.max(4, 100 * share ** options.exponent);
      return `color-mix(in srgb, ${options.fill} ${percent.toFixed(1)}%, transparent)`;
    });
  }
  const scale = SCALES.get(options.scheme) ?? chromatic.interpolateOranges;
  const isTurned = options.isReversed !== (options.isDark && PALE_FIRST.test(options.scheme));
  return shares.map((share) => scale(isTurned ? 1 - share : share));
}
