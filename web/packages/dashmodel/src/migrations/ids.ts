// 3: panels without an id; 7: queries without a letter.
import { number, records } from '../json';
import type { AnyRecord } from '../types';
import { allPanels } from './walk';

/** 0 for what is none: also for numbers that one cannot be added to. */
function idOf(panel: AnyRecord): number {
  const id = number(panel['id'], 0);
  return Number.isSafeInteger(id) && id < Number.MAX_SAFE_INTEGER / 2 ? id : 0;
}

export function giveIds(dashboard: AnyRecord): void {
  const panels = allPanels(dashboard);
  let highest = Math.max(0, ...panels.map(idOf));
  const taken = new Set<number>();
  for (const panel of panels) {
    const id = idOf(panel);
    // Two panels under one id would be one panel to whoever looks for it.
    if (id === 0 || taken.has(id)) panel['id'] = ++highest;
    taken.add(idOf(panel));
  }
}

/** A ... Z, then AA, AB and on. */
export function refIdAt(index: number): string {
  const letter = String.fromCharCode(65 + (index % 26));
  return index < 26 ? letter : refIdAt(Math.floor(index / 26) - 1) + letter;
}

export function giveRefIds(dashboard: AnyRecord): void {
  for (const panel of allPanels(dashboard)) {
    const targets = records(panel['targets']);
    const taken = new Set(targets.map((target) => target['refId']));
    let next = 0;
    for (const target of targets) {
      if (target['refId']) continue;
      while (taken.has(refIdAt(next))) next += 1;
      target['refId'] = refIdAt(next);
      next += 1;
    }
  }
}
