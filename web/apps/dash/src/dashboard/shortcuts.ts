// What the keys do on a dashboard. Those of two letters come one after the other; those of a panel mean the one under
// the pointer or with the focus. Source: spec grafana.md, NAV-5.
import { duplicatePanel, removePanel, type Panel } from '@narthex/dashmodel';
import { record, text, type AnyRecord } from '@narthex/dashmodel/json';
import { moveWindow, parseRawTime, zoomInWindow, zoomOutWindow } from '@narthex/timeutil';

import { copyText } from '../components/copy_text';
import type { Editing } from '../edit/EditContext';
import { copiedPanel, copyPanel, pastePanel } from '../edit/panel_clipboard';
import { exploreAddress } from '../explore/address';
import { navigate, updateSearch } from '../router/location';
import { turnLegend } from './legend_turn';
import { isCopy, turnRows } from './rows';
import type { DashboardScope } from './scope';
import { windowToUrl } from './time';
import { writerFor } from './useWriter';

export interface Actions {
  scope: DashboardScope;
  panels: readonly Panel[];
  editing: Editing;
  canEdit: boolean;
  onRefresh: () => void;
  onSave: () => void;
  onEdit: (isEditing: boolean) => void;
  /** How cursors go together, until the page is left: each alone, one line, one tooltip. */
  onCursor: (mode: number) => void;
  onExemplars: () => void;
}

type Action = (actions: Actions, search: URLSearchParams) => void;
type PanelAction = (panel: Panel, actions: Actions, search: URLSearchParams) => void;

const CURSOR_MODES = 3;
const RANGE_KEY = 'narthex.copied_range';

const isOn = (search: URLSearchParams, name: string): boolean => search.has(name) && search.get(name) !== 'false';
const toggleKiosk: Action = (_actions, search) => updateSearch({ kiosk: isOn(search, 'kiosk') ? undefined : 'true' });
const toggleFit: Action = (_actions, search) => updateSearch({ autofitpanels: isOn(search, 'autofitpanels') ? undefined : 'true' });
const toWindow = (window: { fromMs: number; toMs: number }): void => updateSearch(windowToUrl(window));
const zoomOut: Action = ({ scope }) => toWindow(zoomOutWindow(scope.window));
const zoomIn: Action = ({ scope }) => toWindow(zoomInWindow(scope.window));

function copyRange({ scope: { timeRange } }: Actions): void {
  const { from, to } = timeRange.raw;
  const one = (time: unknown): string => (typeof time === 'string' ? time : String(Number(time)));
  const range = JSON.stringify({ from: one(from), to: one(to) });
  window.sessionStorage.setItem(RANGE_KEY, range);
  void copyText(range);
}

/** The range in what was copied; undefined for anything else. */
export function rangeIn(copied: string): { from: string; to: string } | undefined {
  let range: AnyRecord;
  try {
    range = record(JSON.parse(copied));
  } catch {
    return undefined;
  }
  const [from, to] = [text(range['from']), text(range['to'])];
  return parseRawTime(from) === undefined || parseRawTime(to) === undefined ? undefined : { from, to };
}

/** From another page or another program; where the browser does not give it, what was copied in this window. */
async function pasteRange(): Promise<void> {
  const copied = await navigator.clipboard?.readText().catch(() => '');
  const range = rangeIn(copied ?? '') ?? rangeIn(window.sessionStorage.getItem(RANGE_KEY) ?? '');
  if (range) updateSearch(range);
}

function paste({ editing }: Actions): void {
  const copied = copiedPanel();
  if (editing.isEditing && copied) editing.change(pastePanel(editing.json, copied));
}

export const PAIRS: Readonly<Record<string, Action>> = {
  'd r': ({ onRefresh }) => onRefresh(),
  'd k': toggleKiosk,
  'd v': toggleKiosk,
  'd s': ({ canEdit }) => canEdit && updateSearch({ editview: 'general', editPanel: undefined, viewPanel: undefined }),
  'd p': ({ canEdit, editing, onEdit }) => canEdit && onEdit(!editing.isEditing),
  'd E': () => turnRows('expand'),
  'd C': () => turnRows('collapse'),
  'd a': toggleFit,
  'd x': ({ onExemplars }) => onExemplars(),
  'p v': paste,
  't z': zoomOut,
  't -': zoomOut,
  't +': zoomIn,
  't =': zoomIn,
  't ArrowLeft': ({ scope }) => toWindow(moveWindow(scope.window, 'back', Date.now())),
  't ArrowRight': ({ scope }) => toWindow(moveWindow(scope.window, 'forward', Date.now())),
  't a': ({ scope }) => toWindow(scope.window),
  't c': copyRange,
  't v': () => void pasteRange(),
};

export const PANEL_PAIRS: Readonly<Record<string, PanelAction>> = {
  'p x': (panel, { scope }) => navigate(exploreAddress(panel, scope, writerFor(scope, panel.bound))),
  'p u': (panel) => updateSearch({ shareView: 'link', sharePanel: panel.key }),
  'p e': (panel) => updateSearch({ shareView: 'embed', sharePanel: panel.key }),
  'p l': ({ key }) => turnLegend(key),
  'p c': ({ id }, { editing }) => void copyPanel(editing.json, id),
  'p s': () => updateSearch({ shareView: 'snapshot' }),
  'p d': (panel, { editing }) => editing.isEditing && !isCopy(panel) && editing.change(duplicatePanel(editing.json, panel.id).dashboard),
  'p r': (panel, { editing }) => editing.isEditing && !isCopy(panel) && editing.change(removePanel(editing.json, panel.id)),
};

export const PANEL_SINGLES: Readonly<Record<string, PanelAction>> = {
  v: ({ key }, _actions, search) => updateSearch({ viewPanel: search.has('viewPanel') ? undefined : key }),
  e: ({ key }, { canEdit }) => canEdit && updateSearch({ editPanel: key }),
  i: ({ key }) => updateSearch({ inspect: key }),
};

export const WITH_MODIFIER: Readonly<Record<string, Action>> = {
  o: ({ scope, onCursor }) => onCursor((scope.dashboard.graphTooltip + 1) % CURSOR_MODES),
  s: ({ editing, onSave }) => editing.isEditing && onSave(),
  // Under edit it takes a step back.
  z: (actions, search) => !actions.editing.isEditing && zoomOut(actions, search),
};
