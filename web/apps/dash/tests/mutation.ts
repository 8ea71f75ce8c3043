// Variants of a JSON value with something wrong in them, the same ones for the same seed.
type Json = Record<string, unknown> | unknown[];

/** Numbers from 0 to below 1 (mulberry32). */
export function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const ODD: readonly unknown[] = [null, '', 'odd', '12', -1, 0, 1e308, true, false, [], {}, [null], ['a', 1], { id: null }, { value: 'x', steps: 7 }, '$nothing', '${x:', '/(/', [[]], { length: 3 }];

const isTree = (value: unknown): value is Json => typeof value === 'object' && value !== null;

interface Place {
  holder: Json;
  key: string;
  path: string;
}

function placesOf(value: unknown, path: string, out: Place[]): void {
  if (!isTree(value)) return;
  for (const key of Object.keys(value)) {
    out.push({ holder: value, key, path: `${path}.${key}` });
    placesOf(Reflect.get(value, key), `${path}.${key}`, out);
  }
}

function change({ holder, key, path }: Place, next: () => number): string {
  const pick = next();
  if (pick < 0.25) {
    Reflect.deleteProperty(holder, key);
    return `without ${path}`;
  }
  const odd = structuredClone(ODD[Math.floor(next() * ODD.length)]);
  // A list may become an object and the other way round, with what it holds.
  const old: unknown = Reflect.get(holder, key);
  const made = pick < 0.35 ? (Array.isArray(old) ? { ...old } : [old]) : odd;
  Reflect.set(holder, key, made);
  return `${path} = ${JSON.stringify(made)?.slice(0, 60)}`;
}

/** From one to a good many changes: a single one goes far, many meet each other. */
export function mutated<T>(json: T, next: () => number): { json: unknown; changes: string[] } {
  const copy = structuredClone(json);
  const count = Math.ceil(next() ** 3 * 60);
  const changes: string[] = [];
  for (let turn = 0; turn < count; turn += 1) {
    const places: Place[] = [];
    placesOf(copy, '', places);
    const place = places[Math.floor(next() * places.length)];
    if (place) changes.push(change(place, next));
  }
  return { json: copy, changes };
}
