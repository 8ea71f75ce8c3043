import { records } from '../json';
import type { AnyRecord } from '../types';

/** Every panel, also those folded into a row and those of the old row form. */
export function allPanels(dashboard: AnyRecord): AnyRecord[] {
  const top = [...records(dashboard['panels']), ...records(dashboard['rows']).flatMap((row) => records(row['panels']))];
  return top.flatMap((panel) => [panel, ...records(panel['panels'])]);
}

export function allVariables(dashboard: AnyRecord): AnyRecord[] {
  const templating = dashboard['templating'];
  if (typeof templating !== 'object' || templating === null || !('list' in templating)) return [];
  return records(templating.list);
}
