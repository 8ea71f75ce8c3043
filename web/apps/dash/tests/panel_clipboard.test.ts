import { describe, expect, test } from 'vitest';

import { copiedPanel, copyPanel, pastePanel } from '../src/edit/panel_clipboard';

function storage(quota = Infinity): Storage {
  const kept = new Map<string, string>();
  return {
    get length() {
      return kept.size;
    },
    clear: () => kept.clear(),
    key: () => null,
    getItem: (key) => kept.get(key) ?? null,
    removeItem: (key) => void kept.delete(key),
    setItem: (key, value) => {
      if (value.length > quota) throw new DOMException('full', 'QuotaExceededError');
      kept.set(key, value);
    },
  };
}

const DASHBOARD = { panels: [{ id: 3, type: 'stat', title: 'S', gridPos: { x: 6, y: 9, w: 7, h: 5 }, targets: [{ refId: 'A', expr: 'up' }] }] };

describe('a panel is copied', () => {
  test('and put down elsewhere, as large as it was, under an id of its own', () => {
    const kept = storage();
    expect(copyPanel(DASHBOARD, 3, kept)).toBe(true);
    const copied = copiedPanel(kept);
    if (!copied) throw new Error('nothing copied');
    const pasted = pastePanel({ panels: [{ id: 8, type: 'text', gridPos: { x: 0, y: 0, w: 24, h: 4 } }] }, copied);
    expect(pasted['panels']).toMatchObject([{ id: 8 }, { id: 9, type: 'stat', title: 'S', targets: [{ expr: 'up' }], gridPos: { x: 0, y: 4, w: 7, h: 5 } }]);
  });

  test.each([
    ['one that is not there', () => copyPanel(DASHBOARD, 4, storage())],
    ['one too large to keep', () => copyPanel(DASHBOARD, 3, storage(10))],
  ])('but not %s', (_name, copy) => expect(copy()).toBe(false));

  test.each([[''], ['nonsense'], ['[]'], ['{"title":"no type"}']])('%j is no copied panel', (text) => {
    const kept = storage();
    kept.setItem('narthex.copied_panel', text);
    expect(copiedPanel(kept)).toBeUndefined();
  });
});
