// Checks of data from outside: a Check<T> turns an unknown value into a T or throws a ShapeError
// that names the member at fault. No answer of a server is trusted before it went through one.

// The value at `path` is not what the API promises.
export class ShapeError extends Error {
  constructor(path: string, wanted: string, found: unknown) {
    super(`unexpected answer: ${path === '' ? 'the document' : path} should be ${wanted}, found ${describe(found)}`);
    this.name = 'ShapeError';
  }
}

export type Check<T> = (value: unknown, path: string) => T;

function describe(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'an object' : `${typeof value} ${String(value).slice(0, 40)}`;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export const text: Check<string> = (value, path) => {
  if (typeof value !== 'string') throw new ShapeError(path, 'a string', value);
  return value;
};

export const number: Check<number> = (value, path) => {
  if (typeof value !== 'number') throw new ShapeError(path, 'a number', value);
  return value;
};

export const boolean: Check<boolean> = (value, path) => {
  if (typeof value !== 'boolean') throw new ShapeError(path, 'true or false', value);
  return value;
};

// A number written as one or in a string, as the status endpoints do with 64-bit values.
export const numeric: Check<number> = (value, path) => {
  const parsed = typeof value === 'string' && value !== '' ? Number(value) : value;
  if (typeof parsed !== 'number' || Number.isNaN(parsed)) throw new ShapeError(path, 'a number', value);
  return parsed;
};

export function oneOf<const T extends string>(...words: T[]): Check<T> {
  return (value, path) => {
    const found = words.find((word) => word === value);
    if (found === undefined) throw new ShapeError(path, `one of ${words.join(', ')}`, value);
    return found;
  };
}

export function list<T>(item: Check<T>): Check<T[]> {
  return (value, path) => {
    if (!Array.isArray(value)) throw new ShapeError(path, 'a list', value);
    return value.map((entry, index) => item(entry, `${path}[${index}]`));
  };
}

// A JSON object used as a map. Null, which Go servers write for an empty map, is the empty map.
export function mapOf<T>(item: Check<T>): Check<Record<string, T>> {
  return (value, path) => {
    if (value === null) return {};
    if (!isObject(value)) throw new ShapeError(path, 'an object', value);
    return Object.fromEntries(
      Object.entries(value).map(([key, entry]) => [key, item(entry, `${path}.${key}`)]),
    );
  };
}

// `fallback` stands for a member that is absent or null.
export function withDefault<T, D>(item: Check<T>, fallback: D): Check<T | D> {
  return (value, path) => (value === undefined || value === null ? fallback : item(value, path));
}

export function optional<T>(item: Check<T>): Check<T | undefined> {
  return withDefault(item, undefined);
}

// An object with at least the members of `shape`; further members are left out of the result.
export function object<T extends object>(shape: { [K in keyof T]: Check<T[K]> }): Check<T> {
  return (value, path) => {
    if (!isObject(value)) throw new ShapeError(path, 'an object', value);
    const result: Partial<T> = {};
    for (const key in shape) {
      result[key] = shape[key](value[key], path === '' ? key : `${path}.${key}`);
    }
    // Every key of T was checked and set above, which the type system cannot see.
    return result as T;
  };
}

// A list of fixed length, such as [timestamp, value].
export function pair<A, B>(first: Check<A>, second: Check<B>): Check<[A, B]> {
  return (value, path) => {
    if (!Array.isArray(value) || value.length !== 2) throw new ShapeError(path, 'a list of two', value);
    return [first(value[0], `${path}[0]`), second(value[1], `${path}[1]`)];
  };
}
