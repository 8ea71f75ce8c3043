import { FieldType, type DataFrame } from '@grafana/data';
import { loadDashboard, type AnyRecord } from '@narthex/dashmodel';
import { describe, expect, test } from 'vitest';

import { annotationExpr, annotationKind, annotationStepMs, isAsked, isMarkOf, localFrames, marksFrom, regionMarks, storedMarks, storedSearch } from '../src';

function annotation(json: AnyRecord) {
  const one = loadDashboard({ schemaVersion: 42, annotations: { list: [{ name: 'Deploys', expr: 'x', ...json }] } }).annotations.at(-1);
  if (!one) throw new Error('no annotation');
  return one;
}
const series = (times: number[], values: Array<number | null>, labels: Record<string, string> = {}): DataFrame => ({
  length: times.length,
  fields: [
    { name: 'Time', type: FieldType.time, values: times, config: {} },
    { name: 'Value', type: FieldType.number, values, labels, config: {} },
  ],
});
const MINUTE = 60_000;

describe('marks', () => {
  test('values above 0 that follow each other step by step are one', () => {
    const times = [0, 1, 2, 3, 5].map((minute) => minute * MINUTE);
    expect(marksFrom([series(times, [1, 2, 0, null, 1])], annotation({})).map(({ fromMs, toMs }) => [fromMs / MINUTE, toMs / MINUTE])).toEqual([[0, 1], [5, 5]]);
  });
  test('labels write the texts and the tags', () => {
    const one = annotation({ titleFormat: '{{app}} deployed', textFormat: 'by {{who}}', tagKeys: 'app, env', iconColor: 'blue' });
    expect(marksFrom([series([7], [1], { app: 'shop', env: 'prod' })], one)).toEqual([{ fromMs: 7, toMs: 7, title: 'shop deployed', text: 'by ', tags: ['shop', 'prod'], color: 'blue' }]);
  });
  test('the value is the time where asked, each once', () => {
    expect(marksFrom([series([1, 2], [500, 500])], annotation({ useValueForTime: true })).map(({ fromMs }) => fromMs)).toEqual([500]);
  });
  test.each([
    [{}, 60_000],
    [{ step: '10s' }, 10_000],
  ])('step of %j', (json, want) => expect(annotationStepMs(annotation(json))).toBe(want));
  test.each([
    [{}, true],
    [{ enable: false }, false],
    [{ expr: '' }, false],
  ])('%j is asked: %s', (json, want) => expect(isAsked(annotation(json))).toBe(want));
  test('a query may stand in a target of its own', () => {
    const one = annotation({ expr: undefined, target: { expr: 'up == 0', interval: '30s' } });
    expect([annotationExpr(one), annotationStepMs(one), isAsked(one)]).toEqual(['up == 0', 30_000, true]);
  });
  test.each([
    [{}, [true, true]],
    [{ filter: { ids: [1] } }, [true, false]],
    [{ filter: { ids: [1], exclude: true } }, [false, true]],
    [{ filter: { ids: 'all' } }, [true, true]],
  ])('%j is for panels 1 and 2: %s', (json, want) => {
    const [mark] = marksFrom([series([1], [1])], annotation(json));
    expect([1, 2].map((id) => mark && isMarkOf(mark, id))).toEqual(want);
  });
});

describe('stored annotations', () => {
  const builtIn = { builtIn: 1, expr: '', datasource: { type: 'grafana', uid: '-- Grafana --' } };
  const stored = { id: 4, timeMs: 5, timeEndMs: 9, text: 'two is out', tags: ['release'], panelId: 3 };
  test.each([
    [builtIn, { limit: 100, tags: [], matchAny: false, dashboardUid: 'd' }],
    [{ ...builtIn, builtIn: 0, target: { type: 'tags', tags: ['a'], matchAny: true, limit: 7 } }, { limit: 7, tags: ['a'], matchAny: true, dashboardUid: '' }],
    [{ ...builtIn, type: 'tags', tags: ['old'] }, { limit: 100, tags: ['old'], matchAny: false, dashboardUid: '' }],
  ])('%j asks %j', (json, want) => {
    const one = annotation(json);
    expect(annotationKind(one)).toBe('stored');
    expect(storedSearch(one, 'd')).toEqual(want);
  });
  test.each([
    [[], ['Annotations & Alerts']],
    [[{ name: 'Mine', builtIn: 1, enable: false }], ['Mine']],
  ])('a file with %j has %j', (list, want) => expect(loadDashboard({ annotations: { list } }).annotations.map(({ name }) => name)).toEqual(want));
  test('one made on a panel is shown there alone, one found by tags on all', () => {
    expect(storedMarks([stored], annotation(builtIn))).toMatchObject([{ id: 4, fromMs: 5, toMs: 9, text: 'two is out', tags: ['release'], panels: { ids: [3] } }]);
    expect(storedMarks([stored], annotation({ ...builtIn, target: { type: 'tags' } }))[0]?.panels).toBeUndefined();
  });
});

describe('time regions', () => {
  // Monday the 5th of January 2026 to the end of Sunday the 18th.
  const window = { fromMs: Date.UTC(2026, 0, 5), toMs: Date.UTC(2026, 0, 19) - 1 };
  const told = async (timeRegion: unknown, zone = 'utc') => {
    const one = annotation({ expr: undefined, target: { queryType: 'timeRegions', timeRegion } });
    expect(annotationKind(one)).toBe('regions');
    return (await regionMarks(one, window, zone)).map(({ fromMs, toMs }) => [fromMs, toMs].map((at) => new Date(at).toISOString().slice(5, 16)).join(' '));
  };
  test.each<[string, unknown, string[]]>([
    ['a day', { fromDayOfWeek: 2 }, ['01-06T00:00 01-07T00:00', '01-13T00:00 01-14T00:00']],
    ['days, the last one whole', { fromDayOfWeek: 6, toDayOfWeek: 7 }, ['01-10T00:00 01-12T00:00', '01-17T00:00 01-19T00:00']],
    ['over the end of the week, begun before the window', { fromDayOfWeek: 7, toDayOfWeek: 1, from: '22:00', to: '06:00' }, ['01-04T22:00 01-05T06:00', '01-11T22:00 01-12T06:00', '01-18T22:00 01-19T06:00']],
    ['one day by the hour', { fromDayOfWeek: 3, from: '09:30', toDayOfWeek: 3, to: '17:00' }, ['01-07T09:30 01-07T17:00', '01-14T09:30 01-14T17:00']],
    ['an hour a week, backwards: all the rest of the week', { fromDayOfWeek: 3, from: '10:00', to: '09:00' }, ['12-31T10:00 01-07T09:00', '01-07T10:00 01-14T09:00', '01-14T10:00 01-21T09:00']],
    ['a moment', { fromDayOfWeek: 5, from: '12:00' }, ['01-09T12:00 01-09T12:00', '01-16T12:00 01-16T12:00']],
    ['all days of the week', { fromDayOfWeek: 1, toDayOfWeek: 7 }, ['01-05T00:00 01-12T00:00', '01-12T00:00 01-19T00:00']],
    ['cron', { mode: 'cron', cronExpr: '30 8 7 * *', duration: '1h30m' }, ['01-07T08:30 01-07T10:00']],
    ['cron without a duration', { mode: 'cron', cronExpr: '0 9 * * 1' }, ['01-05T09:00 01-05T09:00', '01-12T09:00 01-12T09:00']],
    ['a zone of its own', { fromDayOfWeek: 1, from: '00:00', to: '01:00', timezone: 'America/New_York' }, ['01-05T05:00 01-05T06:00', '01-12T05:00 01-12T06:00']],
    ['no beginning', { to: '12:00' }, []],
    ['no times', { from: 'noon', to: 7 }, []],
    ['no expression', { mode: 'cron', cronExpr: 'every day' }, []],
    ['a zone that is none', { fromDayOfWeek: 1, timezone: 'Mars/Olympus' }, []],
    ['nothing', null, []],
  ])('%s', async (_name, region, want) => expect(await told(region)).toEqual(want));
  test('every night, over midnight', async () => {
    const nights = await told({ from: '22:00', to: '02:00' });
    expect(nights).toHaveLength(15);
    expect(nights[0]).toBe('01-04T22:00 01-05T02:00');
  });
  test('the zone of the dashboard where it names none, summer time observed', async () => {
    const one = annotation({ target: { queryType: 'timeRegions', timeRegion: { from: '12:00', to: '13:00' } } });
    const spring = { fromMs: Date.UTC(2026, 2, 28), toMs: Date.UTC(2026, 2, 30) };
    expect((await regionMarks(one, spring, 'Europe/Berlin')).map(({ fromMs }) => new Date(fromMs).toISOString().slice(8, 16))).toEqual(['28T11:00', '29T10:00']);
  });
  test('no more than can be seen', async () => expect(await told({ mode: 'cron', cronExpr: '* * * * *' })).toHaveLength(720));
  test('as a query of a panel they are a frame', async () => {
    const [panel] = loadDashboard({ panels: [{ id: 1, type: 'state-timeline', datasource: { uid: '-- Grafana --' }, targets: [{ refId: 'A', queryType: 'timeRegions', timeRegion: { fromDayOfWeek: 2, timezone: 'utc' } }] }] }).panels;
    const [frame] = panel ? await localFrames(panel, window, 'utc') : [];
    expect(frame?.fields.map(({ name, values }) => [name, values.length])).toEqual([['time', 2], ['timeEnd', 2], ['text', 2]]);
  });
  test('those of the chart of old become annotations of its panel, in UTC', () => {
    const timeRegions = [{ fill: true, colorMode: 'custom', fillColor: 'rgba(1, 2, 3, 0.5)', fromDayOfWeek: 1, from: '08:00', to: '', op: 'time' }, { fill: false, line: true, lineColor: 'red', from: '09:00' }, { fill: false, line: false, from: '10:00' }];
    const { annotations } = loadDashboard({ schemaVersion: 20, panels: [{ id: 4, type: 'graph', timeRegions }] });
    expect(annotations.slice(1).map(({ iconColor, filter, target }) => [iconColor, filter, target])).toEqual([
      ['rgba(1, 2, 3, 0.5)', { exclude: false, ids: [4] }, { queryType: 'timeRegions', refId: 'Anno', timeRegion: { fromDayOfWeek: 1, from: '08:00', timezone: 'utc' } }],
      ['red', { exclude: false, ids: [4] }, { queryType: 'timeRegions', refId: 'Anno', timeRegion: { from: '09:00', timezone: 'utc' } }],
    ]);
  });
});
