// Names of time zones, as files and addresses have them.

const SPECIAL = new Set(['browser', 'utc']);

/** The name, or nothing where there is no such zone: files say "default", too, and mean whatever is usual. */
export function soundZone(name: string): string {
  if (name === '' || SPECIAL.has(name)) return name;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return name;
  } catch {
    return '';
  }
}
