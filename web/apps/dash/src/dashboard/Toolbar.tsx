// Range, refresh and view of a dashboard.
import type { TimeRange } from '@grafana/data';
import type { QuickRange } from '@narthex/dashmodel';
import { allowedRefresh, AUTO_REFRESH, DEFAULT_REFRESH_INTERVALS, moveWindow, zoomOutWindow, type TimeWindow } from '@narthex/timeutil';
import { isWeekStart, RefreshPicker, TimeRangePicker, ToolbarButton } from '@narthex/vizkit';

import { useMemo, useRef, type ReactElement } from 'react';

import { updateSearch } from '../router/location';
import { rangeToUrl, windowOf, windowToUrl } from './time';
import { useRangeHistory } from './useRangeHistory';

interface ToolbarProps {
  timeRange: TimeRange;
  timeZone: string;
  fiscalYearStartMonth: number;
  /** Of the dashboard; empty for the browser's. */
  weekStart: string;
  refresh: string;
  refreshIntervals: readonly string[];
  /** Empty for the picker's own. */
  quickRanges?: readonly QuickRange[];
  /** Shortest interval the server allows; empty for no bound. */
  refreshIntervalMin: string;
  isTimeHidden: boolean;
  isViewing: boolean;
  /** Range and refresh alone. */
  isPlain?: boolean;
  onRefresh: () => void;
}

/** The intervals to choose from that the server allows, with the one in use among them. */
function intervalsWith(listed: readonly string[], current: string, least: string): string[] {
  const all = listed.length > 0 ? listed : DEFAULT_REFRESH_INTERVALS;
  const base = all.filter((interval) => allowedRefresh(interval, least) === interval);
  return current === '' || current === AUTO_REFRESH || base.includes(current) ? [...base] : [current, ...base];
}

/** Where only the clock has moved on, the picker follows by the minute: to draw it costs as much as to draw a panel. */
function useSteadyRange(range: TimeRange): TimeRange {
  const kept = useRef(range);
  const minuteOf = ({ to }: TimeRange): number => Math.floor(to.valueOf() / 60_000);
  const { raw } = kept.current;
  if (raw.from !== range.raw.from || raw.to !== range.raw.to || minuteOf(kept.current) !== minuteOf(range)) kept.current = range;
  return kept.current;
}

const NO_RANGES: readonly QuickRange[] = [];

function usePicker({ timeRange, timeZone, weekStart, fiscalYearStartMonth, quickRanges = NO_RANGES }: ToolbarProps): ReactElement {
  const shown = useSteadyRange(timeRange);
  const { history, remember } = useRangeHistory(timeZone);
  // Steps are of the window as it is.
  const latest = useRef(timeRange);
  latest.current = timeRange;
  return useMemo(() => {
    const move = (change: (window: TimeWindow) => TimeWindow) => updateSearch(windowToUrl(change(windowOf(latest.current))));
    return (
      <TimeRangePicker
        value={shown}
        timeZone={timeZone}
        fiscalYearStartMonth={fiscalYearStartMonth}
        history={history}
        {...(quickRanges.length > 0 ? { quickRanges: quickRanges.map((one) => ({ ...one })) } : {})}
        {...(isWeekStart(weekStart) ? { weekStart } : {})}
        onChange={(range) => {
          remember(range);
          updateSearch(rangeToUrl(range));
        }}
        onChangeTimeZone={(timezone) => updateSearch({ timezone })}
        onMoveBackward={() => move((window) => moveWindow(window, 'back', Date.now()))}
        onMoveForward={() => move((window) => moveWindow(window, 'forward', Date.now()))}
        onZoom={() => move(zoomOutWindow)}
        isOnCanvas
      />
    );
  }, [shown, timeZone, fiscalYearStartMonth, history, weekStart, quickRanges, remember]);
}

export function Toolbar(props: ToolbarProps) {
  const { refresh, onRefresh, isViewing } = props;
  const picker = usePicker(props);
  return (
    <div className="toolbar" role="toolbar" aria-label="Dashboard">
      {isViewing && (
        <ToolbarButton variant="canvas" icon="arrow-left" onClick={() => updateSearch({ viewPanel: undefined, editPanel: undefined, editview: undefined })}>
          Back
        </ToolbarButton>
      )}
      {!props.isTimeHidden && picker}
      <RefreshPicker
        value={refresh}
        intervals={intervalsWith(props.refreshIntervals, refresh, props.refreshIntervalMin)}
        onRefresh={onRefresh}
        onIntervalChanged={(interval) => updateSearch({ refresh: interval === '' ? '' : interval })}
        showAutoInterval
        tooltip="Refresh"
        isOnCanvas
      />
      {!props.isPlain && (
        <ToolbarButton
          variant="canvas"
          icon="monitor"
          tooltip="Only the panels (Esc leaves)"
          aria-label="Kiosk mode"
          className="toolbar-kiosk"
          onClick={() => updateSearch({ kiosk: 'true' })}
        />
      )}
    </div>
  );
}
