// Places on the earth as values of a field: points by coordinates or geohash, and lines between them.
import { getFieldDisplayName, type DataFrame, type Field } from '@grafana/data';
import { number, record, text } from '@narthex/dashmodel/json';

/** Longitude and latitude in degrees. */
export type Position = readonly [longitude: number, latitude: number];

// Mean radius by the WGS84 ellipsoid.
const EARTH_RADIUS_M = 6_371_008.8;
const radians = (degrees: number): number => (degrees * Math.PI) / 180;

/** One position is a point, several are a line. A table shows it as well-known text. */
export class Geometry {
  constructor(readonly positions: readonly Position[]) {}

  get isPoint(): boolean {
    return this.positions.length === 1;
  }

  /** The middle of the box around it. */
  get centre(): Position {
    const middle = (values: number[]): number => (Math.min(...values) + Math.max(...values)) / 2;
    return [middle(this.positions.map(([longitude]) => longitude)), middle(this.positions.map(([, latitude]) => latitude))];
  }

  /** Metres along the sphere; none for a point. */
  get lengthM(): number {
    return this.positions.slice(1).reduce((sum, position, index) => sum + distanceM(this.positions[index] ?? position, position), 0);
  }

  toString(): string {
    const written = this.positions.map(([longitude, latitude]) => `${longitude} ${latitude}`).join(',');
    return `${this.isPoint ? 'POINT' : 'LINESTRING'}(${written})`;
  }
}

function distanceM([fromLongitude, fromLatitude]: Position, [toLongitude, toLatitude]: Position): number {
  const half = (from: number, to: number): number => Math.sin(radians(to - from) / 2) ** 2;
  const chord = half(fromLatitude, toLatitude) + Math.cos(radians(fromLatitude)) * Math.cos(radians(toLatitude)) * half(fromLongitude, toLongitude);
  return 2 * EARTH_RADIUS_M * Math.asin(Math.sqrt(Math.min(1, chord)));
}

const GEOHASH_DIGITS = '0123456789bcdefghjkmnpqrstuvwxyz';

/** The middle of the cell; undefined for what is no geohash. Each digit halves the box five times, longitude first. */
export function decodeGeohash(hash: string): Position | undefined {
  const digits = [...hash.toLowerCase()].map((digit) => GEOHASH_DIGITS.indexOf(digit));
  if (digits.length === 0 || digits.includes(-1)) return undefined;
  const box: [[number, number], [number, number]] = [[-180, 180], [-90, 90]];
  let axis: 0 | 1 = 0;
  for (const digit of digits) {
    for (let bit = 4; bit >= 0; bit -= 1) {
      const side = box[axis];
      const middle = (side[0] + side[1]) / 2;
      side[((digit >> bit) & 1) === 1 ? 0 : 1] = middle;
      axis = axis === 0 ? 1 : 0;
    }
  }
  return [(box[0][0] + box[0][1]) / 2, (box[1][0] + box[1][1]) / 2];
}

const point = (longitude: unknown, latitude: unknown): Geometry | undefined => {
  const [x, y] = [number(longitude), number(latitude)];
  return x === undefined || y === undefined ? undefined : new Geometry([[x, y]]);
};

type Find = (frame: DataFrame) => Field | undefined;

const called =
  (...names: string[]): Find =>
  (frame) =>
    frame.fields.find((field) => names.includes(field.name.toLowerCase()) || names.includes(getFieldDisplayName(field, frame)));
const chosen = (name: unknown): Find => (text(name) === '' ? () => undefined : called(text(name).toLowerCase(), text(name)));

const fromCoordinates = (longitude: Field | undefined, latitude: Field | undefined): Array<Geometry | undefined> | undefined =>
  longitude && latitude ? longitude.values.map((value: unknown, index: number) => point(value, latitude.values[index])) : undefined;

const fromGeohash = (field: Field | undefined): Array<Geometry | undefined> | undefined =>
  field?.values.map((value: unknown) => {
    const position = decodeGeohash(text(value));
    return position && new Geometry([position]);
  });

const isGeometry = (value: unknown): boolean => value instanceof Geometry;
const known: Find = (frame) => frame.fields.find(({ values }) => values.some(isGeometry));

/** Where the rows of a frame lie, as `source` tells; undefined where it names no field, or a list of places. */
export function placesOf(frame: DataFrame, source: unknown): { places: Array<Geometry | undefined>; field: Field | undefined } | undefined {
  const { mode, longitude, latitude, geohash } = record(source);
  const derived = (places: Array<Geometry | undefined> | undefined) => places && { places, field: undefined };
  if (mode === 'coords') return derived(fromCoordinates(chosen(longitude)(frame), chosen(latitude)(frame)));
  if (mode === 'geohash') return derived(fromGeohash(chosen(geohash)(frame)));
  if (mode === 'lookup') return undefined;
  const field = known(frame);
  if (field) return { places: field.values.map((value: unknown) => (value instanceof Geometry ? value : undefined)), field };
  return derived(fromCoordinates(called('longitude', 'lon', 'lng')(frame), called('latitude', 'lat')(frame)) ?? fromGeohash(called('geohash')(frame)));
}
