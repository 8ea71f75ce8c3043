// JSON for people: nested as usual, but lists of plain values in one line each. Pure.

const isPlain = (value: unknown): boolean => typeof value !== 'object' || value === null;

export function prettyJson(value: unknown, indent = ''): string {
  // What JSON has no words for stands where it stood, as JSON.stringify has it in lists.
  const plain = (one: unknown): string => JSON.stringify(one) ?? 'null';
  if (isPlain(value)) return plain(value);
  const inner = `${indent}  `;
  if (Array.isArray(value)) {
    if (value.every(isPlain)) return `[${value.map(plain).join(', ')}]`;
    return `[\n${value.map((one: unknown) => inner + prettyJson(one, inner)).join(',\n')}\n${indent}]`;
  }
  const members = Object.entries(value ?? {}).filter(([, one]) => one !== undefined);
  if (members.length === 0) return '{}';
  return `{\n${members.map(([key, one]) => `${inner}${JSON.stringify(key)}: ${prettyJson(one, inner)}`).join(',\n')}\n${indent}}`;
}
