// Files made by other programs, by hand or by time hold what no schema says: keys left out, other types, nulls.
// Whatever stands in one, the page opens and each panel is drawn or says why not: nothing throws.
import fs from 'node:fs';
import path from 'node:path';

import { createTheme, FieldType, type DataFrame } from '@grafana/data';
import { buildSections, expandRepeats, loadDashboard, UnsupportedDashboard, type AnyRecord, type Dashboard, type Panel } from '@narthex/dashmodel';
import { applyFieldConfig, shapeFrames, transformFrames, withDefaults } from '@narthex/frames';
import { findPanel, type PanelProps } from '@narthex/panels';
import { buildQueries, builtinScope, isAsked, localFrames, marksFrom, panelLookup, panelWindow, regionMarks, resolveVariables, storedSearch, UnsupportedSource, variableFromJson, withShared } from '@narthex/runner';
import { interpolate, prometheusFormat, type Variable } from '@narthex/vars';
import { act, type ComponentType } from 'react';
import { createRoot } from 'react-dom/client';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';

import { repeatValues } from '../src/dashboard/repeat_values';
import { windowRange } from '../src/dashboard/time';
import { mutated, random } from './mutation';

// More, or others: NARTHEX_MUTANTS=60 NARTHEX_SEED=1 npx vitest run apps/dash/tests/odd_files.test.tsx
const MUTANTS = Number(process.env['NARTHEX_MUTANTS'] ?? 10);
const SEED = Number(process.env['NARTHEX_SEED'] ?? 7);
const CORPUS = path.join(process.env['NARTHEX_CONFORMANCE'] ?? path.resolve(__dirname, '../../../../../shared/conformance'), 'dashboards');
const OWN = path.resolve(__dirname, '../../../packages/testing/dashboards');
const window = { fromMs: Date.UTC(2026, 0, 1), toMs: Date.UTC(2026, 0, 2) };
const theme = createTheme();
const source = { uid: 'prometheus', name: 'Prometheus', type: 'prometheus', isDefault: true, jsonData: {} };
const sources = { dataSources: [source], defaultDataSource: 'Prometheus' };
const builtins = builtinScope({ window, dashboard: { uid: 'u', title: 't' }, user: { id: 1, login: 'a', email: '', orgId: 1, orgName: '' }, timeZone: 'utc', theme: 'dark' });

/** Throws where the folder is not there: an empty list would pass every test. */
function filesOf(folder: string): string[] {
  const files = fs.readdirSync(folder).filter((name) => name.endsWith('.json') && name !== 'INDEX.json');
  expect(files).not.toEqual([]);
  return files.map((name) => path.join(folder, name));
}

const times = Array.from({ length: 24 }, (_, index) => window.fromMs + index * 3_600_000);

/** What a query may answer: series with holes, nothing, one sample, texts. */
function answers(refId: string, next: () => number): DataFrame[] {
  const kind = Math.floor(next() * 8);
  if (kind === 0) return [];
  const at = kind === 1 ? times.slice(0, 1) : times;
  const value = (index: number): unknown => (kind === 2 ? ['up', 'down', null][index % 3] : index % 7 === 3 ? null : kind === 3 && index % 5 === 0 ? NaN : (index * 7919) % 101);
  return Array.from({ length: kind === 4 ? 12 : 3 }, (_, series) => ({
    refId,
    length: at.length,
    fields: [
      { name: 'Time', type: FieldType.time, config: kind === 5 ? {} : { interval: 3_600_000 }, values: at },
      { name: 'Value', type: kind === 2 ? FieldType.string : FieldType.number, config: {}, labels: { le: String(series), instance: `n${series}` }, values: at.map((__, index) => value(index + series)) },
    ],
  }));
}

const components = new Map<string, ComponentType<PanelProps>>();

const timers = new Set<ReturnType<typeof setTimeout>>();

beforeAll(async () => {
  vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true);
  // What a layout waits for before it draws what it holds.
  vi.stubGlobal(
    'ResizeObserver',
    class {
      constructor(private readonly tell: (entries: unknown[]) => void) {}
      observe(target: Element): void {
        this.tell([{ target, contentRect: { width: 300, height: 60, x: 0, y: 0, top: 0, left: 0, right: 300, bottom: 60 }, borderBoxSize: [{ inlineSize: 300, blockSize: 60 }], contentBoxSize: [{ inlineSize: 300, blockSize: 60 }] }]);
      }
      unobserve(): void {}
      disconnect(): void {}
    },
  );
  vi.stubGlobal('matchMedia', () => ({ matches: false, addEventListener() {}, removeEventListener() {}, addListener() {}, removeListener() {} }));
  vi.stubGlobal('Path2D', class {
    addPath(): void {}
    arc(): void {}
    closePath(): void {}
    lineTo(): void {}
    moveTo(): void {}
    bezierCurveTo(): void {}
    quadraticCurveTo(): void {}
    rect(): void {}
    roundRect(): void {}
  });
  const gradient = { addColorStop() {} };
  const context: object = new Proxy(
    { measureText: (text: unknown) => ({ width: String(text).length * 7, actualBoundingBoxAscent: 8, actualBoundingBoxDescent: 2 }), createLinearGradient: () => gradient, canvas: { width: 600, height: 300 } },
    { get: (target, key) => Reflect.get(target, key) ?? (() => {}), set: () => true },
  );
  vi.spyOn(HTMLCanvasElement.prototype, 'getContext').mockImplementation((() => context) as never);
  // The lists ask the server; here nobody answers.
  vi.stubGlobal('fetch', () => new Promise(() => {}));
  const later = globalThis.setTimeout;
  vi.stubGlobal('setTimeout', (...call: Parameters<typeof setTimeout>) => {
    const timer = later(...call);
    timers.add(timer);
    return timer;
  });
});

afterAll(() => {
  // A tooltip draws itself once more a moment after its panel has gone, when there may be no page any more.
  for (const timer of timers) clearTimeout(timer);
  vi.unstubAllGlobals();
});

/** The plugin's component under React, which throws on where a component throws. */
async function draw(panel: Panel, frames: DataFrame[], variables: readonly Variable[]): Promise<void> {
  const plugin = findPanel(panel.type);
  if (!plugin) return;
  const lookup = panelLookup(variables, panel.bound, builtins);
  const fieldConfig = withDefaults(panel.fieldConfig, plugin.fieldDefaults);
  const applied = applyFieldConfig({ frames, fieldConfig, theme, timeZone: 'utc', replaceVariables: (text) => interpolate(text ?? '', { lookup }) });
  const Component = components.get(plugin.id) ?? (await plugin.load()).default;
  components.set(plugin.id, Component);
  const common = { id: panel.id, title: panel.title, options: panel.options, frames: applied, structureRev: 1, timeRange: windowRange(window, 'utc'), timeZone: 'utc', cursorSync: 1, marks: [], exemplars: [] };
  const faults: unknown[] = [];
  const root = createRoot(document.body.appendChild(document.createElement('div')), { onUncaughtError: (error) => faults.push(error) });
  await act(async () => root.render(<Component {...common} width={400} height={260} interpolate={(text) => interpolate(text, { lookup })} onZoom={() => {}} />));
  await act(async () => root.unmount());
  document.body.replaceChildren();
  if (faults.length > 0) throw faults[0];
}

async function openAll(json: unknown, next: () => number, onFault: (error: unknown) => void): Promise<void> {
  let dashboard: Dashboard;
  try {
    dashboard = loadDashboard(json);
  } catch (error) {
    // A file that is told to be none is an answer as well.
    if (error instanceof UnsupportedDashboard) return;
    throw error;
  }
  const fetchResource = async (): Promise<unknown> => ['one', 'two'];
  const { variables } = await resolveVariables(dashboard.variables.map(variableFromJson), { sources, window, builtins, wanted: new Map(), fetchResource });
  const panels = expandRepeats(dashboard.panels, repeatValues(variables));
  const sections = buildSections(panels);
  for (const annotation of dashboard.annotations) {
    marksFrom(answers('Anno', next), annotation);
    storedSearch(annotation, 'u');
    if (isAsked(annotation)) await regionMarks(annotation, window, dashboard.timezone);
  }
  for (const { panel } of sections.flatMap((section) => section.panels)) {
    await openPanel(panel, dashboard, variables, next).catch(onFault);
  }
}

async function openPanel(given: Panel, dashboard: Dashboard, variables: readonly Variable[], next: () => number): Promise<void> {
  const panel = withShared(given, dashboard.panels);
  const lookup = panelLookup(variables, panel.bound, builtins);
  const write = (text: string): string => interpolate(text, { lookup });
  const context = { sources, window, isRelative: true, widthPx: 400, write, writeQuery: (text: string) => interpolate(text, { lookup, write: prometheusFormat }), narrow: (expr: string) => expr };
  let refs: Array<{ refId: string; format?: unknown }>;
  try {
    refs = buildQueries(panel, context);
  } catch (error) {
    if (error instanceof UnsupportedSource) return;
    throw error;
  }
  const local = await localFrames(panel, panelWindow(panel, context), 'utc');
  const shaped = [...local, ...refs.flatMap(({ refId, format }) => shapeFrames(format, answers(refId, next), refs.length > 1))];
  const { frames } = await transformFrames(shaped, panel.transformations, write);
  await draw(panel, frames, variables);
}

const shown = (error: unknown): string => (error instanceof Error ? `${error.message}\n${(error.stack ?? '').split('\n').slice(0, 6).join('\n')}` : String(error));

/** Faults by what they say and where, each with how to see it again. */
async function faultsOf(files: readonly string[], mutants: number): Promise<string[]> {
  const faults = new Map<string, string>();
  for (const [at, file] of files.entries()) {
    const json: AnyRecord = JSON.parse(fs.readFileSync(file, 'utf8'));
    for (let turn = 0; turn < mutants; turn += 1) {
      const seed = SEED + at * 1000 + turn;
      const next = random(seed);
      const { json: odd, changes } = turn === 0 ? { json, changes: [] } : mutated(json, next);
      const tell = (error: unknown): void => {
        const text = shown(error);
        if (!faults.has(text)) faults.set(text, `${path.basename(file)}, seed ${seed}, ${changes.join('; ').slice(0, 300)}\n${text}`);
      };
      await openAll(odd, next, tell).catch(tell);
    }
  }
  return [...faults.values()];
}

async function withoutNoise(run: () => Promise<void>): Promise<void> {
  const quiet = [vi.spyOn(console, 'error'), vi.spyOn(console, 'warn')].map((spy) => spy.mockImplementation(() => {}));
  try {
    await run();
  } finally {
    for (const spy of quiet) spy.mockRestore();
  }
}

test('dashboards of our own, and variants of them', { timeout: 280_000 }, () => withoutNoise(async () => expect((await faultsOf(filesOf(OWN), MUTANTS)).join('\n\n')).toBe('')));

// Where CI runs it has to be there: the test then fails for want of it.
test.skipIf(!fs.existsSync(CORPUS) && process.env['CI'] !== 'true')('dashboards of others, and variants of them', { timeout: 280_000 }, () =>
  withoutNoise(async () => expect((await faultsOf(filesOf(CORPUS), Math.ceil(MUTANTS / 20))).join('\n\n')).toBe('')),
);
