// The data of one panel, asked again whenever the range, the variables or the panel change.
import { queryData, type DsQueryRequest } from '@narthex/grafanaapi';
import type { DataFrame } from '@grafana/data';
import type { Panel } from '@narthex/dashmodel';
import { transformFrames } from '@narthex/frames';
import { askingPanel, buildQueries, comparedFrames, compareShiftMs, isExpressionSource, localFrames, NO_DATA, panelLookup, PanelRunner, panelWindow, UnsupportedSource, withShared, type PanelData, type RunRequest } from '@narthex/runner';
import { windowUpTo } from '@narthex/timeutil';
import { interpolate, prometheusFormat } from '@narthex/vars';
import { useEffect, useMemo, useRef, useState, type RefObject } from 'react';

import { quietly } from './quietly';
import { useScope, type DashboardScope } from './scope';
import { useLiveConnection } from './useLive';

/** What a panel asks on the page as it stands. */
export function requestOf(given: Panel, scope: DashboardScope, widthPx: number): RunRequest {
  const panel = withShared(given, scope.dashboard.panels);
  // Visitors name the panel whose queries are to be run.
  const asking = scope.visit ? askingPanel(given, scope.dashboard.panels) : given;
  const lookup = panelLookup(scope.variables, panel.bound, scope.builtins);
  const context = {
    sources: scope.sources,
    window: scope.window,
    isRelative: scope.isRelative,
    timeZone: scope.timeZone,
    widthPx,
    write: (text: string) => interpolate(text, { lookup }),
    writeQuery: (text: string) => interpolate(text, { lookup, write: prometheusFormat }),
    narrow: scope.narrow,
  };
  const queries = buildQueries(panel, context);
  const window = panelWindow(panel, context);
  const transform = (frames: DataFrame[]) => transformFrames(frames, panel.transformations, context.write);
  const request = { ...window, queries, dashboardUid: scope.dashboard.uid, panelId: asking.id };
  return { ...request, local: localFrames(panel, window, scope.timeZone), transform, ...compared(panel, request, scope) };
}

/** Of the panel's own window, where it may be chosen: a visitor's panels have the server's. */
function compared(panel: Panel, request: DsQueryRequest, { visit }: DashboardScope): Pick<RunRequest, 'compared'> {
  const shiftMs = compareShiftMs(panel, request);
  if (shiftMs === undefined || request.queries.length === 0 || visit?.mayChooseTime === false) return {};
  const frames = comparedFrames(request, shiftMs, visit?.ask ?? queryData);
  // Whoever asks hears of a fault; an asking that is given up has nobody.
  frames.catch(() => {});
  return { compared: frames };
}

function askWith(runner: PanelRunner, panel: Panel, scope: DashboardScope, widthPx: number): void {
  try {
    void runner.run(requestOf(panel, scope, widthPx));
  } catch (error) {
    runner.fail(error instanceof Error ? error.message : String(error), error instanceof UnsupportedSource ? 'unsupported' : 'error');
  }
}

/** Lines of the page's own range up to now. Anything else asks for itself at each refresh. */
function isLiveKind(panel: Panel, { dashboard, isRelative, timeRange }: DashboardScope): boolean {
  // A range that ends some time before now has no room for what is new.
  const isNow = isRelative && dashboard.nowDelay === '' && timeRange.raw.to === 'now' && typeof timeRange.raw.from === 'string';
  const isPlain = panel.type === 'timeseries' && panel.timeFrom === '' && panel.timeShift === '' && panel.timeCompare === '';
  if (panel.targets.some(({ datasource }) => isExpressionSource(datasource))) return false;
  return isNow && isPlain && panel.targets.every((target) => target.hide || (target['instant'] !== true && target['exemplar'] !== true && !['table', 'heatmap'].includes(String(target['format']))));
}

/** Whether points come, and when the last did; on the clock of the page. */
interface LiveState {
  isFed: boolean;
  fedMs: number;
}

// After so long without a sample a panel asks for itself: its source may have stopped.
const SILENCE_MS_MAX = 30_000;

/** What the answer of a panel depends on; its title and its looks are not among it. */
function questionOf({ targets, datasource, transformations, interval, maxDataPoints, timeFrom, timeShift, timeCompare, bound }: Panel): string {
  return JSON.stringify([targets, datasource, transformations, interval, maxDataPoints, timeFrom, timeShift, timeCompare, bound]);
}

// 500 series of 600 points: some 27 ms to copy.
const FED_SAMPLES_MAX = 300_000;

const sampleCount = ({ frames }: PanelData): number => frames.reduce((sum, { length }) => sum + length, 0);

/** Watches for new samples of the panel; `question` stands for what it asks. */
function useLivePoints(runner: PanelRunner, panel: Panel, question: string, isActive: boolean, widthPx: number): RefObject<LiveState> {
  const connection = useLiveConnection();
  const scope = useScope();
  const latest = useRef({ panel, scope, widthPx });
  latest.current = { panel, scope, widthPx };
  const state = useRef<LiveState>({ isFed: false, fedMs: 0 });
  const { from } = scope.timeRange.raw;
  const canBeFed = connection !== undefined && isActive && isLiveKind(panel, scope);
  useEffect(() => {
    const fed = state.current;
    fed.isFed = false;
    if (!canBeFed) return undefined;
    const now = latest.current;
    const { queries } = requestOf(now.panel, now.scope, now.widthPx);
    if (queries.length === 0) return undefined;
    const feed = (): void => {
      fed.isFed = true;
      fed.fedMs = performance.now();
    };
    const unwatch = connection.watch({
      queries,
      from: String(from),
      onReady: () => {
        feed();
        // Once more, so that nothing is missed between the last answer and the first points. The range of the page ends
        // when it was last refreshed, which may be a minute ago for who has scrolled down.
        const { panel: shown, scope: page, widthPx: width } = latest.current;
        askWith(runner, shown, { ...page, window: windowUpTo(page.window, Date.now()) }, width);
      },
      onPoints: (points) => {
        // To copy so many at each step would cost more than to ask at each refresh.
        if (sampleCount(runner.data) > FED_SAMPLES_MAX) fed.isFed = false;
        else {
          feed();
          runner.add(points);
        }
      },
      onLost: () => {
        fed.isFed = false;
      },
    });
    return () => {
      fed.isFed = false;
      unwatch();
    };
  }, [connection, canBeFed, runner, question, scope.variables, scope.sources, from]);
  return state;
}

export function usePanelData(panel: Panel, widthPx: number, isActive: boolean): PanelData {
  const scope = useScope();
  const [data, setData] = useState<PanelData>(NO_DATA);
  const ask = scope.visit?.ask ?? queryData;
  const runner = useMemo(() => new PanelRunner(ask, quietly(setData)), [ask]);
  const width = useRef(widthPx);
  width.current = widthPx;
  const hasWidth = widthPx > 0;
  const question = useMemo(() => questionOf(panel), [panel]);
  const live = useLivePoints(runner, panel, question, isActive && hasWidth, widthPx);
  const { fromMs, toMs } = scope.window;
  const asked = useRef<readonly unknown[]>([]);
  useEffect(() => {
    if (!isActive || !hasWidth) return;
    // With the same question, all that has changed is the clock; a panel that is fed follows it by itself.
    const next = [question, scope.variables, scope.sources, scope.timeRange.raw.from, toMs - fromMs];
    const isRefresh = next.every((one, index) => one === asked.current[index]);
    asked.current = next;
    if (isRefresh && live.current.isFed && performance.now() - live.current.fedMs < SILENCE_MS_MAX) return;
    askWith(runner, panel, scope, width.current);
    // The scope is new with every refresh; what a panel asks depends on these parts of it.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [runner, question, scope.variables, scope.sources, fromMs, toMs, isActive, hasWidth]);
  useEffect(() => () => runner.cancel(), [runner]);
  return data;
}
