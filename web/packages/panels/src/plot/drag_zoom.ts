// Zooming where the range is not the dashboard's: what was dragged over fills the chart, until a double click.
import type { UPlotConfigBuilder } from '@narthex/vizkit';
import type uPlot from 'uplot';

// Less is a click with an unsteady hand.
const DRAG_PX_MIN = 5;
// A drag that leaves its line by less than this is along one axis.
const ONE_WAY_PX = 24;

type Span = { min: number; max: number };

const X_SCALE = 'x';

const isAcross = ({ ori }: uPlot.Scale): boolean => ori === 0;

/** What is selected of each scale; undefined where that is next to nothing. */
export function selectedSpans({ select, scales, posToVal }: Pick<uPlot, 'select' | 'scales' | 'posToVal'>): Map<string, Span> | undefined {
  const { left, top, width, height } = select;
  if (width < DRAG_PX_MIN || height < DRAG_PX_MIN) return undefined;
  return new Map(
    Object.entries(scales).map(([key, scale]) => {
      const ends = isAcross(scale) ? [posToVal(left, key), posToVal(left + width, key)] : [posToVal(top + height, key), posToVal(top, key)];
      return [key, { min: Math.min(...ends), max: Math.max(...ends) }];
    }),
  );
}

/** The spans outlive new data; only a double click lets go of them. `isFree` adds the way up to the way across. */
export function addDragZoom(builder: UPlotConfigBuilder, isFree = false): void {
  let spans: Map<string, Span> | undefined;
  // As they were before: scales with fixed ends do not find back to them by the data.
  let whole: ReadonlyArray<readonly [key: string, span: Span]> = [];
  const apply = (plot: uPlot): void => spans?.forEach((span, key) => plot.setScale(key, span));
  builder.setCursor({
    drag: { setScale: false, x: true, y: isFree, uni: ONE_WAY_PX },
    bind: {
      dblclick: (plot: uPlot) => () => {
        spans = undefined;
        plot.batch(() => {
          plot.setData(plot.data, true);
          for (const [key, span] of whole) plot.setScale(key, span);
        });
        return null;
      },
    },
  });
  // A scale across is asked for its range even when it was told one.
  builder.addHook('init', (plot: uPlot) => {
    const scale = plot.scales[X_SCALE];
    const ranged = scale?.range;
    if (!scale || typeof ranged !== 'function') return;
    scale.range = (...asked) => {
      const span = spans?.get(X_SCALE);
      return span ? [span.min, span.max] : ranged(...asked);
    };
  });
  builder.addHook('setSelect', (plot: uPlot) => {
    const { event } = plot.cursor;
    if (event == null || event.ctrlKey || event.metaKey) return;
    const selected = selectedSpans(plot);
    if (!selected) return;
    if (!spans) whole = Object.entries(plot.scales).flatMap(([key, { min, max }]) => (min == null || max == null ? [] : [[key, { min, max }] as const]));
    spans = selected;
    apply(plot);
  });
  builder.addHook('setData', apply);
}
