// Places out of coordinates, and what follows from them: directions, lengths, lines.
// Source: Grafana's transformation "Spatial operations".
import { FieldType, type DataFrame, type Field } from '@grafana/data';
import { record, text } from '@narthex/dashmodel/json';

import { makeField, type Transform } from './fields';
import { Geometry, placesOf } from './geometry';

type Places = ReadonlyArray<Geometry | undefined>;

const geoField = (name: string, values: Places): Field => makeField(name, [...values], { type: FieldType.geo, config: { custom: { hideFrom: { tooltip: true } } } });

/** Degrees clockwise from north, from each place to the next; the last keeps the direction it was reached in. */
function headings(places: Places): Array<number | undefined> {
  if (places.length < 2) return places.map(() => 0);
  const out: Array<number | undefined> = places.map(() => undefined);
  for (let index = 1; index < places.length; index += 1) {
    const [from, to] = [places[index - 1]?.centre, places[index]?.centre];
    if (!from || !to) continue;
    const degrees = (Math.atan2(to[0] - from[0], to[1] - from[1]) * 180) / Math.PI;
    out[index - 1] = degrees < 0 ? degrees + 360 : degrees;
    out[index] = out[index - 1];
  }
  return out;
}

function calculated(places: Places, options: unknown): Field {
  const { calc, field } = record(options);
  const name = text(field) || text(calc, 'heading');
  const measured = (values: unknown[], unit: string): Field => makeField(name, values, { type: FieldType.number, config: { unit } });
  if (calc === 'distance') return measured(places.map((place) => place?.lengthM), 'lengthm');
  // Points and lines cover nothing; there are no other shapes here.
  if (calc === 'area') return measured(places.map((place) => (place ? 0 : undefined)), 'areaM2');
  return measured(headings(places), 'degree');
}

function asLine(frame: DataFrame, places: Places, field: Field | undefined): DataFrame {
  const positions = places.flatMap((place) => (place ? [place.centre] : []));
  const name = field && field.name !== 'point' ? field.name : 'Line';
  return { ...frame, length: 1, fields: [geoField(name, [positions.length > 0 ? new Geometry(positions) : undefined])] };
}

function lines(frame: DataFrame, from: Places, target: unknown): DataFrame {
  const to = placesOf(frame, target)?.places;
  if (!to) return frame;
  const made = from.map((start, index) => {
    const end = to[index];
    return start && end ? new Geometry([start.centre, end.centre]) : undefined;
  });
  return { ...frame, fields: [geoField('Geometry', made), ...frame.fields] };
}

function changed(frame: DataFrame, options: Record<string, unknown>): DataFrame {
  const found = placesOf(frame, options['source']);
  if (!found) return frame;
  const { places, field } = found;
  const modify = record(options['modify']);
  if (options['action'] === 'modify') {
    if (modify['op'] === 'asLine') return asLine(frame, places, field);
    return modify['op'] === 'lineBuilder' ? lines(frame, places, modify['target']) : frame;
  }
  const own = field ? [] : [geoField('point', places)];
  const more = options['action'] === 'calculate' ? [calculated(places, options['calculate'])] : [];
  return { ...frame, fields: [...own, ...frame.fields, ...more] };
}

export const spatial: Transform = (frames, options) => frames.map((frame) => changed(frame, options));
