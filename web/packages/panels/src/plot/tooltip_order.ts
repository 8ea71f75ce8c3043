// Which rows a tooltip has, and in which order. Pure.
import type { TooltipOptions } from '../options';

/** By their numbers, as the panel asks for; those that are zero are left out where it says so. */
export function orderedByValue<T>(all: readonly T[], valueOf: (one: T) => number, { sort, hideZeros }: Pick<TooltipOptions, 'sort' | 'hideZeros'>): T[] {
  const shown = hideZeros ? all.filter((one) => valueOf(one) !== 0) : [...all];
  if (sort === 'none') return shown;
  const sign = sort === 'asc' ? 1 : -1;
  return shown.toSorted((a, b) => sign * (valueOf(a) - valueOf(b)));
}
