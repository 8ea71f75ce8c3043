import { describe, expect, it } from 'vitest';
import { splitPath } from '../src/lib/base_path';
import { DEFAULT_PANEL, formatPanels, parsePanels, type PanelState } from '../src/lib/panel_state';
import { pushHistory, readHistory, writeHistory } from '../src/lib/query_history';
import { formatInstant, formatTick, parseInstant, parseRfc3339 } from '../src/lib/time_text';

const NOON = Date.UTC(2026, 10, 23, 12, 0, 0) / 1000;

describe('parsePanels', () => {
  const cases: { name: string; search: string; want: Partial<PanelState>[] }[] = [
    { name: 'nothing', search: '', want: [DEFAULT_PANEL] },
    {
      name: 'an old graph link',
      search: '?g0.expr=up&g0.tab=0&g0.stacked=1&g0.show_exemplars=0&g0.range_input=1h30m&g0.step_input=15',
      want: [
        {
          expr: 'up',
          tab: 'graph',
          isStacked: true,
          rangeSeconds: 5400,
          resolution: { kind: 'fixed', stepSeconds: 15 },
          foreign: { show_exemplars: '0' },
        },
      ],
    },
    { name: 'an explanation', search: '?g0.expr=up&g0.tab=explain', want: [{ expr: 'up', tab: 'explain' }] },
    { name: 'an old table link', search: '?g0.expr=up&g0.tab=1', want: [{ expr: 'up', tab: 'table' }] },
    {
      name: 'times',
      search: '?g0.end_input=2026-11-23+12%3A00%3A00&g0.moment_input=2026-11-23%2012:00:00',
      want: [{ endTime: NOON, evaluationTime: NOON }],
    },
    {
      name: 'an automatic resolution beside a left-over step',
      search: '?g0.res_type=auto&g0.res_density=high&g0.res_step=15',
      want: [{ resolution: { kind: 'auto', density: 'high' } }],
    },
    {
      name: 'several panels with numbers left out',
      search: '?g7.expr=b&g2.expr=a&g2.tab=graph&x=y&g.expr=no',
      want: [
        { expr: 'a', tab: 'graph' },
        { expr: 'b', tab: 'table' },
      ],
    },
    {
      name: 'nonsense',
      search: '?g0.range_input=soon&g0.end_input=never&g0.tab=nothing&g0.res_step=-1&g0.y_axis_min=auto',
      want: [DEFAULT_PANEL],
    },
  ];
  it.each(cases)('reads $name', ({ search, want }) => expect(parsePanels(search)).toMatchObject(want));

  it('keeps to a bearable number of panels', () => {
    const search = Array.from({ length: 400 }, (_, index) => `g${index}.expr=up`).join('&');
    expect(parsePanels(search)).toHaveLength(50);
  });
});

describe('formatPanels', () => {
  it('is empty for a page nobody touched', () => expect(formatPanels([DEFAULT_PANEL])).toBe(''));

  const panels: PanelState[] = [
    { ...DEFAULT_PANEL, expr: 'rate(x{a="b&c"}[5m]) > 1', tab: 'graph', endTime: NOON + 0.5 },
    {
      ...DEFAULT_PANEL,
      expr: 'up',
      rangeSeconds: 90,
      evaluationTime: NOON,
      resolution: { kind: 'fixed', stepSeconds: 2.5 },
      isStacked: true,
      isFromZero: true,
      foreign: { show_tree: '1' },
    },
    { ...DEFAULT_PANEL, resolution: { kind: 'auto', density: 'low' } },
  ];
  it('reads back as it was', () => expect(parsePanels(formatPanels(panels))).toEqual(panels));
});

describe('splitPath', () => {
  it.each([
    ['/', '', 'query'],
    ['/query', '', 'query'],
    ['/graph', '', 'query'],
    ['/targets', '', 'targets'],
    ['/monitoring/tsdb-status', '/monitoring', 'tsdb-status'],
    ['/a/b/', '/a/b', 'query'],
    ['/nowhere', '', undefined],
  ])('%s lies at %j, page %s', (path, base, page) => expect(splitPath(path)).toEqual({ base, page }));
});

describe('instants', () => {
  it.each([
    ['2026-11-23 12:00:00', NOON],
    ['2026-11-23T12:00', NOON],
    ['2026-11-23T12:00:00Z', NOON],
    ['2026-11-23 12:00:00.25', NOON + 0.25],
    ['2026-11-23', NOON - 43200],
    [String(NOON), NOON],
    ['2026-02-30 00:00:00', undefined],
    ['2026-11-23 25:00:00', undefined],
    ['yesterday', undefined],
    ['', undefined],
  ])('%j is %s', (text, want) => expect(parseInstant(text, 'utc')).toBe(want));

  it('print with milliseconds only where there are some', () => {
    expect(formatInstant(NOON, 'utc')).toBe('2026-11-23 12:00:00');
    expect(formatInstant(NOON + 0.005, 'utc')).toBe('2026-11-23 12:00:00.005');
  });

  it.each([
    ['2026-11-23T12:00:00.5Z', NOON + 0.5],
    ['2026-11-23T13:00:00+01:00', NOON],
    ['0001-01-01T00:00:00Z', undefined],
    ['', undefined],
  ])('of the API: %j is %s', (text, want) => expect(parseRfc3339(text)).toBe(want));
});

describe('formatTick', () => {
  it.each([
    [NOON, 3600, undefined, '12:00'],
    [NOON, 15, undefined, '12:00:00'],
    [NOON + 0.5, 0.5, NOON, '12:00:00.500'],
    [NOON + 43200, 3600, NOON + 39600, '00:00\nNov 24'],
    [NOON, 86400, undefined, 'Nov 23'],
    [NOON, 365 * 86400, undefined, '2026'],
  ])('%s with ticks %s s apart', (seconds, increment, previous, want) =>
    expect(formatTick(seconds, increment, 'utc', previous)).toBe(want),
  );
});

describe('history', () => {
  it('holds each expression once, newest first, and no blank one', () => {
    expect(pushHistory(['b', 'a'], ' a ')).toEqual(['a', 'b']);
    expect(pushHistory(['a'], '  ')).toEqual(['a']);
    expect(pushHistory(Array.from({ length: 60 }, (_, index) => `e${index}`), 'x')).toHaveLength(50);
  });

  it('survives a damaged entry', () => {
    writeHistory(localStorage, ['up']);
    expect(readHistory(localStorage)).toEqual(['up']);
    localStorage.setItem('narthex.history', '{"a":');
    expect(readHistory(localStorage)).toEqual([]);
    localStorage.setItem('narthex.history', '["a", 1]');
    expect(readHistory(localStorage)).toEqual(['a']);
  });
});
