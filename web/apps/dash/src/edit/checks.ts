// What is wrong with a text that a person wrote, in words that say how to mend it; undefined where nothing is. Pure.
import { AUTO_REFRESH, parseDurationMs, parseRawTime } from '@narthex/timeutil';

import type { Bounds } from './option_bounds';

export type Check = (draft: string) => string | undefined;

export const lengthProblem: Check = (draft) => (parseDurationMs(draft) === undefined ? 'Not a length of time. Write a number and a unit, such as 30s, 5m or 1h.' : undefined);

const isOpen = (draft: string): boolean => draft.trim() === '' || draft.includes('$');

/** A length or nothing; what has a variable in it is known only when it is run. */
export const lengthOrNoneProblem: Check = (draft) => (isOpen(draft) ? undefined : lengthProblem(draft));

/** As queries write it: also "15" for seconds and ">15s". */
export const stepProblem: Check = (draft) => lengthOrNoneProblem(draft.replace(/^\s*[<>]\s*/, '').replace(/^\d+$/, '$&s'));

export const refreshProblem: Check = (draft) => (draft.trim() === AUTO_REFRESH ? undefined : lengthOrNoneProblem(draft));

/** An end of a time range. */
export const timeProblem: Check = (draft) => (parseRawTime(draft) === undefined ? 'Not a time. Write now, now-6h, now/d, or a date such as 2026-01-31 12:00.' : undefined);

/** A panel's own range or shift: "2h", "1d/d", "now/d". */
export const spanProblem: Check = (draft) => (isOpen(draft) || parseRawTime(`now-${draft.trim()}`) !== undefined || typeof parseRawTime(draft) === 'string' ? undefined : 'Not a span of time. Write a number and a unit, such as 1h or 1d/d.');

/** With or without slashes around it. */
export const regexProblem: Check = (draft) => {
  const [, body = draft, flags = ''] = /^\/(.*)\/([a-z]*)$/s.exec(draft) ?? [];
  try {
    new RegExp(body, flags);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
};

export const jsonProblem: Check = (draft) => {
  if (draft === '') return undefined;
  try {
    JSON.parse(draft);
    return undefined;
  } catch (error) {
    return `Not JSON: ${error instanceof Error ? error.message : String(error)}. Texts stand in double quotes.`;
  }
};

/** Numbers beyond an end are held at it, and it is said which. */
export const boundNote = (draft: string, { min, max }: Bounds): string | undefined => {
  const value = Number(draft);
  if (min !== undefined && value < min) return `At least ${min}.`;
  return max !== undefined && value > max ? `At most ${max}.` : undefined;
};
