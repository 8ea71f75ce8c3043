// Variables of a dashboard in an expression, covered so that a parser of PromQL takes them for what they stand for.
import { tokenize } from '@narthex/vars';

// A window, a step or an offset stands behind these; anything else is a name or a number.
const BEFORE_DURATION = /(\[|:|\boffset\s+-?)\s*$/;

/** True where `text` ends inside of a string literal. */
function endsInString(text: string): boolean {
  let quote = '';
  for (let index = 0; index < text.length; index += 1) {
    const character = text[index] ?? '';
    if (quote !== '' && character === '\\' && quote !== '`') index += 1;
    else if (quote !== '') quote = character === quote ? '' : quote;
    else if ('"\'`'.includes(character)) quote = character;
  }
  return quote !== '';
}

function cover(length: number, before: string, after: string): string {
  if (!BEFORE_DURATION.test(before)) return 'v'.repeat(length);
  // `[${__range_s}s]` brings its unit along.
  return /^[a-z]/.test(after) ? '1'.repeat(length) : `${'1'.repeat(length - 1)}s`;
}

/** The text with each reference outside of a string covered by as many characters: positions stay true. */
export function maskVariables(text: string): string {
  if (!text.includes('$') && !text.includes('[[')) return text;
  let masked = '';
  for (const token of tokenize(text)) {
    const isName = token.kind === 'reference' && token.raw.length > 1 && !endsInString(masked);
    masked += isName ? cover(token.raw.length, masked, text.slice(masked.length + token.raw.length)) : token.raw;
  }
  return masked;
}
