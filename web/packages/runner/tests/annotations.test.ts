import { FieldType, type DataFrame } from '@grafana/data';
import { loadDashboard, type AnyRecord } from '@narthex/dashmodel';
import { describe, expect, test } from 'vitest';

import { annotationStepMs, isAsked, marksFrom } from '../src';

function annotation(json: AnyRecord) {
  const [one] = loadDashboard({ schemaVersion: 42, annotations: { list: [{ name: 'Deploys', expr: 'x', ...json }] } }).annotations;
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
});
