import { describe, expect, it } from 'vitest';
import { filterMetrics } from '../src/lib/metric_search';
import { fitKeys, nextKey } from '../src/lib/panel_keys';
import { toggleAlone, toggleOne } from '../src/lib/visibility';
import { splitYamlLine } from '../src/lib/yaml_line';

describe('filterMetrics', () => {
  const entries = [
    { name: 'node_cpu_seconds_total', type: 'counter', help: 'Seconds the CPUs spent.' },
    { name: 'cpu_temperature', type: 'gauge', help: 'Degrees.' },
    { name: 'up', type: '', help: '' },
    { name: 'load', type: 'gauge', help: 'Load of the CPU.' },
  ];
  it.each([
    ['', ['node_cpu_seconds_total', 'cpu_temperature', 'up', 'load']],
    ['cpu', ['cpu_temperature', 'node_cpu_seconds_total', 'load']],
    ['CPU total', ['node_cpu_seconds_total']],
    ['gauge', ['cpu_temperature', 'load']],
    ['nothing', []],
  ])('%j finds %j, best first', (text, want) =>
    expect(filterMetrics(entries, text).map(({ name }) => name)).toEqual(want),
  );
});

describe('visibility', () => {
  it.each([
    ['the only click shows one alone', [], 1, [0, 2]],
    ['a click on another shows that alone', [0, 2], 0, [1, 2]],
    ['a second click shows all again', [0, 2], 1, []],
  ])('%s', (_name, hidden, index, want) =>
    expect([...toggleAlone(new Set(hidden), index, 3)]).toEqual(want),
  );

  it('hides and shows one', () => {
    expect([...toggleOne(new Set([1]), 0)]).toEqual([1, 0]);
    expect([...toggleOne(new Set([1]), 1)]).toEqual([]);
  });
});

describe('splitYamlLine', () => {
  it.each([
    ['scrape_configs:', ['', '', 'scrape_configs:', '']],
    ['  - job_name: a', ['  ', '- ', 'job_name:', ' a']],
    ['- - x', ['', '- - ', '', 'x']],
    ['    - http://a:9090', ['    ', '- ', '', 'http://a:9090']],
    ['# a: b', ['', '', '', '# a: b']],
    ['"a b": c', ['', '', '"a b":', ' c']],
    ['', ['', '', '', '']],
  ])('%j', (line, want) => {
    const { indent, dash, key, rest } = splitYamlLine(line);
    expect([indent, dash, key, rest]).toEqual(want);
    expect(indent + dash + key + rest).toBe(line);
  });
});

describe('panel keys', () => {
  it.each([
    [[], 2, [0, 1]],
    [[4, 2], 3, [4, 2, 5]],
    [[4, 2, 5], 1, [4]],
  ])('%j for %s panels are %j', (keys, count, want) => expect(fitKeys(keys, count)).toEqual(want));

  it('are never given twice', () => expect(nextKey([3, 0])).toBe(4));
});
