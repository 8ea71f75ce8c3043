// Pairs of fields as series of points. Pure.
import { FieldType, fieldMatchers, type DataFrame, type Field } from '@grafana/data';
import { record, records, text, type AnyRecord } from '@narthex/dashmodel/json';

export interface XYSeries {
  frame: DataFrame;
  x: Field;
  y: Field;
  size: Field | undefined;
  color: Field | undefined;
  /** What the panel calls it; empty for the name of its field. */
  name: string;
}

const nameOf = (field: Field): string => field.state?.displayName ?? field.config.displayName ?? field.name;
const isMeasured = ({ type }: Field): boolean => type === FieldType.number || type === FieldType.time;

/** A field by a matcher of the file, by its plain name in earlier ones. */
function find(frame: DataFrame, frames: readonly DataFrame[], wanted: unknown): Field | undefined {
  const { id, options } = record(record(wanted)['matcher']);
  const name = text(wanted) || text(options) || text(record(wanted)['fixed']);
  const named = name === '' ? undefined : frame.fields.find((field) => nameOf(field) === name || field.name === name);
  const matcher = named ? undefined : fieldMatchers.getIfExists(text(id));
  if (!matcher) return named;
  const matches = matcher.get(options);
  return frame.fields.find((field) => matches(field, frame, [...frames]));
}

function seriesFrom(frame: DataFrame, frames: readonly DataFrame[], one: AnyRecord): XYSeries[] {
  const field = (wanted: unknown): Field | undefined => find(frame, frames, wanted);
  const x = field(one['x']) ?? frame.fields.find(isMeasured);
  if (!x) return [];
  const size = field(one['size'] ?? one['pointSize']);
  const color = field(one['color'] ?? one['pointColor']);
  const chosen = field(one['y']);
  const taken = new Set([x, size, color]);
  const measured = frame.fields.filter((other) => other !== x && other.type === FieldType.number);
  // Where sizes and colours are all that is left they are heights too.
  const free = measured.filter((other) => !taken.has(other));
  const ys = chosen ? [chosen] : free.length > 0 ? free : measured;
  return ys.map((y) => ({ frame, x, y, size, color, name: text(record(one['name'])['fixed']) || text(one['name']) }));
}

function frameOf(frames: readonly DataFrame[], one: AnyRecord): DataFrame | undefined {
  const { matcher } = record(one['frame']);
  const wanted = record(matcher)['options'] ?? one['frame'];
  if (typeof wanted === 'number') return frames[wanted];
  return frames.find(({ name, refId }) => wanted !== undefined && (name === wanted || refId === wanted));
}

const isShown = ({ y }: XYSeries): boolean => !y.config.custom?.hideFrom?.viz;

/** Manual series as the panel names them, else the first measured field of each frame against all its others. */
export function xySeries(frames: readonly DataFrame[], options: AnyRecord): XYSeries[] {
  const listed = records(options['series']);
  const mapping = options['mapping'] ?? options['seriesMapping'];
  const own = listed.length > 0 && mapping !== 'auto' ? listed : [record(options['dims'])];
  return own
    .flatMap((one) => {
      const frame = frameOf(frames, one);
      return (frame ? [frame] : frames).flatMap((each) => seriesFrom(each, frames, one));
    })
    .filter(isShown);
}
