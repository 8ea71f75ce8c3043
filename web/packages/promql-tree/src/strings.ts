// String literals of PromQL, which are those of Go.
const NAMED: Readonly<Record<string, string>> = { a: '\x07', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' };
const ESCAPE = /\\(x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[0-7]{3}|.)/gs;

function unescape(code: string): string {
  if (code.length === 1) return NAMED[code] ?? code;
  const isOctal = /^[0-7]/.test(code);
  return String.fromCodePoint(Number.parseInt(isOctal ? code : code.slice(1), isOctal ? 8 : 16));
}

export function unquote(literal: string): string {
  const body = literal.slice(1, -1);
  return literal.startsWith('`') ? body : body.replace(ESCAPE, (_, code: string) => unescape(code));
}

export function quote(value: string): string {
  const escaped = value.replace(/\\/g, '\\\\').replace(/"/g, '\\"').replace(/\n/g, '\\n').replace(/\r/g, '\\r').replace(/\t/g, '\\t');
  return `"${escaped}"`;
}

/** A name that stands without quotes; a variable stands for one that does. */
export const isBareName = (name: string): boolean => /^[a-zA-Z_:][\w:]*$/.test(name) || /\$|\[\[/.test(name);
export const isBareLabel = (name: string): boolean => /^[a-zA-Z_]\w*$/.test(name) || /\$|\[\[/.test(name);

const STRINGS = /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`[^`]*`/g;

/** Whether anything in it stands behind a #, outside of strings. */
export const hasComment = (text: string): boolean => text.replace(STRINGS, '').includes('#');
