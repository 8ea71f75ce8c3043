// All series on one time axis, as the chart wants them.
import { FieldType, outerJoinDataFrames, type DataFrame, type Field } from '@grafana/data';
import { number } from '@narthex/dashmodel/json';

const isTime = (field: Field): boolean => field.type === FieldType.time;
const isDrawn = (field: Field): boolean => field.type === FieldType.number;

function sameTimes(a: readonly number[], b: readonly number[]): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let index = 0; index < a.length; index += 1) if (a[index] !== b[index]) return false;
  return true;
}

/** Points further apart than this are not connected, as the panel says (`insertNulls`, in milliseconds). */
function insertMsOf({ fields }: DataFrame): number {
  return Math.min(...fields.map(({ config }) => number(config.custom?.insertNulls) ?? Infinity));
}

/** A frame with a null wherever a step was missed or points are too far apart, so that the line breaks there. */
export function withGaps(frame: DataFrame): DataFrame {
  const time = frame.fields.find(isTime);
  const stepMs = time?.config.interval;
  const limitMs = Math.min(insertMsOf(frame), stepMs ? stepMs * 1.5 : Infinity);
  if (!time || limitMs === Infinity) return frame;
  const times: number[] = time.values;
  const breaks: number[] = [];
  for (let index = 1; index < times.length; index += 1) {
    if ((times[index] ?? 0) - (times[index - 1] ?? 0) > limitMs) breaks.push(index);
  }
  if (breaks.length === 0) return frame;

  const spread = (values: readonly unknown[], filler: (before: unknown) => unknown): unknown[] => {
    const out: unknown[] = [];
    let from = 0;
    for (const at of breaks) {
      out.push(...values.slice(from, at), filler(values[at - 1]));
      from = at;
    }
    return [...out, ...values.slice(from)];
  };
  const fields = frame.fields.map((field) => ({
    ...field,
    values: field === time ? spread(field.values, (before) => Number(before) + Math.min(limitMs, stepMs ?? limitMs)) : spread(field.values, () => null),
  }));
  return { ...frame, fields, length: times.length + breaks.length };
}

/** The frame all series share when their times are the same, point for point: no join is needed then. */
function alignSame(frames: readonly DataFrame[]): DataFrame | undefined {
  const times = frames[0]?.fields.find(isTime);
  if (!times) return undefined;
  const isSame = frames.every((frame) => {
    const own = frame.fields.find(isTime);
    return own !== undefined && sameTimes(own.values, times.values);
  });
  if (!isSame) return undefined;
  const fields = frames.flatMap((frame, frameIndex) =>
    frame.fields.flatMap((field, fieldIndex) =>
      isDrawn(field) ? [{ ...field, state: { ...field.state, origin: { frameIndex, fieldIndex } } }] : [],
    ),
  );
  return { fields: [times, ...fields], length: times.values.length };
}

/** One frame: time first, then every numeric field, each knowing where it came from; undefined for none. */
export function alignFrames(input: readonly DataFrame[]): DataFrame | undefined {
  const frames = input.map(withGaps);
  if (!frames.some((frame) => frame.fields.some(isTime) && frame.fields.some(isDrawn))) return undefined;
  return (
    alignSame(frames) ??
    outerJoinDataFrames({ frames, joinBy: isTime, keep: isDrawn, keepOriginIndices: true })
  );
}
