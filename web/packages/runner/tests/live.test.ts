import { FieldType, type DataFrame } from '@grafana/data';
import { describe, expect, test } from 'vitest';

import { LiveConnection, PanelRunner, withPoints, type LiveChange, type LivePoints, type Viewer } from '../src';

function series(labels: Record<string, string>, ...samples: Array<[time: number, value: number]>): DataFrame {
  return {
    length: samples.length,
    fields: [
      { name: 'Time', type: FieldType.time, config: {}, values: samples.map(([time]) => time) },
      { name: 'Value', type: FieldType.number, config: {}, labels, values: samples.map(([, value]) => value) },
    ],
  };
}
const samplesOf = (frame: DataFrame): unknown[] => frame.fields[0]?.values.map((time: number, index: number) => [time, frame.fields[1]?.values[index]]) ?? [];

describe('points', () => {
  const a = series({ job: 'a' }, [1, 1], [2, 2], [3, 3]);
  const b = series({ job: 'b' }, [1, 1], [2, 2]);
  test('take the place of what was there, and move the series on', () => {
    const next = withPoints([a], [series({ job: 'a' }, [3, 30], [4, 40])], { fromMs: 3, toMs: 4 }, 2);
    expect(next.map(samplesOf)).toEqual([[[2, 2], [3, 30], [4, 40]]]);
  });
  test('a series without a frame has no sample in the span; one with nothing left is gone', () => {
    expect(withPoints([a, b], [], { fromMs: 2, toMs: 4 }, 1).map(samplesOf)).toEqual([[[1, 1]], [[1, 1]]]);
    expect(withPoints([a, b], [], { fromMs: 2, toMs: 4 }, 2)).toEqual([]);
  });
  test('new labels are a new series, whatever their order', () => {
    const two = series({ x: '1', y: '2' }, [1, 1]);
    const next = withPoints([two], [series({ y: '2', x: '1' }, [2, 2]), series({ job: 'c' }, [2, 9])], { fromMs: 2, toMs: 2 }, 0);
    expect(next.map(samplesOf)).toEqual([[[1, 1], [2, 2]], [[2, 9]]]);
  });
  test('what lies behind the span stays behind it', () => {
    expect(withPoints([a], [series({ job: 'a' }, [2, 20])], { fromMs: 2, toMs: 2 }, 0).map(samplesOf)).toEqual([[[1, 1], [2, 20], [3, 3]]]);
  });
  test('what was given stays as it was', () => {
    withPoints([a], [series({ job: 'a' }, [3, 30])], { fromMs: 3, toMs: 3 }, 2);
    expect(samplesOf(a)).toEqual([[1, 1], [2, 2], [3, 3]]);
  });
});

/** A stream that a test speaks through, timers that it lets run out. */
function channel(answer: (body: Record<string, unknown>) => unknown) {
  const streams: Array<{ listeners: Map<string, (event: { data?: unknown }) => void>; isClosed: boolean; readyState: number }> = [];
  const timers: Array<{ callback: () => void; ms: number }> = [];
  const asked: Array<Record<string, unknown>> = [];
  const seen: { viewers: Viewer[]; changes: LiveChange[] } = { viewers: [], changes: [] };
  const connection = new LiveConnection({
    open: () => {
      const stream = { listeners: new Map<string, (event: { data?: unknown }) => void>(), isClosed: false, readyState: 1 };
      streams.push(stream);
      return {
        addEventListener: (type, listener) => void stream.listeners.set(type, listener),
        close: () => {
          stream.isClosed = true;
        },
        get readyState() {
          return stream.readyState;
        },
      };
    },
    subscribe: (body) => {
      asked.push(body);
      return Promise.resolve(answer(body));
    },
    onPresence: (viewers) => {
      seen.viewers = viewers;
    },
    onChange: (change) => void seen.changes.push(change),
    later: (callback, ms) => {
      const timer = { callback, ms };
      timers.push(timer);
      return () => void (timers.includes(timer) && timers.splice(timers.indexOf(timer), 1));
    },
  });
  const tell = (type: string, data?: object): void => streams.at(-1)?.listeners.get(type)?.(data ? { data: JSON.stringify(data) } : {});
  const runOut = async (most: number): Promise<void> => {
    for (const timer of timers.filter(({ ms }) => ms <= most)) {
      // One of those before may have taken it back.
      if (!timers.includes(timer)) continue;
      timers.splice(timers.indexOf(timer), 1);
      timer.callback();
    }
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { connection, streams, timers, asked, seen, tell, runOut };
}

function watcher() {
  const told: string[] = [];
  const watch = {
    queries: [{ refId: 'A', datasource: { uid: 'p', type: 'prometheus' }, intervalMs: 1000, maxDataPoints: 100 }],
    from: 'now-1h',
    onReady: () => void told.push('ready'),
    onPoints: ({ refId, span }: LivePoints) => void told.push(`points ${refId} ${span.fromMs}-${span.toMs}`),
    onLost: () => void told.push('lost'),
  };
  return { told, watch };
}

const givesChannel = (body: Record<string, unknown>) => ({
  channels: (body['panels'] as Array<{ panelId: number }>).map(({ panelId }) => ({ panelId, refId: 'A', channel: `c${panelId}` })),
});
const SOON = 1000;

describe('the connection', () => {
  test('asks for what is watched, and passes its points on', async () => {
    const { connection, asked, tell, runOut } = channel(givesChannel);
    const { told, watch } = watcher();
    connection.open();
    connection.watch(watch);
    tell('hello', { client: 'me', heartbeatMs: 5000 });
    await runOut(SOON);
    expect(asked).toEqual([{ client: 'me', from: 'now-1h', to: 'now', panels: [{ panelId: 1, queries: watch.queries }] }]);
    tell('points', { channel: 'c1', from: 1, to: 2, frames: [] });
    tell('points', { channel: 'c1', from: 3, to: 4, hasGap: true, frames: [] });
    expect(told).toEqual(['ready', 'points A 1-2', 'ready']);
  });

  test('points that come before their channel is named are not lost', async () => {
    const { connection, tell, runOut } = channel(givesChannel);
    const { told, watch } = watcher();
    connection.open();
    connection.watch(watch);
    tell('hello', { client: 'me' });
    tell('points', { channel: 'c1', from: 1, to: 2, frames: [] });
    await runOut(SOON);
    expect(told).toEqual(['ready', 'points A 1-2']);
  });

  test('a panel without a channel for each query asks for itself', async () => {
    const { connection, tell, runOut } = channel(() => ({ channels: [], refused: [{ panelId: 1 }] }));
    const { told, watch } = watcher();
    connection.open();
    connection.watch(watch);
    tell('hello', { client: 'me' });
    await runOut(SOON);
    expect(told).toEqual(['lost']);
  });

  test.each([
    ['the source fails', (tell: (type: string, data?: object) => void) => tell('error', { channel: 'c1', message: 'x' })],
    ['the channel is closed', (tell: (type: string, data?: object) => void) => tell('closed', { channel: 'c1', reason: 'x' })],
    ['the stream breaks', (tell: (type: string, data?: object) => void) => tell('error')],
    ['the stream ends', (tell: (type: string, data?: object) => void) => tell('end', { reason: 'dashboard' })],
  ])('when %s, the panel is told', async (_name, happen) => {
    const { connection, tell, runOut } = channel(givesChannel);
    const { told, watch } = watcher();
    connection.open();
    connection.watch(watch);
    tell('hello', { client: 'me' });
    await runOut(SOON);
    happen(tell);
    expect(told).toEqual(['ready', 'lost']);
  });

  test('a new stream of the same dashboard begins anew', async () => {
    const { connection, asked, streams, tell, runOut } = channel(givesChannel);
    const { told, watch } = watcher();
    connection.open();
    connection.watch(watch);
    tell('hello', { client: 'one' });
    await runOut(SOON);
    tell('end', { reason: 'slow' });
    await runOut(SOON);
    expect([streams.length, streams[0]?.isClosed]).toEqual([2, true]);
    tell('hello', { client: 'two' });
    await runOut(SOON);
    expect([asked.length, asked[1]?.['client'], told]).toEqual([2, 'two', ['ready', 'lost', 'ready']]);
  });

  test('without a sign of life it connects again; a server without the channel is asked again in a minute', async () => {
    const { connection, streams, timers, tell, runOut } = channel(givesChannel);
    connection.open();
    tell('hello', { client: 'me', heartbeatMs: 5000 });
    await runOut(15_000);
    await runOut(SOON);
    expect(streams.length).toBe(2);
    const [, last] = streams;
    if (last) last.readyState = 2;
    tell('error');
    expect(timers.map(({ ms }) => ms)).toEqual([60_000]);
  });

  test('who is here and what was changed', () => {
    const { connection, seen, tell } = channel(givesChannel);
    connection.open();
    tell('presence', { viewers: [{ login: 'ann', name: 'Ann' }, { login: 'bob', name: '' }] });
    tell('dashboard', { action: 'saved', by: 'ann', version: 7 });
    expect(seen).toEqual({ viewers: [{ login: 'ann', name: 'Ann' }, { login: 'bob', name: 'bob' }], changes: [{ action: 'saved', by: 'ann', version: 7 }] });
  });
});

describe('a panel that is fed', () => {
  const json = (samples: Array<[number, number]>) => ({
    schema: { fields: [{ name: 'Time', type: 'time' }, { name: 'Value', type: 'number', labels: { job: 'a' } }] },
    data: { values: [samples.map(([time]) => time), samples.map(([, value]) => value)] },
  });
  const query = { refId: 'A', datasource: { uid: 'p', type: 'prometheus' }, intervalMs: 1, maxDataPoints: 10 };
  const request = { fromMs: 0, toMs: 3, queries: [query], dashboardUid: '', panelId: 1 };
  const settled = () => new Promise((resolve) => setTimeout(resolve));

  test('goes on with new samples, its window as wide as before', async () => {
    const runner = new PanelRunner(() => Promise.resolve([{ refId: 'A', error: '', frames: [json([[1, 1], [2, 2], [3, 3]])] }]), () => {});
    await runner.run(request);
    const { structureRev } = runner.data;
    runner.add({ refId: 'A', span: { fromMs: 3, toMs: 4 }, frames: [json([[3, 30], [4, 40]])] });
    runner.add({ refId: 'A', span: { fromMs: 4, toMs: 5 }, frames: [json([[4, 41], [5, 50]])] });
    await settled();
    expect(runner.data.frames.map(samplesOf)).toEqual([[[2, 2], [3, 30], [4, 41], [5, 50]]]);
    expect(runner.data.window).toEqual({ fromMs: 2, toMs: 5 });
    expect(runner.data.structureRev).toBe(structureRev);
  });

  test('samples that come while a query is under way are put into its answer', async () => {
    let answer: (results: Array<{ refId: string; error: string; frames: unknown[] }>) => void = () => {};
    const runner = new PanelRunner(() => new Promise((resolve) => (answer = resolve)), () => {});
    const run = runner.run(request);
    runner.add({ refId: 'A', span: { fromMs: 3, toMs: 4 }, frames: [json([[3, 30], [4, 40]])] });
    answer([{ refId: 'A', error: '', frames: [json([[2, 2], [3, 3]])] }]);
    await run;
    await settled();
    expect(runner.data.frames.map(samplesOf)).toEqual([[[2, 2], [3, 30], [4, 40]]]);
  });

  test('samples stay that came before a request was sent which had to wait, and ends before them', async () => {
    const answers: Array<(results: Array<{ refId: string; error: string; frames: unknown[] }>) => void> = [];
    const runner = new PanelRunner(() => new Promise((resolve) => answers.push(resolve)), () => {});
    const first = runner.run(request);
    // The same once more, while the first is under way: it waits, and its window is of now.
    void runner.run(request);
    runner.add({ refId: 'A', span: { fromMs: 4, toMs: 4 }, frames: [json([[4, 40]])] });
    runner.add({ refId: 'A', span: { fromMs: 3, toMs: 3 }, frames: [json([[3, 30]])] });
    answers[0]?.([{ refId: 'A', error: '', frames: [json([[2, 2], [3, 3]])] }]);
    await settled();
    answers[1]?.([{ refId: 'A', error: '', frames: [json([[2, 2], [3, 3]])] }]);
    await first;
    await settled();
    expect(runner.data.frames.map(samplesOf)).toEqual([[[2, 2], [3, 3], [4, 40]]]);
  });
});
