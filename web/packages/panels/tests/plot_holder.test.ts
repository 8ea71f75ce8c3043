// What a chart is built, told and spared of, and in how many tasks.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { LARGE_SERIES_COUNT_MIN, PlotHolder, type Asked } from '../src/plot/plot_holder';

const told = vi.hoisted(() => [] as string[]);

vi.mock('uplot', () => ({
  default: class {
    root = document.createElement('div');
    private readonly name: string;
    constructor(options: { name: string; width: number }, data: number[][], then: (plot: unknown, init: () => void) => void) {
      this.name = options.name;
      told.push(`build ${this.name} ${options.width} of ${data[0]?.join()}`);
      then(this, () => told.push(`init ${this.name}`));
    }
    setSize({ width, height }: { width: number; height: number }): void {
      told.push(`size ${width} ${height}`);
    }
    setData(data: number[][]): void {
      told.push(`data ${data[0]?.join()}`);
    }
    redraw(isOfNewPaths: boolean): void {
      told.push(`redraw ${isOfNewPaths}`);
    }
    destroy(): void {
      told.push(`destroy ${this.name}`);
    }
  },
}));

const config = (name: string, count: number): Asked['config'] => ({ getSeries: () => Array.from({ length: count }), getConfig: () => ({ name }) }) as unknown as Asked['config'];
const asked = (over: Partial<Asked> = {}): Asked => ({ config: config('a', 3), data: [[1]], width: 300.6, height: 100.2, ...over });

beforeEach(() => {
  told.length = 0;
  vi.useFakeTimers();
});
afterEach(() => void vi.useRealTimers());

function since(work: () => void): string[] {
  told.length = 0;
  work();
  return [...told];
}

test('a small chart is done at once', () => {
  const box = document.createElement('div');
  const holder = new PlotHolder(box);
  const first = asked();
  expect(since(() => holder.show({ ...first, width: 0, height: 0 }))).toEqual([]);
  expect(since(() => holder.show(first))).toEqual(['build a 300 of 1', 'init a']);
  expect(box.children).toHaveLength(1);
  expect(since(() => holder.show({ ...first }))).toEqual([]);
  expect(since(() => holder.show({ ...first, width: 200 }))).toEqual(['size 200 100']);
  expect(since(() => holder.show({ ...first, data: [[2]] }))).toEqual(['size 300 100', 'data 2']);
  const third: Asked['data'] = [[3]];
  // New data draw what lies over them, too.
  expect(since(() => holder.show({ ...first, data: third, overlay: 1 }))).toEqual(['data 3']);
  expect(since(() => holder.show({ ...first, data: third, overlay: 2 }))).toEqual(['redraw false']);
  expect(since(() => holder.show(asked({ config: config('b', 3) })))).toEqual(['destroy a', 'build b 300 of 1', 'init b']);
  expect(since(() => holder.end())).toEqual(['destroy b']);
});

test('a large one takes a task for each step', () => {
  const holder = new PlotHolder(document.createElement('div'));
  const first = asked({ config: config('a', LARGE_SERIES_COUNT_MIN) });
  const next = (): string[] => since(() => vi.runOnlyPendingTimers());
  expect(since(() => holder.show(first))).toEqual([]);
  expect(next()).toEqual(['build a 300 of 1']);
  expect(next()).toEqual(['init a']);
  expect(next()).toEqual([]);
  expect(since(() => holder.show({ ...first, width: 200, data: [[2]] }))).toEqual([]);
  expect(next()).toEqual(['size 200 100']);
  expect(next()).toEqual(['data 2']);
  expect(next()).toEqual([]);
});

test('what is asked for meanwhile comes next, the newest of it only', () => {
  const holder = new PlotHolder(document.createElement('div'));
  const first = asked({ config: config('a', LARGE_SERIES_COUNT_MIN) });
  const next = (): string[] => since(() => vi.runOnlyPendingTimers());
  holder.show(first);
  next();
  holder.show({ ...first, data: [[2]] });
  holder.show({ ...first, data: [[3]] });
  expect(next()).toEqual(['init a']);
  expect(next()).toEqual(['data 3']);
  holder.show({ ...first, config: config('b', LARGE_SERIES_COUNT_MIN) });
  holder.end();
  expect(next()).toEqual([]);
});
