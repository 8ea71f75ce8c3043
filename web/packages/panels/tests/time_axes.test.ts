import { expect, test } from 'vitest';

import { isLocalZone, readZones } from '../src/timeseries/time_axes';

test.each([
  [{}, ['utc']],
  [{ timezone: [] }, ['utc']],
  [{ timezone: ['', 'Asia/Tokyo', 'browser'] }, ['utc', 'Asia/Tokyo', 'browser']],
  [{ timezone: ['Asia/Tokyo', 'Asia/Tokyo', '', 'utc'] }, ['Asia/Tokyo', 'utc']],
  [{ timezone: ['Nowhere/City', 5] }, ['utc']],
  [{ timezone: 'utc' }, ['utc']],
])('%j has axes of %j', (options, want) => expect(readZones(options, 'utc')).toEqual(want));

test.each([
  ['browser', 'Asia/Tokyo', true],
  ['Asia/Tokyo', 'Asia/Tokyo', true],
  ['utc', 'UTC', true],
  ['utc', 'Asia/Tokyo', false],
  ['Europe/Berlin', 'Asia/Tokyo', false],
  ['', 'Asia/Tokyo', false],
])('%j is where a browser in %j is: %j', (zone, local, want) => expect(isLocalZone(zone, local)).toBe(want));
