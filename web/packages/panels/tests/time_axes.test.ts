import { expect, test } from 'vitest';

import { readZones } from '../src/timeseries/time_axes';

test.each([
  [{}, ['utc']],
  [{ timezone: [] }, ['utc']],
  [{ timezone: ['', 'Asia/Tokyo', 'browser'] }, ['utc', 'Asia/Tokyo', 'browser']],
  [{ timezone: ['Asia/Tokyo', 'Asia/Tokyo', '', 'utc'] }, ['Asia/Tokyo', 'utc']],
  [{ timezone: ['Nowhere/City', 5] }, ['utc']],
  [{ timezone: 'utc' }, ['utc']],
])('%j has axes of %j', (options, want) => expect(readZones(options, 'utc')).toEqual(want));
