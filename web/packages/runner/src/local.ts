// Queries that need no data source: the answer of another panel, frames that lie in the dashboard, a random walk.
import { FieldType, type DataFrame } from '@grafana/data';
import type { DataSourceRef, DataTarget, Panel } from '@narthex/dashmodel';
import { number, records, text } from '@narthex/dashmodel/json';
import { decodeFrames } from '@narthex/frames';
import type { TimeWindow } from '@narthex/timeutil';

import { regionsWithin, timeRegion } from './time_regions';

const DASHBOARD = '-- Dashboard --';
const BUILT_IN = new Set(['grafana', '-- Grafana --']);

export const isBuiltIn = (ref: DataSourceRef | null): boolean => BUILT_IN.has(ref?.uid ?? '');

const isShared = ({ datasource }: Panel): boolean => datasource?.uid === DASHBOARD;

const SHARES_MAX = 3;

function sharedWith(panel: Panel, panels: readonly Panel[]): Panel | undefined {
  const wanted = number(panel.targets[0]?.['panelId']);
  return panels.flatMap((one) => [one, ...one.panels]).find(({ id }) => id === wanted);
}

/** The panel whose queries are asked for `panel`: itself, or the one that it shares the answer of. */
export function askingPanel(panel: Panel, panels: readonly Panel[]): Panel {
  let asking = panel;
  for (let depth = 0; isShared(asking) && depth <= SHARES_MAX; depth += 1) asking = sharedWith(asking, panels) ?? panel;
  return asking;
}

/** The panel with the queries it shares with another one as its own. */
export function withShared(panel: Panel, panels: readonly Panel[], depth = 0): Panel {
  if (!isShared(panel) || depth > SHARES_MAX) return panel;
  const other = sharedWith(panel, panels);
  if (!other) return { ...panel, targets: [] };
  const source = withShared(other, panels, depth + 1);
  const transformations = panel.targets[0]?.['withTransforms'] === true ? [...source.transformations, ...panel.transformations] : panel.transformations;
  return { ...panel, targets: source.targets, datasource: source.datasource, transformations, maxDataPoints: source.maxDataPoints };
}

const WALK_POINTS = 200;

/** A course that depends on nothing but its seed and the window: a redraw shows the same one. */
function walk(refId: string, { fromMs, toMs }: TimeWindow): DataFrame {
  let state = [...refId].reduce((sum, character) => sum * 31 + character.charCodeAt(0), 7);
  let value = 50;
  const times = Array.from({ length: WALK_POINTS }, (_, index) => fromMs + ((toMs - fromMs) * index) / (WALK_POINTS - 1));
  const values = times.map(() => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    value += state / 2_147_483_648 - 0.5;
    return value;
  });
  return {
    refId,
    length: WALK_POINTS,
    fields: [
      { name: 'time', type: FieldType.time, values: times, config: {} },
      { name: `${refId}-series`, type: FieldType.number, values, config: {} },
    ],
  };
}

async function regionFrames(target: DataTarget, window: TimeWindow, zone: string): Promise<DataFrame[]> {
  const region = timeRegion(target['timeRegion'], zone);
  const spans = region ? await regionsWithin(region, window) : [];
  if (spans.length === 0) return [];
  const column = (name: string, type: FieldType, values: unknown[]) => ({ name, type, values, config: {} });
  const fields = [column('time', FieldType.time, spans.map(({ fromMs }) => fromMs)), column('timeEnd', FieldType.time, spans.map(({ toMs }) => toMs)), column('text', FieldType.string, spans.map(() => target.refId))];
  return [{ refId: target.refId, length: spans.length, fields }];
}

async function framesOf(target: DataTarget, window: TimeWindow, zone: string): Promise<DataFrame[]> {
  const kind = text(target['queryType'], 'randomWalk');
  if (kind === 'randomWalk') return [walk(target.refId, window)];
  if (kind === 'snapshot') return decodeFrames(target.refId, records(target['snapshot'])).frames.map((frame) => ({ ...frame, refId: target.refId }));
  return kind === 'timeRegions' ? regionFrames(target, window, zone) : [];
}

/** Frames of the queries that are answered here. */
export async function localFrames(panel: Panel, window: TimeWindow, zone: string): Promise<DataFrame[]> {
  const targets = panel.targets.filter((target) => !target.hide && isBuiltIn(target.datasource?.uid ? target.datasource : panel.datasource));
  return (await Promise.all(targets.map((target) => framesOf(target, window, zone)))).flat();
}
