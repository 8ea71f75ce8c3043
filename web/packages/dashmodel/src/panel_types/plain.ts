// Panels whose options stood beside their type before there was a place for them.
import { flag, isRecord, number, record, text, texts } from '../json';
import type { AnyRecord } from '../types';
import { given } from './overrides';

export function migrateText(panel: AnyRecord): void {
  if (isRecord(panel['options']) && 'content' in panel['options']) return;
  if (panel['content'] === undefined && panel['mode'] === undefined) return;
  const mode = text(panel['mode'], 'markdown');
  // Plain text was shown as it stood; it has no mode of its own any more.
  panel['options'] = { ...record(panel['options']), mode: mode === 'text' ? 'markdown' : mode, content: text(panel['content']) };
  delete panel['content'];
  delete panel['mode'];
}

export function migrateDashList(panel: AnyRecord): void {
  if (isRecord(panel['options']) && Object.keys(panel['options']).length > 0) return;
  panel['options'] = {
    showStarred: flag(panel['starred']),
    showRecentlyViewed: flag(panel['recent']),
    showSearch: flag(panel['search']),
    showHeadings: flag(panel['headings'], true),
    maxItems: number(panel['limit'], 10),
    query: text(panel['query']),
    tags: texts(panel['tags']),
  };
}

export function migrateAlertList(panel: AnyRecord): void {
  if (isRecord(panel['options']) && Object.keys(panel['options']).length > 0) return;
  panel['options'] = given({
    maxItems: number(panel['limit'], 10),
    dashboardAlerts: flag(panel['onlyAlertsOnDashboard']),
    alertName: text(panel['nameFilter']),
    sortOrder: number(panel['sortOrder'], 1),
  });
}
