// A chart by keyboard: the arrows go from point to point and from series to series as a pointer would, so that all that
// follows the pointer follows them too.
import type { UPlotConfigBuilder } from '@narthex/vizkit';
import { useLayoutEffect, useRef } from 'react';
import type uPlot from 'uplot';

import { announce } from './announce';

const MANY = 10;
const STEP_PX = 12;
// Nearer to the edge the plot takes a press for the beginning of a drag to it.
const EDGE_PX = 2;

export const CHART_KEYS = 'ArrowLeft ArrowRight ArrowUp ArrowDown Home End Enter Space Escape';

interface Column {
  index: number;
  /** In pixels from the left. */
  left: number;
}

/** The points that are in view; of a chart of pairs there are none. */
function columnsOf({ data, scales, valToPos }: Pick<uPlot, 'data' | 'scales' | 'valToPos'>): Column[] {
  const { min, max } = scales['x'] ?? {};
  // A chart of pairs has no column that all share, whatever its types say.
  const shared = data[0] as uPlot.AlignedData[0] | null;
  if (!shared || min == null || max == null) return [];
  return Array.from(shared).flatMap((x, index) => (x >= min && x <= max ? [{ index, left: valToPos(x, 'x') }] : []));
}

/** How high the series stand at a point, the highest first. */
function heightsAt({ data, series, valToPos }: Pick<uPlot, 'data' | 'series' | 'valToPos'>, index: number): number[] {
  const heights = series.flatMap(({ show, scale }, at) => {
    const value = at === 0 || show === false ? null : data[at]?.[index];
    return value == null || !scale ? [] : [Math.round(valToPos(value, scale))];
  });
  return [...new Set(heights)].toSorted((a, b) => a - b);
}

const clamp = (value: number, min: number, max: number): number => Math.min(max, Math.max(min, value));

/** Which of the places is nearest; 0 for none. */
export function nearest(places: readonly number[], here: number): number {
  return places.reduce((best, place, index) => (Math.abs(place - here) < Math.abs((places[best] ?? 0) - here) ? index : best), 0);
}

/** The next of the heights in a direction; a step where there is none to go to. */
export function nextHeight(heights: readonly number[], top: number, sign: -1 | 1): number {
  const next = sign < 0 ? heights.findLast((one) => one < top - 1) : heights.find((one) => one > top + 1);
  return heights.length > 1 ? (next ?? top) : top + sign * STEP_PX;
}

class Keys {
  private place: { left: number; top: number } | undefined;
  private anchor: number | undefined;
  private readonly host: HTMLElement | null;

  constructor(
    private readonly plot: uPlot,
    private readonly isFree: boolean,
    private readonly tell: (index: number) => string,
  ) {
    this.host = plot.root.closest<HTMLElement>('[role="img"]');
    if (!this.host) return;
    this.host.tabIndex = 0;
    this.host.setAttribute('aria-keyshortcuts', CHART_KEYS);
    this.host.addEventListener('keydown', this.onKey);
    this.host.addEventListener('blur', this.leave);
  }

  end(): void {
    this.host?.removeEventListener('keydown', this.onKey);
    this.host?.removeEventListener('blur', this.leave);
  }

  private readonly onKey = (event: KeyboardEvent): void => {
    if (event.target !== this.host || event.ctrlKey || event.metaKey || event.altKey) return;
    if (!this.take(event.key, event.shiftKey)) return;
    event.preventDefault();
    event.stopPropagation();
  };

  /** Whether the key meant something. */
  private take(key: string, isFar: boolean): boolean {
    switch (key) {
      case 'ArrowLeft':
      case 'ArrowRight':
        return this.across((at, last) => clamp(at + (key === 'ArrowLeft' ? -1 : 1) * (isFar ? MANY : 1), 0, last));
      case 'Home':
        return this.across(() => 0);
      case 'End':
        return this.across((_, last) => last);
      case 'ArrowUp':
      case 'ArrowDown':
        return this.along(key === 'ArrowUp' ? -1 : 1);
      case ' ':
        return this.select();
      case 'Enter':
        return this.anchor === undefined ? this.press() : this.select();
      case 'Escape':
        return this.cancel();
      default:
        return false;
    }
  }

  private across(step: (at: number, last: number) => number): boolean {
    const columns = columnsOf(this.plot);
    if (columns.length === 0) return false;
    const here = this.place?.left;
    // The first key goes to where the newest values are.
    const at = here === undefined ? columns.length - 1 : step(nearest(columns.map(({ left }) => left), here), columns.length - 1);
    const column = columns[at];
    if (!column) return false;
    const top = this.place?.top ?? this.plot.over.clientHeight / 2;
    const heights = this.isFree ? [] : heightsAt(this.plot, column.index);
    this.move(column.left, heights[nearest(heights, top)] ?? top);
    return true;
  }

  private along(sign: -1 | 1): boolean {
    if (!this.place) return this.across((at) => at);
    const index = this.plot.cursor.idx;
    this.move(this.place.left, nextHeight(index == null || this.isFree ? [] : heightsAt(this.plot, index), this.place.top, sign));
    return true;
  }

  private move(left: number, top: number): void {
    const { clientWidth, clientHeight } = this.plot.over;
    this.place = { left: clamp(left, EDGE_PX, clientWidth - EDGE_PX), top: clamp(top, EDGE_PX, clientHeight - EDGE_PX) };
    this.send('mousemove', this.place.left);
    const { idx } = this.plot.cursor;
    if (idx != null) announce(this.tell(idx));
    const { anchor, place } = this;
    if (anchor !== undefined) this.plot.setSelect({ left: Math.min(anchor, place.left), width: Math.abs(place.left - anchor), top: 0, height: clientHeight }, false);
  }

  private send(type: string, left: number): void {
    const { left: x, top: y } = this.plot.over.getBoundingClientRect();
    this.plot.over.dispatchEvent(new MouseEvent(type, { bubbles: true, cancelable: true, button: 0, movementX: 1, clientX: x + left, clientY: y + (this.place?.top ?? 0) }));
  }

  private press(): boolean {
    if (!this.place) return false;
    // A click that no press went before counts as the end of a drag.
    for (const type of ['mousedown', 'mouseup', 'click']) this.send(type, this.place.left);
    return true;
  }

  /** Begins to select, or does with what is selected what a drag would. */
  private select(): boolean {
    if (!this.place) return false;
    if (this.anchor === undefined) {
      this.anchor = this.place.left;
      return true;
    }
    const { anchor, place } = this;
    this.anchor = undefined;
    // A drag counts only where it changes what is selected.
    this.clear();
    this.send('mousedown', anchor);
    this.send('mousemove', place.left);
    this.send('mouseup', place.left);
    return true;
  }

  private cancel(): boolean {
    if (!this.place) return false;
    this.leave();
    return true;
  }

  private readonly leave = (): void => {
    this.anchor = undefined;
    if (!this.place) return;
    this.send('mouseleave', -1);
    this.place = undefined;
    this.clear();
  };

  private clear(): void {
    this.plot.setSelect({ left: 0, width: 0, top: 0, height: 0 }, false);
  }
}

/** A plugin among the children of a PlotChart. `isFree`: up and down go by steps instead of from series to series. `tell` puts a point in words. */
export function ChartKeys({ config, isFree = false, tell }: { config: UPlotConfigBuilder; isFree?: boolean; tell: (index: number) => string }): null {
  const latestTell = useRef(tell);
  latestTell.current = tell;
  useLayoutEffect(() => {
    let keys: Keys | undefined;
    config.addHook('init', (plot: uPlot) => {
      keys = new Keys(plot, isFree, (index) => latestTell.current(index));
    });
    config.addHook('destroy', () => keys?.end());
  }, [config, isFree]);
  return null;
}
