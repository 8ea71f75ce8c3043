// The distances between labels of a time axis. With two and three minutes among them, and their like, a
// narrow chart still has more than one label.
const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
// The chart library takes 30 and 365 days to mean calendar months and years.
const MONTH = 30 * DAY;
const YEAR = 365 * DAY;

const times = (unit: number, counts: readonly number[]): number[] => counts.map((count) => unit * count);

export const TIME_STEPS_MS: readonly number[] = [
  ...times(1, [1, 2, 5, 10, 20, 50, 100, 200, 500]),
  ...times(SECOND, [1, 2, 5, 10, 15, 20, 30]),
  ...times(MINUTE, [1, 2, 3, 5, 10, 15, 20, 30]),
  ...times(HOUR, [1, 2, 3, 4, 6, 8, 12]),
  ...times(DAY, [1, 2, 3, 4, 5, 7, 10, 15]),
  ...times(MONTH, [1, 2, 3, 4, 6]),
  ...times(YEAR, [1, 2, 5, 10, 25, 50, 100]),
];
