// The dashboards and folders of a search answer, narrowed, sorted and put into their folders. Pure.
import type { SearchHit } from '@narthex/grafanaapi';

export type Order = 'alpha-asc' | 'alpha-desc';

export interface HitFilter {
  text: string;
  tags: readonly string[];
  folderUid: string;
  isStarredOnly?: boolean;
}

export interface FolderHits {
  uid: string;
  /** With the folders that it lies in: "Team / Servers". */
  title: string;
  hits: SearchHit[];
}

const isDashboard = ({ type }: SearchHit): boolean => type === 'dash-db';
const isFolder = ({ type }: SearchHit): boolean => type === 'dash-folder';

export interface FolderPath {
  uid: string;
  title: string;
  /** From the top down, itself last. */
  uids: string[];
}

// No deeper than any server lets them be; a circle ends here, too.
const DEPTH_MAX = 16;

/** Every folder with its way from the top; those that only dashboards tell of stand at the top. */
export function folderPaths(hits: readonly SearchHit[]): FolderPath[] {
  const folders = new Map(hits.filter(isFolder).map((hit) => [hit.uid, { title: hit.title, parentUid: hit.folderUid }]));
  for (const { folderUid, folderTitle, type } of hits) {
    if (type === 'dash-db' && folderUid !== '' && !folders.has(folderUid)) folders.set(folderUid, { title: folderTitle, parentUid: '' });
  }
  return [...folders.keys()].map((uid) => {
    const uids: string[] = [];
    for (let here = uid; here !== '' && folders.has(here) && uids.length < DEPTH_MAX; here = folders.get(here)?.parentUid ?? '') uids.unshift(here);
    return { uid, title: uids.map((one) => folders.get(one)?.title ?? one).join(' / '), uids };
  });
}

export function filterHits(hits: readonly SearchHit[], { text, tags, folderUid, isStarredOnly = false }: HitFilter): SearchHit[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const within = folderUid === '' ? undefined : new Set(folderPaths(hits).flatMap(({ uid, uids }) => (uids.includes(folderUid) ? [uid] : [])));
  return hits.filter((hit) => {
    if (!isDashboard(hit) || (within && !within.has(hit.folderUid)) || (isStarredOnly && !hit.isStarred)) return false;
    const haystack = `${hit.title} ${hit.folderTitle} ${hit.tags.join(' ')}`.toLowerCase();
    return words.every((word) => haystack.includes(word)) && tags.every((tag) => hit.tags.includes(tag));
  });
}

const byTitle = (a: { title: string }, b: { title: string }): number =>
  a.title.localeCompare(b.title, 'en', { sensitivity: 'base', numeric: true });

/** Folders by title, the dashboards in none of them first. `empty` are folders to show without any. */
export function groupByFolder(hits: readonly SearchHit[], order: Order = 'alpha-asc', paths: readonly FolderPath[] = [], empty: readonly FolderPath[] = []): FolderHits[] {
  const folders = new Map<string, FolderHits>(empty.map(({ uid, title }) => [uid, { uid, title, hits: [] }]));
  const titleOf = new Map(paths.map(({ uid, title }) => [uid, title]));
  for (const hit of hits) {
    const folder = folders.get(hit.folderUid) ?? { uid: hit.folderUid, title: titleOf.get(hit.folderUid) ?? hit.folderTitle, hits: [] };
    folder.hits.push(hit);
    folders.set(hit.folderUid, folder);
  }
  const turn = order === 'alpha-desc' ? -1 : 1;
  return [...folders.values()]
    .map((folder) => ({ ...folder, hits: folder.hits.toSorted((a, b) => turn * byTitle(a, b)) }))
    .toSorted((a, b) => Number(a.uid !== '') - Number(b.uid !== '') || turn * byTitle(a, b));
}

export function allTags(hits: readonly SearchHit[]): string[] {
  return [...new Set(hits.filter(isDashboard).flatMap(({ tags }) => tags))].toSorted();
}
