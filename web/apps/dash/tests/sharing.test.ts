import { variableFromJson } from '@narthex/runner';
import { describe, expect, test } from 'vitest';

import { prettyJson } from '../src/components/pretty_json';
import { sharedAddress, soloAddress } from '../src/dashboard/panel_address';
import { broughtAlong, readImport, wantedInputs } from '../src/pages/import_file';

describe('addresses to hand on', () => {
  const href = 'http://h/g/d/u/slug?orgId=1&from=now-6h&to=now&var-a=old&inspect=3&shareView=link&sharePanel=2&theme=light';
  const range = { fromMs: 1000.4, toMs: 2000 };
  const a = variableFromJson({ name: 'a', type: 'custom', current: { value: ['x', 'y z'] }, multi: true });
  const b = variableFromJson({ name: 'b', type: 'constant', query: 'c' });
  test.each([
    [{ panelKey: '', range: undefined, theme: '', variables: [] }, 'http://h/g/d/u/slug?orgId=1&from=now-6h&to=now&var-a=old'],
    [{ panelKey: '', range, theme: 'dark', variables: [a, b] }, 'http://h/g/d/u/slug?orgId=1&from=1000&to=2000&var-a=x&var-a=y+z&theme=dark'],
    [{ panelKey: '2', range, theme: '', variables: [] }, 'http://h/g/d/u/slug?orgId=1&from=1000&to=2000&var-a=old&viewPanel=2'],
  ])('%j', (shared, want) => expect(sharedAddress(href, shared)).toBe(want));
  test('one panel for a frame', () => expect(soloAddress(href, '2', range)).toBe('http://h/g/d-solo/u/slug?orgId=1&from=1000&to=2000&var-a=old&theme=light&panelId=2'));
});

describe('a file to import', () => {
  test.each([
    ['', ''],
    ['{"panels": [', 'This is not JSON'],
    ['[]', 'not that of a dashboard'],
    ['7', 'not that of a dashboard'],
    ['{"title": "T"}', 'not that of a dashboard'],
  ])('%s', (draft, fault) => {
    const file = readImport(draft);
    expect(file.json).toBeUndefined();
    expect(file.fault).toContain(fault);
  });
  test('of schema v2 becomes classic, and says so', () => {
    const file = readImport('{"dashboard": {"elements": {}, "layout": {}}}');
    expect(file.json?.['panels']).toEqual([]);
    expect(file.notes[0]).toContain('schema v2');
  });
  test.each([['{"rows": []}'], ['{"dashboard": {"panels": []}, "meta": {}}']])('%s is a dashboard', (draft) => expect(readImport(draft).json).toBeDefined());

  const json = {
    __inputs: [
      { name: 'DS_A', type: 'datasource', pluginId: 'prometheus', label: 'Source A' },
      { name: 'VAR_B', type: 'constant', label: '', value: 'b' },
      { name: 'DS_E', type: 'datasource', pluginId: '__expr__' },
      { type: 'constant' },
    ],
    __elements: { u: { uid: 'u', name: 'Kept' } },
    __requires: [{ type: 'panel', id: 'geomap' }, { type: 'panel', id: 'stat' }, { type: 'datasource', id: 'prometheus' }],
  };
  test('asks for what it needs', () =>
    expect(wantedInputs(json).map(({ name, type, label, value }) => [name, type, label, value])).toEqual([
      ['DS_A', 'datasource', 'Source A', ''],
      ['VAR_B', 'constant', 'VAR_B', 'b'],
    ]));
  test('brings along', () => expect(broughtAlong(json, (type) => type === 'stat')).toEqual({ elements: ['Kept'], unknownPanels: ['geomap'] }));
  test('brings along, in the form of Grafana 8', () => expect(broughtAlong({ __elements: [{ uid: 'u' }] }, () => true).elements).toEqual(['u']));
});

test.each([
  [null, 'null'],
  [[1, 'a', null, NaN], '[1, "a", null, null]'],
  [{}, '{}'],
  [[], '[]'],
  [{ a: { b: [1, 2] }, c: undefined, d: [{ e: true }] }, '{\n  "a": {\n    "b": [1, 2]\n  },\n  "d": [\n    {\n      "e": true\n    }\n  ]\n}'],
])('%j for people', (value, want) => expect(prettyJson(value)).toBe(want));
