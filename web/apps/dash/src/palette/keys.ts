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
      { keys: 'mod+k', does: 'Search and commands' },
      { keys: '?', does: 'This help' },
    ],
  },
  {
    title: 'On a dashboard',
    shortcuts: [
      { keys: 'd r', does: 'Refresh' },
      { keys: 'd k', does: 'Only the panels' },
      { keys: 't z', does: 'Zoom out' },
      { keys: 't ←', does: 'Range back' },
      { keys: 't →', does: 'Range forward' },
      { keys: 'mod+s', does: 'Save, in an edit' },
      { keys: 'mod+z', does: 'Undo, in an edit' },
      { keys: 'mod+shift+z', does: 'Redo, in an edit' },
      { keys: 'esc', does: 'Leave a panel or the kiosk mode' },
    ],
  },
  {
    title: 'On the panel with the focus',
    shortcuts: [
      { keys: 'v', does: 'View' },
      { keys: 'e', does: 'Edit' },
      { keys: 'i', does: 'Inspect' },
    ],
  },
];

const GOES_TO: Readonly<Record<string, string>> = { h: '/', d: '/dashboards', e: '/explore' };

/** Where the second key of a pair that began with g leads; undefined for nowhere. */
export const destination = (first: string, second: string): string | undefined => (first === 'g' ? GOES_TO[second] : undefined);

export const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
