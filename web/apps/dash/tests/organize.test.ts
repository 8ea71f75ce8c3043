import { describe, expect, test } from 'vitest';

import { moveField, organizedFields, renameField, toggleField } from '../src/edit/organize';
import { shownSpecs, STEP_SPECS } from '../src/edit/transform_specs';

const NAMES = ['Time', 'a.b', 'Value #A'];

describe('organize', () => {
  test('fields stand where the options place them, the others behind', () => {
    expect(organizedFields({ indexByName: { 'Value #A': 0 }, excludeByName: { Time: true }, renameByName: { 'a.b': 'x' } }, NAMES)).toEqual([
      { name: 'Value #A', isHidden: false, rename: '' },
      { name: 'Time', isHidden: true, rename: '' },
      { name: 'a.b', isHidden: false, rename: 'x' },
    ]);
  });

  test('hiding a field twice shows it again, names with dots included', () => {
    const hidden = toggleField({}, 'a.b');
    expect(hidden).toEqual({ excludeByName: { 'a.b': true } });
    expect(toggleField(hidden, 'a.b')).toEqual({ excludeByName: {} });
  });

  test('an empty name, or its own, is no new name', () => {
    expect(renameField({}, 'a.b', 'x')).toEqual({ renameByName: { 'a.b': 'x' } });
    expect(renameField({ renameByName: { 'a.b': 'x' } }, 'a.b', '')).toEqual({ renameByName: {} });
    expect(renameField({}, 'a.b', 'a.b')).toEqual({ renameByName: {} });
  });

  test('moving a field places all of them', () => {
    expect(moveField({}, NAMES, 'Value #A', -1)).toEqual({ indexByName: { Time: 0, 'Value #A': 1, 'a.b': 2 } });
    expect(moveField({}, NAMES, 'Time', -1)).toEqual({ indexByName: { Time: 0, 'a.b': 1, 'Value #A': 2 } });
    expect(moveField({}, NAMES, 'gone', 1)).toEqual({});
  });
});

describe('forms of transformations', () => {
  test.each<[string, Record<string, unknown>, string[]]>([
    ['calculateField', {}, ['mode', 'reduce.include', 'reduce.reducer', 'alias', 'replaceFields']],
    ['calculateField', { mode: 'binary' }, ['mode', 'binary.left', 'binary.operator', 'binary.right', 'alias', 'replaceFields']],
    ['reduce', { mode: 'reduceFields' }, ['mode', 'reducers', 'includeTimeField']],
    ['extractFields', { format: 'json', replace: true }, ['source', 'format', 'jsonPaths', 'replace', 'keepTime']],
  ])('%s with %o shows what its mode reads', (id, options, want) => {
    expect(shownSpecs(STEP_SPECS[id] ?? [], options).map(({ path }) => path)).toEqual(want);
  });

  test('a condition between two values asks for both', () => {
    const rows = STEP_SPECS['filterByValue']?.find(({ path }) => path === 'filters')?.rows ?? [];
    expect(shownSpecs(rows, { config: { id: 'between' } }).map(({ path }) => path)).toEqual(['fieldName', 'config.id', 'config.options.from', 'config.options.to']);
    expect(shownSpecs(rows, { config: { id: 'isNull' } }).map(({ path }) => path)).toEqual(['fieldName', 'config.id']);
  });
});
