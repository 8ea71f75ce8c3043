import { describe, expect, test } from 'vitest';

import { commandsOf, distance, matching } from '../src/palette/commands';
import { destination } from '../src/palette/keys';

const hit = (title: string, type = 'dash-db') => ({ uid: title, title, url: `/d/${title}`, type, tags: [], folderUid: '', folderTitle: '', isStarred: false });

describe('the command palette', () => {
  const commands = commandsOf([hit('Node Exporter Full'), hit('Exporters'), hit('A folder', 'dash-folder')]);
  test('folders are no places to go to', () => expect(commands.some(({ title }) => title === 'A folder')).toBe(false));
  test.each([
    ['expor', ['Exporters', 'Node Exporter Full']],
    ['nef', ['Node Exporter Full']],
    ['zzz', []],
  ])('%s', (wanted, want) => expect(matching(commands, wanted).map(({ title }) => title).slice(0, want.length || undefined)).toEqual(want));
  test('a word ranks before letters strewn about', () => {
    expect(distance('Explore', 'expl')).toBe(0);
    expect(distance('Export later', 'expl')).toBeGreaterThan(distance('The Explorer', 'expl') ?? Infinity);
    expect(distance('Node', 'x')).toBeUndefined();
  });
});

test.each([
  ['g', 'd', '/dashboards'],
  ['g', 'x', undefined],
  ['d', 'h', undefined],
])('%s %s leads to %s', (first, second, want) => expect(destination(first, second)).toBe(want));
