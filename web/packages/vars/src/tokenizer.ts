// Splits text into plain parts and references to variables:
//   $name   ${name}   ${name:format}   ${name.field.path:format}   ${name["a.b"]}   [[name]]   [[name:format]]

export type Token =
  | { kind: 'text'; raw: string }
  | { kind: 'reference'; raw: string; name: string; fieldPath?: string; format?: string };

const BARE_NAME = /\w+/y;
const BRACED = /\{(\w+)((?:\.[^:{}[\]]+|\["[^"]*"\]|\['[^']*'\]|\[[^\]"']*\])*)(?::([^}]*))?\}/y;
const BRACKETED = /\[\[(\w+?)(?::([^\]]*))?\]\]/y;

function matchAt(pattern: RegExp, text: string, index: number): RegExpExecArray | null {
  pattern.lastIndex = index;
  return pattern.exec(text);
}

function referenceAt(text: string, index: number): Token | undefined {
  if (text[index] === '[') {
    const match = matchAt(BRACKETED, text, index);
    if (!match) return undefined;
    return { kind: 'reference', raw: match[0], name: match[1] ?? '', format: match[2] };
  }
  const braced = matchAt(BRACED, text, index + 1);
  if (braced) {
    const [body, name = '', fieldPath, format] = braced;
    return { kind: 'reference', raw: `$${body}`, name, ...(fieldPath ? { fieldPath } : {}), ...(format === undefined ? {} : { format }) };
  }
  const bare = matchAt(BARE_NAME, text, index + 1);
  return bare ? { kind: 'reference', raw: `$${bare[0]}`, name: bare[0] } : undefined;
}

export function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  let plainFrom = 0;
  let index = 0;
  while (index < text.length) {
    const isOpening = text[index] === '$' || (text[index] === '[' && text[index + 1] === '[');
    const reference = isOpening ? referenceAt(text, index) : undefined;
    if (!reference) {
      index += 1;
      continue;
    }
    if (plainFrom < index) tokens.push({ kind: 'text', raw: text.slice(plainFrom, index) });
    tokens.push(reference);
    index += reference.raw.length;
    plainFrom = index;
  }
  if (plainFrom < text.length) tokens.push({ kind: 'text', raw: text.slice(plainFrom) });
  return tokens;
}
