// The dashboards of a search answer, narrowed and put into their folders.
import type { SearchHit } from '@narthex/grafanaapi';

export interface HitFilter {
  text: string;
  tags: readonly string[];
  folderUid: string;
}

export interface FolderHits {
  uid: string;
  title: string;
  hits: SearchHit[];
}

const isDashboard = ({ type }: SearchHit): boolean => type === 'dash-db';

export function filterHits(hits: readonly SearchHit[], { text, tags, folderUid }: HitFilter): SearchHit[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return hits.filter((hit) => {
    if (!isDashboard(hit) || (folderUid !== '' && hit.folderUid !== folderUid)) return false;
    const haystack = `${hit.title} ${hit.folderTitle} ${hit.tags.join(' ')}`.toLowerCase();
    return words.every((word) => haystack.includes(word)) && tags.every((tag) => hit.tags.includes(tag));
  });
}

const byTitle = (a: { title: string }, b: { title: string }): number =>
  a.title.localeCompare(b.title, 'en', { sensitivity: 'base', numeric: true });

/** Folders by title, the dashboards in none of them first. */
export function groupByFolder(hits: readonly SearchHit[]): FolderHits[] {
  const folders = new Map<string, FolderHits>();
  for (const hit of hits) {
    const folder = folders.get(hit.folderUid) ?? { uid: hit.folderUid, title: hit.folderTitle, hits: [] };
    folder.hits.push(hit);
    folders.set(hit.folderUid, folder);
  }
  return [...folders.values()]
    .map((folder) => ({ ...folder, hits: folder.hits.toSorted(byTitle) }))
    .toSorted((a, b) => Number(a.uid !== '') - Number(b.uid !== '') || byTitle(a, b));
}

export function allTags(hits: readonly SearchHit[]): string[] {
  return [...new Set(hits.filter(isDashboard).flatMap(({ tags }) => tags))].toSorted();
}
