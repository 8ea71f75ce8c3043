// Keys of panels: numbers that stay with a panel when others come and go.

export function nextKey(keys: readonly number[]): number {
  return Math.max(-1, ...keys) + 1;
}

// The keys of `count` panels of which `keys` are the known ones: cut, or continued with new numbers.
export function fitKeys(keys: readonly number[], count: number): number[] {
  const fitted = keys.slice(0, count);
  while (fitted.length < count) fitted.push(nextKey(fitted));
  return fitted;
}
