// How the calculations of earlier panels are called now.
const NAMES: Readonly<Record<string, string>> = {
  avg: 'mean',
  current: 'lastNotNull',
  total: 'sum',
  last_time: 'lastNotNull',
  name: 'lastNotNull',
};

export const reducerOf = (old: string, fallback = 'mean'): string => NAMES[old] ?? (old === '' ? fallback : old);

// The heading of a legend's column, by which it is sorted.
const TITLES: Readonly<Record<string, string>> = {
  avg: 'Mean',
  current: 'Last *',
  max: 'Max',
  min: 'Min',
  total: 'Total',
};

export const columnTitleOf = (old: string): string => TITLES[old] ?? '';
