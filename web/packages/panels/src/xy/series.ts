// Pairs of fields as series of points. Pure.
import { FieldType, type DataFrame, type Field } from '@grafana/data';
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
function find(frame: DataFrame, wanted: unknown): Field | undefined {
  const matcher = record(record(wanted)['matcher']);
  const name = text(wanted) || text(matcher['options']) || text(record(wanted)['fixed']);
  return name === '' ? undefined : frame.fields.find((field) => nameOf(field) === name || field.name === name);
}

function seriesFrom(frame: DataFrame, one: AnyRecord): XYSeries[] {
  const x = find(frame, one['x']) ?? frame.fields.find(isMeasured);
  const chosen = find(frame, one['y']);
  const ys = chosen ? [chosen] : frame.fields.filter((field) => field !== x && field.type === FieldType.number);
  if (!x) return [];
  return ys.map((y) => ({ frame, x, y, size: find(frame, one['size'] ?? one['pointSize']), color: find(frame, one['color'] ?? one['pointColor']), name: text(record(one['name'])['fixed']) || text(one['name']) }));
}

function frameOf(frames: readonly DataFrame[], one: AnyRecord): DataFrame | undefined {
  const { matcher } = record(one['frame']);
  const index = record(matcher)['options'] ?? one['frame'];
  return typeof index === 'number' ? frames[index] : undefined;
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
      return (frame ? [frame] : frames).flatMap((each) => seriesFrom(each, one));
    })
    .filter(isShown);
}
