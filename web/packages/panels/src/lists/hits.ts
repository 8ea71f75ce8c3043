// Which dashboards a list shows, under which headings. Pure.
import type { SearchHit } from '@narthex/grafanaapi';
import { flag, number, text, texts, type AnyRecord } from '@narthex/dashmodel/json';

export interface HitGroup {
  title: string;
  hits: SearchHit[];
}

/** `recent` holds the dashboards opened lately, newest first. */
export function hitGroups(all: readonly SearchHit[], options: AnyRecord, recent: readonly string[] = []): HitGroup[] {
  const max = number(options['maxItems'], 10);
  const dashboards = all.filter(({ type }) => type === 'dash-db');
  const query = text(options['query']).toLowerCase();
  const tags = texts(options['tags']);
  const folder = text(options['folderUID']);
  const groups: HitGroup[] = [];
  if (flag(options['showStarred'], true)) groups.push({ title: 'Starred dashboards', hits: dashboards.filter(({ isStarred }) => isStarred).slice(0, max) });
  if (flag(options['showRecentlyViewed'])) groups.push({ title: 'Recently viewed dashboards', hits: recent.flatMap((uid) => dashboards.find((hit) => hit.uid === uid) ?? []).slice(0, max) });
  if (flag(options['showSearch'])) {
    const found = dashboards
      .filter(({ title }) => title.toLowerCase().includes(query))
      .filter((hit) => tags.every((tag) => hit.tags.includes(tag)))
      .filter(({ folderUid }) => folder === '' || folderUid === folder)
      .slice(0, max);
    groups.push({ title: 'Search', hits: found });
  }
  return groups;
}
