// All other icons of the package, without other people's marks.
const files = import.meta.glob<string>(
  [
    '../../../../node_modules/@grafana/ui/dist/public/img/icons/{unicons,solid,mono,custom}/*.svg',
    '!**/{*-logo,bitbucket,git,github-*,grafana,k6,kubernetes,open-telemetry,slack}.svg',
  ],
  { query: '?raw', import: 'default', eager: true },
);

// Named by the date picker and by columns of text, but missing from the package.
const DOUBLE_LEFT =
  '<svg viewBox="0 0 24 24"><path d="M11 7l-5 5 5 5M18 7l-5 5 5 5" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"/></svg>';
const FONT = '<svg viewBox="0 0 24 24"><path d="M5 19L12 4l7 15M8 13.5h8" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"/></svg>';

export const REST: Readonly<Record<string, string>> = {
  'unicons/angle-double-left': DOUBLE_LEFT,
  'unicons/font': FONT,
  ...Object.fromEntries(
    Object.entries(files).map(([path, source]) => [path.split('/').slice(-2).join('/').replace(/\.svg$/, ''), source]),
  ),
};
