import { variableFromJson } from '@narthex/runner';
import { expect, test } from 'vitest';

import { writerFor } from '../src/dashboard/useWriter';

const variables = [
  { ...variableFromJson({ type: 'custom', name: 'job', multi: true, includeAll: true, query: 'api,web', current: { text: ['All'], value: ['$__all'] } }) },
  { ...variableFromJson({ type: 'custom', name: 'zone', multi: true, query: 'a,b,c', current: { text: ['a', 'b'], value: ['a', 'b'] } }) },
  { ...variableFromJson({ type: 'switch', name: 'fast', current: { value: 'no' }, options: [{ text: 'On', value: 'yes' }, { text: 'Off', value: 'no' }] }), text: 'Off' },
];
const { title, text } = writerFor({ variables, builtins: () => undefined }, {});

test('headings say what a person has chosen, not how a query writes it', () => {
  expect(title('More of $job')).toBe('More of All');
  expect(title('Zones ${zone}, ${zone:csv}')).toBe('Zones a + b, a,b');
  expect(text('${zone}')).toBe('{a,b}');
  // A switch has words beside it, which are not its value.
  expect(title('Fast: $fast')).toBe('Fast: no');
});
