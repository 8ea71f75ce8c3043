import { describe, expect, it } from 'vitest';

import { baseAt, readBase } from '../src/base';

describe('the base path', () => {
  it('is what the page says, and the root where it says nothing', () => {
    expect(readBase({ dataset: { base: '/grafana' } })).toBe('/grafana');
    expect(readBase({ dataset: {} })).toBe('');
    expect(readBase(undefined)).toBe('');
  });

  it.each([
    ['', '/d/a?x=1', '/d/a?x=1', '/d/a?x=1'],
    ['/grafana', '/grafana', '/', '/grafana/'],
    ['/grafana', '/grafana/', '/', '/grafana/'],
    ['/grafana', '/grafana?a=b', '/?a=b', '/grafana/?a=b'],
    ['/grafana', '/grafana/d/a#x', '/d/a#x', '/grafana/d/a#x'],
    ['/grafana', '/grafanas/d', '/grafanas/d', '/grafana/grafanas/d'],
    ['/grafana', '/d/a', '/d/a', '/grafana/d/a'],
    ['/grafana', 'https://host.example/d/a', 'https://host.example/d/a', 'https://host.example/d/a'],
    ['/grafana', '//host.example/d/a', '//host.example/d/a', '//host.example/d/a'],
    ['/grafana', '?a=b', '?a=b', '?a=b'],
  ])('%j: %j lies within the app at %j and is written %j', (path, address, inner, outer) => {
    expect(baseAt(path).remove(address)).toBe(inner);
    expect(baseAt(path).ensure(address)).toBe(outer);
  });

  it('may have the name of a page', () => {
    const base = baseAt('/dashboards');
    expect(base.add('/dashboards')).toBe('/dashboards/dashboards');
    expect(base.remove('/dashboards/dashboards')).toBe('/dashboards');
    expect(base.holds('/dash')).toBe(false);
  });
});
