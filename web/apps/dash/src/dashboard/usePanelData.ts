// The data of one panel, asked again whenever the range, the variables or the panel change.
import { queryData } from '@narthex/grafanaapi';
import type { DataFrame } from '@grafana/data';
import type { Panel } from '@narthex/dashmodel';
import { transformFrames } from '@narthex/frames';
import { buildQueries, NO_DATA, panelLookup, PanelRunner, panelWindow, type PanelData } from '@narthex/runner';
import { interpolate, prometheusFormat } from '@narthex/vars';
import { useEffect, useMemo, useRef, useState } from 'react';

import { useScope, type DashboardScope } from './scope';

function ask(runner: PanelRunner, panel: Panel, scope: DashboardScope, widthPx: number): void {
  const lookup = panelLookup(scope.variables, panel.bound, scope.builtins);
  const context = {
    sources: scope.sources,
    window: scope.window,
    isRelative: scope.isRelative,
    widthPx,
    write: (text: string) => interpolate(text, { lookup }),
    writeQuery: (text: string) => interpolate(text, { lookup, write: prometheusFormat }),
  };
  try {
    const queries = buildQueries(panel, context);
    const window = panelWindow(panel, context);
    const transform = (frames: DataFrame[]) => transformFrames(frames, panel.transformations, context.write);
    void runner.run({ ...window, queries, transform, dashboardUid: scope.dashboard.uid, panelId: panel.id });
  } catch (error) {
    runner.fail(error instanceof Error ? error.message : String(error));
  }
}

export function usePanelData(panel: Panel, widthPx: number, isActive: boolean): PanelData {
  const scope = useScope();
  const [data, setData] = useState<PanelData>(NO_DATA);
  const runner = useMemo(() => new PanelRunner(queryData, setData), []);
  const width = useRef(widthPx);
  width.current = widthPx;
  const hasWidth = widthPx > 0;
  const { fromMs, toMs } = scope.window;
  useEffect(() => {
    if (isActive && hasWidth) ask(runner, panel, scope, width.current);
    // The scope is new with every refresh; what a panel asks depends on these parts of it.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [runner, panel, scope.variables, scope.sources, fromMs, toMs, isActive, hasWidth]);
  useEffect(() => () => runner.cancel(), [runner]);
  return data;
}
