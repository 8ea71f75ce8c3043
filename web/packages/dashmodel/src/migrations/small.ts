// 14 shared crosshair, 17 panels per row of a repeat, 26 text2, 40 refresh.
import { number } from '../json';
import type { AnyRecord } from '../types';
import { allPanels } from './walk';

export function crosshair(dashboard: AnyRecord): void {
  dashboard['graphTooltip'] = dashboard['sharedCrosshair'] ? 1 : (dashboard['graphTooltip'] ?? 0);
}

const DIVISORS_OF_24 = [1, 2, 3, 4, 6, 8, 12, 24];

export function maxPerRow(dashboard: AnyRecord): void {
  for (const panel of allPanels(dashboard)) {
    const spanMin = number(panel['minSpan']);
    if (spanMin) panel['maxPerRow'] = DIVISORS_OF_24.findLast((count) => count <= 24 / spanMin) ?? 1;
    delete panel['minSpan'];
  }
}

export function text2(dashboard: AnyRecord): void {
  for (const panel of allPanels(dashboard)) if (panel['type'] === 'text2') panel['type'] = 'text';
}

export function refreshText(dashboard: AnyRecord): void {
  if (typeof dashboard['refresh'] !== 'string') dashboard['refresh'] = '';
}
