// Dashboards of many series over the stand-in, and what a page's main thread spends on them by the browser's
// own counters. Processor time, not the clock: other load on the machine does not count.
import type { CDPSession, Page } from '@playwright/test';

import type { StandIn } from './stand_in';

const RANGE_MS = 600_000;
const STEP = '1s';
// 600 steps of a second.
const POINTS = 600;
const QUIET_MS = 300;
// To look costs a few tasks itself.
const LOOK_CPU_MS_MAX = 12;
const LOOK_COUNT_MAX = 100;

export interface Load {
  panels: number;
  series: number;
  points?: number;
  legend?: boolean;
  drawStyle?: 'line' | 'points';
}

/** Saves a dashboard of time series panels, four abreast; its address. */
export async function saveLoad(page: Page, standIn: StandIn, { panels, series, points = POINTS, legend = true, drawStyle = 'line' }: Load): Promise<string> {
  const isOne = panels === 1;
  const dashboard = {
    title: `${panels} panels of ${series} series`,
    panels: Array.from({ length: panels }, (_, index) => ({
      id: index + 1,
      type: 'timeseries',
      title: `Panel ${index + 1}`,
      gridPos: isOne ? { x: 0, y: 0, w: 24, h: 18 } : { x: (index % 4) * 6, y: Math.floor(index / 4) * 5, w: 6, h: 5 },
      datasource: { type: 'prometheus', uid: 'prometheus' },
      interval: STEP,
      maxDataPoints: points,
      targets: [{ refId: 'A', expr: `load_series{count="${series}"}`, legendFormat: '{{series}}', range: true }],
      fieldConfig: { defaults: { unit: 'short', custom: { drawStyle } }, overrides: [] },
      options: { legend: { showLegend: legend, placement: 'bottom', displayMode: 'list', calcs: [] }, tooltip: { mode: 'multi' } },
    })),
  };
  const answer = await page.request.post(`${standIn.url}/api/dashboards/db`, { data: { dashboard, overwrite: true } });
  const saved: unknown = await answer.json();
  if (typeof saved !== 'object' || saved === null || !('url' in saved)) throw new Error(`not saved: ${JSON.stringify(saved)}`);
  return `${standIn.url}${String(saved.url)}?from=now-${RANGE_MS / 60_000}m&to=now&refresh=`;
}

export class MainThread {
  private constructor(
    private readonly page: Page,
    private readonly session: CDPSession,
  ) {}

  static async of(page: Page): Promise<MainThread> {
    const session = await page.context().newCDPSession(page);
    await session.send('Performance.enable', { timeDomain: 'threadTicks' });
    return new MainThread(page, session);
  }

  async metric(name: string): Promise<number> {
    const { metrics } = await this.session.send('Performance.getMetrics');
    const found = metrics.find((metric) => metric.name === name);
    if (!found) throw new Error(`Chromium has no metric ${name}`);
    return found.value;
  }

  /** Processor time of the main thread so far, in milliseconds. */
  async cpuMs(): Promise<number> {
    return (await this.metric('ThreadTime')) * 1000;
  }

  /** Bytes of live objects. */
  async heapBytes(): Promise<number> {
    await this.session.send('HeapProfiler.collectGarbage');
    await this.session.send('HeapProfiler.collectGarbage');
    return this.metric('JSHeapUsedSize');
  }

  /** Waits until the page has nothing left to do; its processor time by then, without the last look at it. */
  async settle(): Promise<number> {
    for (let look = 0; look < LOOK_COUNT_MAX; look += 1) {
      const before = await this.cpuMs();
      await this.page.evaluate((ms) => new Promise((resolve) => setTimeout(() => requestAnimationFrame(resolve), ms)), QUIET_MS);
      if ((await this.cpuMs()) - before < LOOK_CPU_MS_MAX) return before;
    }
    throw new Error('the page does not come to rest');
  }
}

interface TraceEvent {
  name: string;
  ph: string;
  pid: number;
  tid: number;
  /** Processor time, in microseconds. */
  tdur?: number;
  args?: { name?: string };
}

const isEvent = (value: unknown): value is TraceEvent => typeof value === 'object' && value !== null && 'name' in value && 'ph' in value && 'tid' in value;

/** The longest task of the busiest page's main thread, in milliseconds of processor time. */
export function longestTaskMs(trace: unknown): number {
  const found: unknown = typeof trace === 'object' && trace !== null && 'traceEvents' in trace ? trace.traceEvents : [];
  const events = Array.isArray(found) ? found.filter(isEvent) : [];
  const keyOf = ({ pid, tid }: TraceEvent): string => `${pid}/${tid}`;
  const mains = new Set(events.filter(({ name, args }) => name === 'thread_name' && args?.name === 'CrRendererMain').map(keyOf));
  const tasks = new Map<string, TraceEvent[]>();
  for (const event of events) {
    if (event.ph !== 'X' || !event.name.includes('RunTask') || !mains.has(keyOf(event))) continue;
    const list = tasks.get(keyOf(event)) ?? [];
    list.push(event);
    tasks.set(keyOf(event), list);
  }
  const busiest = [...tasks.values()].toSorted((a, b) => b.length - a.length)[0] ?? [];
  return Math.max(0, ...busiest.map(({ tdur }) => (tdur ?? 0) / 1000));
}
