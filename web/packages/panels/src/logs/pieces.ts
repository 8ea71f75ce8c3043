// A line cut into what is coloured and what a search has found. Pure.

export type TokenKind = 'key' | 'string' | 'number' | 'word';

export interface LinePiece {
  text: string;
  kind?: TokenKind;
  isFound?: boolean;
}

interface Range {
  from: number;
  to: number;
  kind?: TokenKind;
}

// A key of JSON or of key=value, a text in quotes, a method of HTTP, a number with its unit.
const TOKEN = /("(?:[^"\\]|\\.)*"(?=\s*:)|[\w.-]+(?==))|("(?:[^"\\]|\\.)*")|\b(GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS|true|false|null)\b|(\b\d+(?:\.\d+)*(?:ns|µs|us|ms|s|m|h|[kKMGT]?i?B)?\b)/g;
const KINDS: readonly TokenKind[] = ['key', 'string', 'word', 'number'];
// Colouring takes time, and nobody reads a line of many pages.
const COLOURED_MAX = 10_000;

function tokens(text: string): Range[] {
  const all = [...text.slice(0, COLOURED_MAX).matchAll(TOKEN)];
  return all.flatMap((match): Range[] => {
    const at = KINDS.findIndex((_, index) => match[index + 1] !== undefined);
    const kind = KINDS[at];
    return kind ? [{ from: match.index, to: match.index + match[0].length, kind }] : [];
  });
}

function found(text: string, wanted: string): Range[] {
  if (wanted === '') return [];
  const lower = text.toLowerCase();
  const needle = wanted.toLowerCase();
  // Some letters are longer in lower case: places would not be those of the text.
  if (lower.length !== text.length) return [];
  const out: Range[] = [];
  for (let at = lower.indexOf(needle); at !== -1; at = lower.indexOf(needle, at + needle.length)) out.push({ from: at, to: at + needle.length });
  return out;
}

export function piecesOf(text: string, isColoured: boolean, wanted: string): LinePiece[] {
  const coloured = isColoured ? tokens(text) : [];
  const marks = found(text, wanted);
  const cuts = [...new Set([0, text.length, ...[...coloured, ...marks].flatMap(({ from, to }) => [from, to])])].toSorted((a, b) => a - b);
  let token = 0;
  let mark = 0;
  return cuts.slice(0, -1).map((from, index): LinePiece => {
    while ((coloured[token]?.to ?? Infinity) <= from) token += 1;
    while ((marks[mark]?.to ?? Infinity) <= from) mark += 1;
    const kind = (coloured[token]?.from ?? Infinity) <= from ? coloured[token]?.kind : undefined;
    const isFound = (marks[mark]?.from ?? Infinity) <= from;
    return { text: text.slice(from, cuts[index + 1]), ...(kind ? { kind } : {}), ...(isFound ? { isFound } : {}) };
  });
}
