// The options of "organize" as a list of fields. Pure.
import { withValue, type AnyRecord } from '@narthex/dashmodel';
import { flag, number, record, text } from '@narthex/dashmodel/json';

export interface OrganizedField {
  name: string;
  isHidden: boolean;
  /** Empty where the name stays. */
  rename: string;
}

/** Fields in their order; those the options do not place come last, as they come. */
export function organizedFields(options: AnyRecord, names: readonly string[]): OrganizedField[] {
  const places = record(options['indexByName']);
  const excluded = record(options['excludeByName']);
  const renames = record(options['renameByName']);
  const placeOf = (name: string): number => number(places[name], Infinity);
  const sorted = names
    .map((name, index) => ({ name, index }))
    .toSorted((a, b) => (placeOf(a.name) === placeOf(b.name) ? a.index - b.index : placeOf(a.name) - placeOf(b.name)));
  return sorted.map(({ name }) => ({ name, isHidden: flag(excluded[name]), rename: text(renames[name]) }));
}

/** Names hold dots, so paths do not reach into these maps. */
function inMap(options: AnyRecord, map: string, name: string, value: unknown): AnyRecord {
  const { [name]: _before, ...others } = record(options[map]);
  return { ...options, [map]: value === undefined ? others : { ...others, [name]: value } };
}

export const toggleField = (options: AnyRecord, name: string): AnyRecord =>
  inMap(options, 'excludeByName', name, flag(record(options['excludeByName'])[name]) ? undefined : true);

export const renameField = (options: AnyRecord, name: string, to: string): AnyRecord => inMap(options, 'renameByName', name, to === '' || to === name ? undefined : to);

export function moveField(options: AnyRecord, names: readonly string[], name: string, by: number): AnyRecord {
  const order = organizedFields(options, names).map((field) => field.name);
  const from = order.indexOf(name);
  if (from < 0) return options;
  order.splice(from, 1);
  order.splice(Math.max(0, from + by), 0, name);
  return withValue(options, 'indexByName', Object.fromEntries(order.map((one, index) => [one, index])));
}
