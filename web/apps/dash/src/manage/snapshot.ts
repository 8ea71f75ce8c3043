// A dashboard with its data in it: what is shown now, to be seen later by whoever has its address. Pure.
import { dataFrameToJSON, type DataFrame } from '@grafana/data';
import { findPanelJson, type AnyRecord, type Panel } from '@narthex/dashmodel';
import type { TimeWindow } from '@narthex/timeutil';
import type { Variable } from '@narthex/vars';

export interface SnapshotRequest {
  json: AnyRecord;
  /** As they lie on the page, repeats expanded. */
  panels: readonly Panel[];
  variables: readonly Variable[];
  framesOf: (key: string) => DataFrame[];
  titleOf: (panel: Panel) => string;
  window: TimeWindow;
  name: string;
  url: string;
}

const BUILT_IN = { type: 'grafana', uid: 'grafana' };

function panelOf(panel: Panel, id: number, request: SnapshotRequest): AnyRecord {
  const { repeat: _repeat, targets: _targets, transformations: _steps, libraryPanel: _reference, ...source } = findPanelJson(request.json, panel.id) ?? {};
  const base = { ...source, id, title: request.titleOf(panel), gridPos: panel.gridPos };
  if (panel.type === 'row') return { ...base, panels: panel.panels.map((one, index) => panelOf(one, id * 1000 + index, request)) };
  const frames = request.framesOf(panel.key);
  if (frames.length === 0) return { ...base, datasource: BUILT_IN, targets: [] };
  const snapshot = frames.map((frame) => dataFrameToJSON(frame));
  return { ...base, datasource: BUILT_IN, transformations: [], targets: [{ refId: 'A', datasource: BUILT_IN, queryType: 'snapshot', snapshot }] };
}

/** With nothing to choose from but what was chosen: there is no data for anything else. */
function variableOf({ name, label, hide, value, options }: Variable): AnyRecord {
  const chosen = [value].flat();
  const words = chosen.map((one) => options.find((option) => option.value === one)?.text ?? one);
  const isList = Array.isArray(value);
  return {
    name,
    label,
    hide,
    type: 'custom',
    multi: isList,
    query: chosen.map((one) => one.replaceAll(',', '\\,')).join(','),
    current: { text: isList ? words : (words[0] ?? ''), value },
    options: chosen.map((one, index) => ({ text: words[index] ?? one, value: one, selected: true })),
  };
}

export function snapshotOf(request: SnapshotRequest): AnyRecord {
  const { json, panels, variables, window, name, url } = request;
  const { uid: _uid, id: _id, version: _version, ...rest } = json;
  return {
    ...rest,
    title: name,
    time: { from: new Date(window.fromMs).toISOString(), to: new Date(window.toMs).toISOString() },
    refresh: '',
    editable: false,
    annotations: { list: [] },
    templating: { list: variables.map(variableOf) },
    panels: panels.map((panel, index) => panelOf(panel, index + 1, request)),
    snapshot: { timestamp: new Date(window.toMs).toISOString(), originalUrl: url },
  };
}
