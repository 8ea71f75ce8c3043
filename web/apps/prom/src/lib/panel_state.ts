// What one query panel shows, and the address it has: `g0.expr=up&g0.tab=graph&g0.range_input=1h`.
// The parameters are those of Prometheus, old links (`g0.tab=0`, `g0.step_input`, `g0.stacked`) included.
import { formatDuration, parseDuration } from './duration';
import type { Density, Resolution } from './step';
import { formatInstant, parseInstant } from './time_text';

export type Tab = 'table' | 'graph' | 'explain';

export interface PanelState {
  expr: string;
  tab: Tab;
  rangeSeconds: number;
  // Seconds since the epoch: end of the graph; undefined is now, at each run.
  endTime: number | undefined;
  // Seconds since the epoch: instant of the table; undefined is now, at each run.
  evaluationTime: number | undefined;
  resolution: Resolution;
  isStacked: boolean;
  isFromZero: boolean;
  // Parameters of this panel that these pages do not use; kept, so that an address survives a visit.
  foreign: Record<string, string>;
}

export const DEFAULT_PANEL: PanelState = {
  expr: '',
  tab: 'table',
  rangeSeconds: 3600,
  endTime: undefined,
  evaluationTime: undefined,
  resolution: { kind: 'auto', density: 'medium' },
  isStacked: false,
  isFromZero: false,
  foreign: {},
};

// More panels than anyone looks at; a link is no way to freeze a browser.
const PANELS_MAX = 50;

const DENSITIES: readonly Density[] = ['low', 'medium', 'high'];
const RESOLUTION_KEYS = new Set(['res_type', 'res_density', 'res_step', 'step_input']);

function readResolution(params: ReadonlyMap<string, string>): Resolution {
  const fixedText = params.get('res_step') ?? params.get('step_input') ?? '';
  const stepSeconds = parseDuration(fixedText);
  const isFixed = params.get('res_type') !== 'auto' && stepSeconds !== undefined && stepSeconds > 0;
  if (isFixed) return { kind: 'fixed', stepSeconds };
  const density = DENSITIES.find((word) => word === params.get('res_density'));
  return { kind: 'auto', density: density ?? 'medium' };
}

function readPanel(params: ReadonlyMap<string, string>): PanelState {
  const panel: PanelState = { ...DEFAULT_PANEL, foreign: {}, resolution: readResolution(params) };
  for (const [name, value] of params) {
    switch (name) {
      case 'expr':
        panel.expr = value;
        break;
      case 'tab':
        panel.tab = value === '0' || value === 'graph' ? 'graph' : value === 'explain' ? 'explain' : 'table';
        break;
      case 'range_input': {
        const range = parseDuration(value);
        if (range !== undefined && range > 0) panel.rangeSeconds = range;
        break;
      }
      case 'end_input':
        panel.endTime = parseInstant(value, 'utc');
        break;
      case 'moment_input':
        panel.evaluationTime = parseInstant(value, 'utc');
        break;
      case 'stacked':
        panel.isStacked ||= value === '1';
        break;
      case 'display_mode':
        panel.isStacked ||= value === 'stacked';
        break;
      case 'y_axis_min':
        panel.isFromZero = value === '0' || value === 'zero';
        break;
      default:
        if (!RESOLUTION_KEYS.has(name)) panel.foreign[name] = value;
    }
  }
  return panel;
}

// The panels of an address, in the order of their numbers; one empty panel if it names none.
export function parsePanels(search: string): PanelState[] {
  const byNumber = new Map<number, Map<string, string>>();
  for (const [key, value] of new URLSearchParams(search)) {
    const match = /^g(\d{1,6})\.(\w+)$/.exec(key);
    if (match?.[1] === undefined || match[2] === undefined) continue;
    const number = Number(match[1]);
    const params = byNumber.get(number) ?? new Map<string, string>();
    byNumber.set(number, params.set(match[2], value));
  }
  const numbers = [...byNumber.keys()].sort((a, b) => a - b).slice(0, PANELS_MAX);
  const panels = numbers.map((number) => readPanel(byNumber.get(number) ?? new Map()));
  return panels.length === 0 ? [{ ...DEFAULT_PANEL, foreign: {} }] : panels;
}

function writePanel(panel: PanelState): [string, string][] {
  const pairs: [string, string][] = [
    ['expr', panel.expr],
    ['tab', panel.tab],
  ];
  if (panel.tab === 'graph' || panel.rangeSeconds !== DEFAULT_PANEL.rangeSeconds) {
    pairs.push(['range_input', formatDuration(panel.rangeSeconds)]);
  }
  if (panel.endTime !== undefined) pairs.push(['end_input', formatInstant(panel.endTime, 'utc')]);
  if (panel.evaluationTime !== undefined) {
    pairs.push(['moment_input', formatInstant(panel.evaluationTime, 'utc')]);
  }
  if (panel.resolution.kind === 'fixed') {
    pairs.push(['res_type', 'fixed'], ['res_step', String(panel.resolution.stepSeconds)]);
  } else if (panel.resolution.density !== 'medium') {
    pairs.push(['res_type', 'auto'], ['res_density', panel.resolution.density]);
  }
  if (panel.isStacked) pairs.push(['display_mode', 'stacked']);
  if (panel.isFromZero) pairs.push(['y_axis_min', '0']);
  return [...pairs, ...Object.entries(panel.foreign)];
}

// The part of the address behind '?', '' for one panel that was not touched.
export function formatPanels(panels: readonly PanelState[]): string {
  const isUntouched =
    panels.length === 1 && panels.every((panel) => panel.expr === '' && panel.tab === DEFAULT_PANEL.tab);
  if (isUntouched) return '';
  const params = new URLSearchParams();
  panels.forEach((panel, index) => {
    for (const [name, value] of writePanel(panel)) params.set(`g${index}.${name}`, value);
  });
  return params.toString();
}
