// The series of a panel as they were some time before, drawn over those of now.
import { FieldType, type DataFrame, type Field } from '@grafana/data';
import { decodeFrames } from '@narthex/frames';
import type { DsQueryRequest, DsResult } from '@narthex/grafanaapi';
import { parseDurationMs, type TimeWindow } from '@narthex/timeutil';

const PREVIOUS_PERIOD = '__previousPeriod';
const COMPARED_LINE = { fill: 'dash', dash: [1, 5, 4, 5] };

type Send = (request: DsQueryRequest, signal: AbortSignal) => Promise<DsResult[]>;

/** How far back a panel looks beside now; undefined for one that does not. */
export function compareShiftMs({ type, timeCompare }: { type: string; timeCompare: string }, { fromMs, toMs }: TimeWindow): number | undefined {
  if (type !== 'timeseries' || timeCompare === '') return undefined;
  return timeCompare === PREVIOUS_PERIOD ? toMs - fromMs : parseDurationMs(timeCompare) || undefined;
}

function shifted(field: Field, shiftMs: number): Field {
  if (field.type === FieldType.time) return { ...field, values: field.values.map((time: unknown) => (typeof time === 'number' ? time + shiftMs : time)) };
  return { ...field, config: { ...field.config, custom: { ...field.config.custom, lineStyle: COMPARED_LINE } } };
}

/** The series of then, moved to now; their names say that they are a comparison. */
export async function comparedFrames(request: DsQueryRequest, shiftMs: number, send: Send): Promise<DataFrame[]> {
  const then = { ...request, fromMs: request.fromMs - shiftMs, toMs: request.toMs - shiftMs };
  const results = await send(then, new AbortController().signal);
  const fault = results.find(({ error }) => error !== '');
  if (fault) throw new Error(`The comparison failed: ${fault.error}`);
  return results.flatMap(({ refId, frames }) =>
    decodeFrames(refId, frames).frames.map((frame) => ({
      ...frame,
      refId: `${refId}-compare`,
      meta: { ...frame.meta, timeCompare: { diffMs: shiftMs, isTimeShiftQuery: true } },
      fields: frame.fields.map((field) => shifted(field, shiftMs)),
    })),
  );
}
