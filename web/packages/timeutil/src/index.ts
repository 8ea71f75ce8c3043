export { formatDurationMs, parseDurationMs } from './duration';
export { calculateInterval, roundIntervalMs, type Interval } from './interval';
export { parseRawTime, rawTimeToUrl, type RawTime } from './rawtime';
export { allowedRefresh, AUTO_REFRESH, DEFAULT_REFRESH_INTERVALS, refreshMs, refreshMsOver } from './refresh';
export { moveWindow, zoomInWindow, windowUpTo, zoomOutWindow, type TimeWindow } from './window';
export { soundZone } from './zone';
