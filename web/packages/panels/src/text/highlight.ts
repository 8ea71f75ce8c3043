// A text cut into parts of one kind each. Pure.
import { languageOf, type CodeKind, type Language } from './languages';

export interface CodePart {
  text: string;
  kind?: CodeKind;
}

// Longer texts are shown without colours: nobody reads them, and each part is an element of the page.
const COLOURED_MAX = 100_000;

const patterns = new Map<Language, RegExp>();

function patternOf(language: Language): RegExp {
  const known = patterns.get(language) ?? new RegExp(language.parts.map(([, source]) => `(${source})`).join('|'), language.ignoresCase ? 'gim' : 'gm');
  patterns.set(language, known);
  return known;
}

export function codeParts(text: string, name: string): CodePart[] {
  const language = languageOf(name);
  if (!language || text.length > COLOURED_MAX) return [{ text }];
  const out: CodePart[] = [];
  let at = 0;
  for (const match of text.matchAll(patternOf(language))) {
    if (match[0] === '') continue;
    const index = match.slice(1).findIndex((group) => group !== undefined);
    const kind = language.parts[index]?.[0];
    if (match.index > at) out.push({ text: text.slice(at, match.index) });
    out.push({ text: match[0], ...(kind ? { kind } : {}) });
    at = match.index + match[0].length;
  }
  if (at < text.length) out.push({ text: text.slice(at) });
  return out;
}
