// How a reference without a format is written into PromQL.
import type { ScopeValue } from './interpolate';

/** Text as it stands inside of a quoted label value. */
export const escapeLabelValue = (text: string): string => text.replace(/\\/g, '\\\\').replace(/"/g, '\\"');
// The expression stands in a PromQL string, so the backslash of the escape is itself escaped.
const escapeRegexInString = (text: string): string =>
  text.replace(/\\/g, '\\\\\\\\').replace(/[$^*+?.()|[\]{}]/g, '\\\\$&');

/**
 * A variable with one value is a plain string for `="$x"`; one that can hold several is a regular
 * expression for `=~"$x"`.
 */
export function prometheusFormat(found: ScopeValue): string {
  const { value, variable } = found;
  const canHoldSeveral = variable !== undefined && (variable.multi || variable.includeAll);
  if (typeof value === 'string') {
    if (!variable) return value;
    return canHoldSeveral ? escapeRegexInString(value) : escapeLabelValue(value);
  }
  const escaped = value.map(escapeRegexInString);
  return escaped.length === 1 ? (escaped[0] ?? '') : `(${escaped.join('|')})`;
}
