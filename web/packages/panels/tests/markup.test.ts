// Markup of texts: what is taken out, and what stays.
import { describe, expect, test } from 'vitest';

import { markupOfHtml, markupOfMarkdown } from '../src/text/markup';

const MARKUPS = { HTML: markupOfHtml, Markdown: markupOfMarkdown };

describe.each(Object.entries(MARKUPS))('markup of %s', (_name, markup) => {
  const elements = (text: string): string[] => {
    const holder = document.createElement('template');
    holder.innerHTML = markup(text);
    return [...holder.content.querySelectorAll('*')].map(({ localName }) => localName);
  };

  test.each([
    '<iframe></iframe><iframe width="5" srcdoc="<script>1</script>"></iframe>',
    '<iframe src="javascript:1"></iframe><iframe src="//elsewhere.invalid/"></iframe><iframe src="/\\\\elsewhere.invalid/"></iframe>',
    '<iframe src="data:text/html,<script>1</script>"></iframe><iframe src="java&#10;script:1"></iframe>',
    '<IFRAME srcdoc="<script>1</script>" title=">"></IFRAME>',
    '<ifr<iframe src="x">ame src="http://elsewhere.invalid/">',
    '<a title="<iframe src=x>" href="/d/x"><iframe',
    '<style>@import url("http://elsewhere.invalid/"); body { display: none }</style>',
    '<script>1</script><object data="x"></object><embed src="x"><base href="x"><link rel="stylesheet" href="x">',
    '<form action="x"><input name="y"></form><svg onload="1"><style>b{}</style></svg>',
  ])('nothing of %j acts', (text) => {
    const left = elements(text);
    expect(left.filter((name) => !['a', 'p'].includes(name))).toEqual([]);
  });

  test.each([
    ['<iframe src="http://elsewhere.invalid/a?b=1&c=2"></iframe>', 'http://elsewhere.invalid/a?b=1&c=2'],
    ['<IFRAME height="9" srcdoc="<b>1</b>" onload="1" sandbox="allow-scripts" name="top" src="/d/x">hidden</IFRAME>', '/d/x'],
    ['<iframe src=\'http://elsewhere.invalid/" onload="1\' sandbox=allow-same-origin>', 'http://elsewhere.invalid/%22%20onload=%221'],
  ])('the frame of %j is shut', (text, src) => {
    const holder = document.createElement('template');
    holder.innerHTML = markup(text);
    const frames = [...holder.content.querySelectorAll('iframe')];
    expect(frames.map((frame) => frame.getAttribute('src'))).toEqual([src]);
    const allowed = new Set(['title', 'src', 'width', 'height', 'sandbox', 'credentialless', 'referrerpolicy', 'loading']);
    expect([...(frames[0]?.attributes ?? [])].map(({ name }) => name).filter((name) => !allowed.has(name))).toEqual([]);
    expect(frames[0]?.getAttribute('sandbox')).toBe('');
    expect(frames[0]?.getAttribute('referrerpolicy')).toBe('no-referrer');
    expect(holder.content.textContent).not.toContain('hidden');
  });

  test('what is harmless stays', () => {
    expect(elements('<b>bold</b> <a href="/d/x">link</a> <img src="/public/x.png">')).toEqual(expect.arrayContaining(['b', 'a', 'img']));
  });
});

test('Markdown keeps its lists of tasks', () => {
  expect(markupOfMarkdown('- [x] done')).toContain('type="checkbox"');
});
