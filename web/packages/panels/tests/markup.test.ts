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
    '<iframe src="http://elsewhere.invalid/"></iframe>',
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

  test('what is harmless stays', () => {
    expect(elements('<b>bold</b> <a href="/d/x">link</a> <img src="/public/x.png">')).toEqual(expect.arrayContaining(['b', 'a', 'img']));
  });
});

test('Markdown keeps its lists of tasks', () => {
  expect(markupOfMarkdown('- [x] done')).toContain('type="checkbox"');
});
