// Colours of series, far apart on white as on black. Beyond the list, hues a golden angle apart.
const COLORS = [
  '#3d8bfd',
  '#f2792b',
  '#2fb36f',
  '#e0506a',
  '#9a6cf0',
  '#12aebf',
  '#dba111',
  '#e368b3',
  '#7f9f2f',
  '#6070ea',
  '#c2703d',
  '#4fae9c',
];

const GOLDEN_ANGLE = 137.508;

export function seriesColor(index: number): string {
  const hue = Math.round((index * GOLDEN_ANGLE) % 360);
  return COLORS[index] ?? `hsl(${hue} 58% ${index % 2 === 0 ? 52 : 62}%)`;
}
