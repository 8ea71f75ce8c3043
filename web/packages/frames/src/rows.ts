import { FieldType, type DataFrame } from '@grafana/data';

/** Whether anything in the frames could be shown: a row with more than its time. */
export function hasRows(frames: readonly DataFrame[]): boolean {
  return frames.some((frame) => frame.length > 0 && frame.fields.some((field) => field.type !== FieldType.time));
}
