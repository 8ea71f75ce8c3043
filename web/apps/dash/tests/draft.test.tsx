// Fields of text: what counts, what does not, and what is said of it.
import { act, type ComponentProps } from 'react';
import { createRoot, type Root } from 'react-dom/client';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

import { jsonProblem, lengthProblem, lengthOrNoneProblem, refreshProblem, regexProblem, spanProblem, stepProblem, timeProblem } from '../src/edit/checks';
import { Draft } from '../src/edit/Draft';
import { NumberField } from '../src/edit/NumberField';

let root: Root;
let page: HTMLElement;

beforeEach(() => {
  vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true);
  page = document.createElement('div');
  document.body.append(page);
  root = createRoot(page);
});

afterEach(() => {
  act(() => root.unmount());
  page.remove();
  vi.unstubAllGlobals();
});

function write(text: string): void {
  const field = page.querySelector<HTMLInputElement>('input:not([type=range]):not([role=combobox])');
  if (!field) throw new Error('no field');
  act(() => {
    Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')?.set?.call(field, text);
    field.dispatchEvent(new Event('input', { bubbles: true }));
  });
  act(() => field.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true })));
}

const shown = (): string | undefined => page.querySelector<HTMLInputElement>('input:not([type=range]):not([role=combobox])')?.value;
const said = (): string | null | undefined => page.querySelector('[role=alert]')?.textContent;

function number(props: Partial<ComponentProps<typeof NumberField>>): (value: number | undefined) => void {
  const onChange = vi.fn<(value: number | undefined) => void>();
  act(() => root.render(<NumberField id="n" spec={{ path: 'fillOpacity', label: 'Fill opacity', kind: 'number' }} value={100} onChange={onChange} {...props} />));
  return onChange;
}

test('a number beyond its end is held there, shown so, and it is said why', () => {
  const onChange = number({});
  write('250');
  expect(onChange).toHaveBeenLastCalledWith(100);
  expect([shown(), said()]).toEqual(['100', 'At most 100.']);
  write('50');
  expect(onChange).toHaveBeenLastCalledWith(50);
  expect(said()).toBeUndefined();
  write('-1');
  expect(onChange).toHaveBeenLastCalledWith(0);
  expect(said()).toBe('At least 0.');
});

test('a length that cannot be read stays in its field, with what is wrong, and does not count', () => {
  const onChange = vi.fn<(value: string) => void>();
  act(() => root.render(<Draft id="g" label="Length" value="1h" check={lengthProblem} onCommit={onChange} />));
  write('an hour');
  expect(onChange).not.toHaveBeenCalled();
  expect(shown()).toBe('an hour');
  expect(said()).toMatch(/^Not a length of time\./);
  expect(page.querySelector('[aria-invalid=true]')?.getAttribute('aria-describedby')).toBe(page.querySelector('[role=alert]')?.id);
  write('90s');
  expect(onChange).toHaveBeenLastCalledWith('90s');
  expect(said()).toBeUndefined();
});

describe('checks', () => {
  test.each([
    ['lengths', lengthProblem, ['30s', '1m30s', '1.5h'], ['', '30', 'h', '1 hour']],
    ['lengths or none', lengthOrNoneProblem, ['', '30s', '$step'], ['30', 'soon']],
    ['steps', stepProblem, ['', '15', '>15s', '15s', '$__interval'], ['fast', '15 parsecs']],
    ['refreshes', refreshProblem, ['', 'auto', '5s'], ['often']],
    ['times', timeProblem, ['now', 'now-6h', 'now/d', '2026-01-31 12:00'], ['', 'then', 'now-6']],
    ['spans', spanProblem, ['', '1h', '1d/d', 'now/d', '$span'], ['1', 'yesterday']],
    ['regular expressions', regexProblem, ['', 'a+', '/a+/i', '(?<text>.*)'], ['(', '/(/', '/a/qq']],
    ['JSON', jsonProblem, ['', '[1]', '"a"', 'null'], ['a', '{', "['a']"]],
  ] as const)('%s', (_, check, good, bad) => {
    expect(good.map((draft) => check(draft))).toEqual(good.map(() => undefined));
    for (const draft of bad) expect(check(draft), draft).toMatch(/\w/);
  });
});
