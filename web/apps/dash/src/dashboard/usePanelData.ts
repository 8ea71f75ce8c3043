// The data of one panel, asked again whenever the range, the variables or the panel change.
import { queryData } from '@narthex/grafanaapi';
import type { DataFrame } from '@grafana/data';
import type { Panel } from '@narthex/dashmodel';
import { transformFrames } from '@narthex/frames';
import { buildQueries, localFrames, NO_DATA, panelLookup, PanelRunner, panelWindow, UnsupportedSource, withShared, type PanelData } from '@narthex/runner';
import { interpolate, prometheusFormat } from '@narthex/vars';
import { useEffect, useMemo, useRef, useState } from 'react';

import { useScope, type DashboardScope } from './scope';

function ask(runner: PanelRunner, given: Panel, scope: DashboardScope, widthPx: number): void {
  const panel = withShared(given, scope.dashboard.panels);
  const lookup = panelLookup(scope.variables, panel.bound, scope.builtins);
  const context = {
    sources: scope.sources,
    window: scope.window,
    isRelative: scope.isRelative,
    widthPx,
    write: (text: string) => interpolate(text, { lookup }),
    writeQuery: (text: string) => interpolate(text, { lookup, write: prometheusFormat }),
    narrow: scope.narrow,
  };
  try {
    const queries = buildQueries(panel, context);
    const window = panelWindow(panel, context);
    const transform = (frames: DataFrame[]) => transformFrames(frames, panel.transformations, context.write);
    const local = localFrames(panel, window);
    void runner.run({ ...window, queries, local, transform, dashboardUid: scope.dashboard.uid, panelId: panel.id });
  } catch (error) {
    runner.fail(error instanceof Error ? error.message : String(error), error instanceof UnsupportedSource ? 'unsupported' : 'error');
  }
}

/** What the answer of a panel depends on; its title and its looks are not among it. */
function questionOf({ targets, datasource, transformations, interval, maxDataPoints, timeFrom, timeShift, bound }: Panel): string {
  return JSON.stringify([targets, datasource, transformations, interval, maxDataPoints, timeFrom, timeShift, bound]);
}

export function usePanelData(panel: Panel, widthPx: number, isActive: boolean): PanelData {
  const scope = useScope();
  const [data, setData] = useState<PanelData>(NO_DATA);
  const runner = useMemo(() => new PanelRunner(queryData, setData), []);
  const width = useRef(widthPx);
  width.current = widthPx;
  const hasWidth = widthPx > 0;
  const question = useMemo(() => questionOf(panel), [panel]);
  const { fromMs, toMs } = scope.window;
  useEffect(() => {
    if (isActive && hasWidth) ask(runner, panel, scope, width.current);
    // The scope is new with every refresh; what a panel asks depends on these parts of it.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [runner, question, scope.variables, scope.sources, fromMs, toMs, isActive, hasWidth]);
  useEffect(() => () => runner.cancel(), [runner]);
  return data;
}
