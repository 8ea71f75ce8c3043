// Where the service lies, seen from the browser: '' at the root, '/grafana' below a path of a reverse proxy.
// The page is told by its server. Addresses within the app are without it: what leads out of the app gets it
// put in front, and what comes in - from the browser, the server, a person's link - has it taken off.

/** Empty where there is no page, as in tests. */
export const readBase = (root: { dataset: DOMStringMap } | undefined = globalThis.document?.documentElement): string => root?.dataset['base'] ?? '';

export interface Base {
  path: string;
  /** An address of the app as the browser needs it. */
  add: (address: string) => string;
  /** An address as the browser has it, or the server wrote it, within the app. */
  remove: (address: string) => string;
  /** A person's link, written with or without the base; addresses elsewhere stay as they are. */
  ensure: (link: string) => string;
  holds: (path: string) => boolean;
}

export function baseAt(path: string): Base {
  const holds = (address: string): boolean => path === '' || (address.startsWith(path) && ['', '/', '?', '#'].includes(address.charAt(path.length)));
  const add = (address: string): string => (/^\/(?!\/)/.test(address) ? path + address : address);
  const remove = (address: string): string => {
    if (path === '' || !holds(address)) return address;
    const rest = address.slice(path.length);
    return rest.startsWith('/') ? rest : `/${rest}`;
  };
  return { path, add, remove, ensure: (link) => add(remove(link)), holds };
}

export const base: Base = baseAt(readBase());
