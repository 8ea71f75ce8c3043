import { describe, expect, test } from 'vitest';

import { addressOf, searchFor } from '../src/lists/annotation_options';

const place = { dashboardUid: 'here', window: { fromMs: 1, toMs: 2 } };
const annotation = { id: 1, timeMs: 3_600_000, timeEndMs: 3_660_000, text: 't', tags: [], login: 'a', dashboardUid: 'd', panelId: 4 };

describe('annotations list', () => {
  test.each([
    [{}, { limit: 10, tags: [], dashboardUid: '', fromMs: undefined, toMs: undefined }],
    [{ onlyFromThisDashboard: true, onlyInTimeRange: true, limit: 3, tags: ['x'] }, { limit: 3, tags: ['x'], dashboardUid: 'here', fromMs: 1, toMs: 2 }],
  ])('%o asks for %o', (options, want) => expect(searchFor(options, place)).toEqual(want));

  test.each<[Record<string, unknown>, Partial<typeof annotation>, string | undefined]>([
    [{}, {}, '/d/d?from=3000000&to=4260000&viewPanel=4'],
    [{ navigateBefore: '1m', navigateAfter: '2m', navigateToPanel: false }, {}, '/d/d?from=3540000&to=3780000'],
    [{}, { dashboardUid: '', panelId: 0 }, '/d/here?from=3000000&to=4260000'],
  ])('%o leads from %o to %s', (options, change, want) => expect(addressOf({ ...annotation, ...change }, options, 'here')).toBe(want));

  test('one of no dashboard leads nowhere from none', () => expect(addressOf({ ...annotation, dashboardUid: '' }, {}, '')).toBeUndefined());
});
