// The chart of old painted hours and days that come again by itself; they became annotations of the dashboard, each
// for its one panel. Source: Grafana's migration of graph to timeseries.
import { record, records, text } from '../json';
import { allPanels } from '../migrations/walk';
import { given } from './overrides';
import type { AnyRecord } from '../types';

function annotationOf(region: AnyRecord, panelId: unknown, name: string): AnyRecord {
  const isCustom = region['colorMode'] === 'custom';
  const line = text(region['lineColor']);
  const color = region['fill'] === false ? line : isCustom ? text(region['fillColor']) : text(region['colorMode']);
  const { fromDayOfWeek, toDayOfWeek, from, to } = region;
  return {
    datasource: { type: 'datasource', uid: 'grafana' },
    enable: true,
    hide: true,
    filter: { exclude: false, ids: [panelId] },
    // Colours of its own palette that is gone.
    iconColor: /^(background6|gray)$/.test(color) || color === '' ? 'rgba(128, 128, 128, 0.6)' : color,
    name,
    // That chart counted its days and hours in UTC.
    target: { queryType: 'timeRegions', refId: 'Anno', timeRegion: given({ fromDayOfWeek, toDayOfWeek, from, to, timezone: 'utc' }) },
  };
}

export function regionsToAnnotations(dashboard: AnyRecord): void {
  const made = allPanels(dashboard).flatMap((panel) => {
    const regions = records(panel['timeRegions']).filter((region) => region['fill'] === true || region['line'] === true);
    if (panel['type'] !== 'graph') return [];
    return regions.map((region, index) => annotationOf(region, panel['id'], `T${index + 1}`));
  });
  if (made.length === 0) return;
  const annotations = record(dashboard['annotations']);
  dashboard['annotations'] = { ...annotations, list: [...records(annotations['list']), ...made] };
}
