import { expect, test } from 'vitest';

import { fetchRecordingRules } from '../src';

test('recording rules of all groups, and no alerts', async () => {
  const asked: string[] = [];
  const answer = {
    groups: [
      { rules: [{ type: 'recording', name: 'a:b', query: 'sum(a)', labels: { team: 'x' } }, { type: 'alerting', name: 'A', query: 'up == 0' }] },
      { rules: [{ type: 'recording', name: 'c', query: 'd' }] },
      'odd',
    ],
  };
  const found = await fetchRecordingRules('p', async (uid, path, params) => {
    asked.push(`${uid} ${path}?${params}`);
    return answer;
  });
  expect(asked).toEqual(['p api/v1/rules?type=record']);
  expect(found).toEqual([{ name: 'a:b', expr: 'sum(a)', labels: { team: 'x' } }, { name: 'c', expr: 'd', labels: {} }]);
});
