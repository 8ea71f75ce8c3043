import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';

import { EditorState, type Extension } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { forEachDiagnostic, setDiagnostics } from '@codemirror/lint';
import { PromQLExtension } from '@prometheus-io/codemirror-promql';
import { afterEach, describe, expect, test, vi } from 'vitest';

import { askServer, expressionLint, faultMark, judge } from '../src/expression_lint';

interface Fault {
  start: number;
  end: number;
  msg: string;
}
interface Case {
  expr?: string;
  ok: boolean;
  errors?: Fault[];
}

const CORPUS = resolve(process.env['NARTHEX_CONFORMANCE'] ?? resolve(__dirname, '../../../../../shared/conformance'), 'promql_parse/parse.json');

function answerWith(status: number, body: unknown): void {
  vi.stubGlobal('fetch', vi.fn(() => Promise.resolve(new Response(typeof body === 'string' ? body : JSON.stringify(body), { status }))));
}

/** As the server says it: line and column count from 1, in bytes. */
function errorOf(expr: string, { start, msg }: Fault): string {
  const lines = Buffer.from(expr).subarray(0, start).toString().split('\n');
  return `invalid parameter "query": ${lines.length}:${Buffer.byteLength(lines.at(-1) ?? '') + 1}: parse error: ${msg}`;
}

function editorOf(text: string, lint: Extension = []): EditorView {
  const language = new PromQLExtension().activateLinter(false).activateCompletion(false);
  return new EditorView({ parent: document.body, state: EditorState.create({ doc: text, extensions: [language.asExtension(), lint] }) });
}

async function marksOf(text: string, apiUrl?: string): Promise<string[]> {
  const view = editorOf(text);
  const marks = await judge(new PromQLExtension().getLinter().promQL(), apiUrl)(view);
  view.destroy();
  return marks.map(({ from, to, message }) => `${from}-${to} ${message}`);
}

function countOf(view: EditorView): number {
  let count = 0;
  forEachDiagnostic(view.state, () => (count += 1));
  return count;
}

afterEach(() => vi.unstubAllGlobals());

describe('what a server says', () => {
  test.each([
    ['sum(', 'invalid parameter "query": 1:5: parse error: unclosed left parenthesis', [3, 4, 'unclosed left parenthesis']],
    ['foo @ NaN', 'invalid parameter "query": 1:1: parse error: timestamp out of bounds', [0, 3, 'timestamp out of bounds']],
    ['a +\n  rate(b)', 'invalid parameter "query": 2:8: parse error: expected type', [11, 12, 'expected type']],
    ['{"é𝄞"} foo', 'invalid parameter "query": 1:12: parse error: unexpected identifier', [8, 11, 'unexpected identifier']],
    ['x  ', 'invalid parameter "query": 1:4: parse error: end', [0, 1, 'end']],
    ['abc', 'something else', [0, 3, 'something else']],
  ])('%s', (text, error, want) => {
    const { from, to, message } = faultMark(text, error);
    expect([from, to, message]).toEqual(want);
  });

  test('goes before what the grammar thinks', async () => {
    answerWith(200, { status: 'success', data: {} });
    // The grammar knows max_of() in durations only.
    expect(await marksOf('max_of(1, 2) + up', '')).toEqual([]);
    answerWith(400, { status: 'error', errorType: 'bad_data', error: 'invalid parameter "query": 1:1: parse error: no' });
    expect(await marksOf('up', '/base')).toEqual(['0-2 no']);
    expect(fetch).toHaveBeenCalledWith('/base/api/v1/parse_query?query=up');
  });

  test.each([
    ['another program', 404, 'not found'],
    ['an answer that is none', 200, {}],
    ['a fault of its own', 503, { status: 'error', errorType: 'unavailable', error: 'starting' }],
  ])('counts only if it is about the expression: %s', async (_, status, body) => {
    answerWith(status, body);
    expect(await askServer('', 'up')).toBeUndefined();
    expect(await marksOf('sum(up) +', '')).toEqual(['9-9 binary expression must contain only scalar and instant vector types']);
  });

  test('is not asked for a blank field or a very long one', async () => {
    answerWith(200, { status: 'success', data: {} });
    expect(await marksOf('  ', '')).toEqual([]);
    expect(await askServer('', 'x'.repeat(5000))).toBeUndefined();
    expect(fetch).not.toHaveBeenCalled();
  });
});

test('no mark outlives the text it was made for', () => {
  const view = editorOf('topk(', expressionLint(() => []));
  view.dispatch(setDiagnostics(view.state, [{ from: 0, to: 5, severity: 'error', message: 'incomplete' }]));
  expect(countOf(view)).toBe(1);
  view.dispatch({ changes: { from: 5, insert: '3, up)' } });
  expect(countOf(view)).toBe(0);
  view.destroy();
});

describe('the grammar alone takes', () => {
  test.each([
    'topk(3, up)', 'topk by (job) (3, up)', 'bottomk(2, sum by (job) (rate(x[5m])))', 'quantile(0.9, up)', 'count_values("v", up)',
    'limitk(2, up)', 'limit_ratio(0.5, up)', 'topk(scalar(foo) + 1, up)', 'TOPK(3, up)', '{"my.metric"}', 'sum by ("a.b") ({"x.y", "c.d"="e"})',
    'rate(x[5m] anchored)', 'rate(x[5m] smoothed)', 'x </ 3', 'x >/ 3', 'a + on(job) fill_left(0) fill_right(1) b', 'info(up, {data=~".+"})',
    'x offset (5m*2)', 'x[step()*2]', 'x[5m:max_of(step(), 5s)]', 'end() - start()', 'histogram_quantiles(x, "q", 0.5)', 'x @ end() offset 5m',
  ])('%s', async (text) => expect(await marksOf(text)).toEqual([]));
});

describe.skipIf(!existsSync(CORPUS))('conformance: promql_parse/parse', () => {
  const cases = existsSync(CORPUS) ? (JSON.parse(readFileSync(CORPUS, 'utf8')) as { cases: Case[] }).cases : [];

  test('a sound expression has no mark, any other has one where its fault is', async () => {
    let marked = 0;
    for (const { expr, ok, errors } of cases) {
      if (expr === undefined || expr.trim() === '') continue;
      const [first] = errors ?? [];
      if (ok || !first) {
        answerWith(200, { status: 'success', data: {} });
        expect(await askServer('', expr), expr).toEqual([]);
        continue;
      }
      answerWith(400, { status: 'error', errorType: 'bad_data', error: errorOf(expr, first) });
      const [mark] = (await askServer('', expr)) ?? [];
      expect(mark, expr).toBeDefined();
      const start = Buffer.from(expr).subarray(0, first.start).toString().length;
      const isEnd = expr.slice(start).trim() === '';
      expect(mark?.from, expr).toBe(isEnd ? expr.trimEnd().length - 1 : start);
      expect(mark?.to, expr).toBeGreaterThan(mark?.from ?? 0);
      marked += 1;
    }
    expect(marked).toBeGreaterThan(90);
  });

  test('the grammar alone marks no sound expression but those with two names in braces', async () => {
    const wrong: string[] = [];
    for (const { expr, ok } of cases) {
      if (ok && expr !== undefined && (await marksOf(expr)).length > 0) wrong.push(expr);
    }
    expect(wrong).toEqual(['{__name__="bar", __name__="baz"}', '{"bar", __name__="baz"}']);
  });
});
