// Which form a dashboard is written in.
import { isRecord, record, text } from '../json';
import type { AnyRecord } from '../types';

/** Of a resource that holds a dashboard, the dashboard. */
export function unwrapped(source: AnyRecord): AnyRecord {
  const spec = source['spec'];
  if (!isRecord(spec) || !text(source['apiVersion']).startsWith('dashboard.grafana.app/')) return source;
  const uid = text(record(source['metadata'])['name']);
  return { ...spec, ...(uid && { uid }) };
}

export function isV2(source: AnyRecord): boolean {
  const { elements, layout } = unwrapped(source);
  return isRecord(elements) && isRecord(layout);
}

/** In the classic form. What converts is loaded for those that need it. */
export async function classic(source: unknown): Promise<unknown> {
  if (!isRecord(source) || !isV2(source)) return source;
  const { fromV2 } = await import('./convert');
  return fromV2(source).dashboard;
}
