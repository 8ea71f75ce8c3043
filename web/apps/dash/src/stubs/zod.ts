// Stands in for the checker of themes written as JSON, which the packages describe and nothing here loads.
function refuse(): never {
  throw new Error('zod is left out of this bundle: see web/tools/lean_grafana.mjs');
}

/** Whatever is asked of it, it is: `object({...}).optional()` says nothing, and says so when it is to check. */
const anything: unknown = new Proxy(() => anything, {
  get: (_target, name) => (name === 'parse' || name === 'safeParse' ? refuse : anything),
});

type Kind = (...shape: unknown[]) => unknown;
const kind: Kind = () => anything;

export { kind as array, kind as boolean, kind as enum, kind as int, kind as literal, kind as number, kind as object, kind as string, kind as union };
