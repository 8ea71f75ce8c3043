// Keys that work on every page: one after another, or with a modifier. Pure but for the table.

export interface Shortcut {
  keys: string;
  does: string;
}

/** What the help shows; the dashboard's own keys are heard by the dashboard. */
export const SHORTCUTS: ReadonlyArray<{ title: string; shortcuts: readonly Shortcut[] }> = [
  {
    title: 'Everywhere',
    shortcuts: [
      { keys: 'g h', does: 'Home' },
      { keys: 'g d', does: 'Dashboards' },
      { keys: 'g e', does: 'Explore' },
      { keys: 'g p', does: 'Profile' },
      { keys: 's o, mod+k', does: 'Search and commands' },
      { keys: 'c t', does: 'Theme: from dark to light, and back' },
      { keys: '?, h', does: 'This help' },
    ],
  },
  {
    title: 'On a dashboard',
    shortcuts: [
      { keys: 'd r', does: 'Refresh' },
      { keys: 'd s', does: 'Settings' },
      { keys: 'd p', does: 'Edit, or leave the edit' },
      { keys: 'd k, d v', does: 'Only the panels' },
      { keys: 'd a', does: 'Fit the panels into the window' },
      { keys: 'd x', does: 'Exemplars where there are none, and the other way round' },
      { keys: 'd E', does: 'Open all rows' },
      { keys: 'd C', does: 'Close all rows' },
      { keys: 'mod+o', does: 'Cursor: alone, shared, shared tooltip' },
      { keys: 't +', does: 'Zoom in' },
      { keys: 't -, t z, ctrl+z', does: 'Zoom out' },
      { keys: 't ←', does: 'Range back' },
      { keys: 't →', does: 'Range forward' },
      { keys: 't a', does: 'Make the range absolute' },
      { keys: 't c, t v', does: 'Copy, paste the range' },
      { keys: 'p v', does: 'Paste a copied panel, in an edit' },
      { keys: 'mod+s', does: 'Save, in an edit' },
      { keys: 'mod+z', does: 'Undo, in an edit' },
      { keys: 'mod+shift+z', does: 'Redo, in an edit' },
      { keys: 'esc', does: 'Leave the editor, a panel or the kiosk mode' },
    ],
  },
  {
    title: 'On the panel under the pointer, or with the focus',
    shortcuts: [
      { keys: 'v', does: 'View' },
      { keys: 'e', does: 'Edit' },
      { keys: 'i', does: 'Inspect' },
      { keys: 'p x', does: 'Explore' },
      { keys: 'p l', does: 'Show or hide the legend' },
      { keys: 'p c', does: 'Copy' },
      { keys: 'p u', does: 'Copy its link' },
      { keys: 'p e', does: 'Embed' },
      { keys: 'p s', does: 'Snapshot' },
      { keys: 'p d', does: 'Duplicate, in an edit' },
      { keys: 'p r', does: 'Remove, in an edit' },
    ],
  },
];

/** Keys that wait for a second one, for so long; whoever listens to pairs reads them so, or one's end were another's begin. */
const STARTERS: ReadonlySet<string> = new Set(['c', 'd', 'g', 'p', 's', 't']);
const SEQUENCE_MS = 1000;

export const isSecondOf = (first: string, sinceMs: number): boolean => STARTERS.has(first) && sinceMs < SEQUENCE_MS;

const GOES_TO: Readonly<Record<string, string>> = { h: '/', d: '/dashboards', e: '/explore', p: '/profile' };

/** Where the second key of a pair that began with g leads; undefined for nowhere. */
export const destination = (first: string, second: string): string | undefined => (first === 'g' ? GOES_TO[second] : undefined);

export const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
