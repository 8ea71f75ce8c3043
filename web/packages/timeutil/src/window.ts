// Moving and widening an absolute time range.

/** Both ends included, Unix milliseconds. */
export interface TimeWindow {
  fromMs: number;
  toMs: number;
}

/** Half a window back or forward; forward stops at `nowMs`. */
export function moveWindow(window: TimeWindow, direction: 'back' | 'forward', nowMs: number): TimeWindow {
  const half = Math.round((window.toMs - window.fromMs) / 2);
  if (direction === 'back') return { fromMs: window.fromMs - half, toMs: window.toMs - half };
  const shift = Math.min(half, Math.max(0, nowMs - window.toMs));
  return { fromMs: window.fromMs + shift, toMs: window.toMs + shift };
}

/** As wide, and ending at `nowMs` where it ended before that. */
export function windowUpTo(window: TimeWindow, nowMs: number): TimeWindow {
  const shift = Math.max(0, nowMs - window.toMs);
  return { fromMs: window.fromMs + shift, toMs: window.toMs + shift };
}

/** Twice as wide around the same middle; a window of no width becomes 30 s wide. */
export function zoomOutWindow(window: TimeWindow): TimeWindow {
  const width = window.toMs - window.fromMs;
  const grow = width === 0 ? 15_000 : Math.round(width / 2);
  return { fromMs: window.fromMs - grow, toMs: window.toMs + grow };
}

/** Half as wide around the same middle, and no narrower than a second. */
export function zoomInWindow(window: TimeWindow): TimeWindow {
  const width = window.toMs - window.fromMs;
  const shrink = Math.max(0, Math.min(Math.round(width / 4), Math.floor((width - 1000) / 2)));
  return { fromMs: window.fromMs + shrink, toMs: window.toMs - shrink };
}
