// Range, refresh and view of a dashboard.
import type { TimeRange } from '@grafana/data';
import { allowedRefresh, DEFAULT_REFRESH_INTERVALS, moveWindow, zoomOutWindow } from '@narthex/timeutil';
import { isWeekStart, RefreshPicker, TimeRangePicker, ToolbarButton } from '@narthex/vizkit';

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
  return current === '' || base.includes(current) ? [...base] : [current, ...base];
}

export function Toolbar(props: ToolbarProps) {
  const { timeRange, timeZone, refresh, onRefresh, isViewing } = props;
  const window = windowOf(timeRange);
  const { history, remember } = useRangeHistory(timeZone);
  return (
    <div className="toolbar" role="toolbar" aria-label="Dashboard">
      {isViewing && (
        <ToolbarButton variant="canvas" icon="arrow-left" onClick={() => updateSearch({ viewPanel: undefined, editPanel: undefined, editview: undefined })}>
          Back
        </ToolbarButton>
      )}
      {!props.isTimeHidden && (
        <TimeRangePicker
          value={timeRange}
          timeZone={timeZone}
          fiscalYearStartMonth={props.fiscalYearStartMonth}
          history={history}
          {...(isWeekStart(props.weekStart) ? { weekStart: props.weekStart } : {})}
          onChange={(range) => {
            remember(range);
            updateSearch(rangeToUrl(range));
          }}
          onChangeTimeZone={(timezone) => updateSearch({ timezone })}
          onMoveBackward={() => updateSearch(windowToUrl(moveWindow(window, 'back', Date.now())))}
          onMoveForward={() => updateSearch(windowToUrl(moveWindow(window, 'forward', Date.now())))}
          onZoom={() => updateSearch(windowToUrl(zoomOutWindow(window)))}
          isOnCanvas
        />
      )}
      <RefreshPicker
        value={refresh}
        intervals={intervalsWith(props.refreshIntervals, refresh, props.refreshIntervalMin)}
        onRefresh={onRefresh}
        onIntervalChanged={(interval) => updateSearch({ refresh: interval === '' ? '' : interval })}
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
