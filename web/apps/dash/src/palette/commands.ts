// What the command palette offers and how it finds it. Pure.
import type { SearchHit, User } from '@narthex/grafanaapi';

import { ADMIN_PARTS, adminPartsFor } from '../manage/admin_parts';
import { administersOrganisation, edits } from '../session/rights';

export interface Command {
  id: string;
  title: string;
  section: string;
  href: string;
}

const PAGES: readonly Command[] = [
  { id: 'home', title: 'Home', section: 'Pages', href: '/' },
  { id: 'dashboards', title: 'Dashboards', section: 'Pages', href: '/dashboards' },
  { id: 'explore', title: 'Explore', section: 'Pages', href: '/explore' },
  { id: 'playlists', title: 'Playlists', section: 'Pages', href: '/playlists' },
  { id: 'snapshots', title: 'Snapshots', section: 'Pages', href: '/dashboard/snapshots' },
  { id: 'library', title: 'Library panels', section: 'Pages', href: '/library-panels' },
  { id: 'sources', title: 'Data sources', section: 'Pages', href: '/connections/datasources' },
  { id: 'profile', title: 'Profile', section: 'Pages', href: '/profile' },
  { id: 'new', title: 'New dashboard', section: 'Actions', href: '/dashboard/new' },
  { id: 'generate', title: 'Make a dashboard of a job', section: 'Actions', href: '/dashboard/generate' },
  { id: 'import', title: 'Import dashboard', section: 'Actions', href: '/dashboard/import' },
  { id: 'theme-dark', title: 'Theme: dark', section: 'Actions', href: '?theme=dark' },
  { id: 'theme-light', title: 'Theme: light', section: 'Actions', href: '?theme=light' },
  { id: 'logout', title: 'Sign out', section: 'Actions', href: '/logout' },
];
const EDITORS_ONLY: ReadonlySet<string> = new Set(['new', 'generate', 'import']);
const SIGNED_IN_ONLY: ReadonlySet<string> = new Set(['snapshots', 'profile', 'logout']);
const SHOWN_MAX = 30;

/** What only some may use is offered to those. */
const isOffered = ({ id }: Command, user: User): boolean => {
  if (id === 'sources') return administersOrganisation(user);
  if (EDITORS_ONLY.has(id)) return edits(user);
  return user.isSignedIn || !SIGNED_IN_ONLY.has(id);
};

export function commandsOf(hits: readonly SearchHit[], user: User): Command[] {
  const dashboards = hits
    .filter(({ type }) => type === 'dash-db')
    .map(({ uid, title, url, folderTitle }) => ({ id: uid, title, section: folderTitle || 'Dashboards', href: url }));
  const admin = adminPartsFor(user).map((part) => ({ id: `admin-${part}`, title: `Administration: ${ADMIN_PARTS[part].title.toLowerCase()}`, section: 'Pages', href: ADMIN_PARTS[part].href }));
  return [...PAGES.filter((page) => isOffered(page, user)), ...admin, ...dashboards];
}

/** How well `title` answers to `wanted`: the lower the better; undefined when letters are missing. */
export function distance(title: string, wanted: string): number | undefined {
  const text = title.toLowerCase();
  const whole = text.indexOf(wanted.toLowerCase());
  if (whole >= 0) return whole;
  let at = -1;
  let gaps = 0;
  for (const letter of wanted.toLowerCase()) {
    const next = text.indexOf(letter, at + 1);
    if (next < 0) return undefined;
    if (at >= 0) gaps += next - at - 1;
    at = next;
  }
  // Letters strewn about rank behind every title that holds the word.
  return 1000 + gaps;
}

export function matching(commands: readonly Command[], wanted: string): Command[] {
  const trimmed = wanted.trim();
  if (trimmed === '') return commands.slice(0, SHOWN_MAX);
  return commands
    .flatMap((command) => {
      const far = distance(command.title, trimmed);
      return far === undefined ? [] : [{ command, far }];
    })
    .toSorted((a, b) => a.far - b.far)
    .slice(0, SHOWN_MAX)
    .map(({ command }) => command);
}
