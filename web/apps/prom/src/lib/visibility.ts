// Which of a number of series are hidden, after a click on one.

// Shows or hides one.
export function toggleOne(hidden: ReadonlySet<number>, index: number): Set<number> {
  const after = new Set(hidden);
  if (!after.delete(index)) after.add(index);
  return after;
}

// Shows one alone; all again if it is alone already.
export function toggleAlone(hidden: ReadonlySet<number>, index: number, count: number): Set<number> {
  const isAlone = !hidden.has(index) && hidden.size === count - 1;
  if (isAlone) return new Set();
  const others = Array.from({ length: count }, (_, other) => other).filter((other) => other !== index);
  return new Set(others);
}
