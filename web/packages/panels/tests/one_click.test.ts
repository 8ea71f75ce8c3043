import { FieldType, type DataFrame, type LinkModel } from '@grafana/data';
import { describe, expect, test } from 'vitest';

import { followed, oneClickAt } from '../src/one_click';

const link = (title: string, oneClick: boolean): LinkModel => ({ title, href: `https://example.com/${title}`, target: undefined, origin: {}, oneClick });

function frame(links: Array<{ title: string; url: string; oneClick?: boolean }>): DataFrame {
  const getLinks = ({ valueRowIndex }: { valueRowIndex?: number }): LinkModel[] => links.map(({ title, oneClick }) => ({ ...link(title, oneClick === true), href: `https://example.com/${title}/${valueRowIndex}` }));
  return {
    length: 2,
    fields: [
      { name: 'Time', type: FieldType.time, values: [0, 1], config: {} },
      { name: 'Value', type: FieldType.number, values: [1, 2], config: { links }, getLinks },
    ],
  };
}

describe('a link that is followed at once', () => {
  test('stands alone; without one all are offered', () => {
    expect(followed([link('a', false), link('b', true)]).map(({ title }) => title)).toEqual(['b']);
    expect(followed([link('a', false), link('b', false)]).map(({ title }) => title)).toEqual(['a', 'b']);
  });
  test('is that of the point', () => expect(oneClickAt(frame([{ title: 'a', url: '' }, { title: 'b', url: '', oneClick: true }]), 1, 1).map(({ href }) => href)).toEqual(['https://example.com/b/1']));
  test.each<[string, DataFrame, number | null, number | null]>([
    ['no link is of that kind', frame([{ title: 'a', url: '' }]), 1, 1],
    ['there is no link', frame([]), 1, 1],
    ['no series is near', frame([{ title: 'a', url: '', oneClick: true }]), null, 1],
    ['no row is near', frame([{ title: 'a', url: '', oneClick: true }]), 1, null],
    ['the field has no links at all', frame([{ title: 'a', url: '', oneClick: true }]), 0, 1],
  ])('none where %s', (_name, data, series, row) => expect(oneClickAt(data, series, row)).toEqual([]));
});
