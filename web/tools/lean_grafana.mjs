// What @grafana/data and @grafana/ui bring along and a dashboard never asks for, left out of the bundle of apps/dash.
import { fileURLToPath } from 'node:url';

import { selectors } from '@grafana/e2e-selectors';

const stubs = fileURLToPath(new URL('../apps/dash/src/', import.meta.url));

/** Files of the packages, by the end of what is imported and a part of the importer, and what stands in for them. */
const STAND_INS = [
  // Font files that are declared and not shipped; the app declares its own fonts.
  { source: '/fonts.mjs', importer: 'GlobalStyles', file: 'theme/no_fonts.ts' },
  // Eighteen themes that are checked one by one at every start, and the checker.
  { source: './themes/registry.mjs', importer: '@grafana/data', file: 'stubs/theme_registry.ts' },
  { source: 'zod', importer: '@grafana/data/dist/esm/themes', file: 'stubs/zod.ts' },
];

const SELECTORS_ID = '\0resolved-selectors';

function source(value) {
  if (typeof value === 'function') return value.toString();
  if (typeof value !== 'object') return JSON.stringify(value);
  return `{${Object.entries(value).map(([key, one]) => `${JSON.stringify(key)}:${source(one)}`).join()}}`;
}

/** The test ids of the newest version, resolved here instead of at every start out of all versions. */
const selectorsModule = () => `export const selectors = ${source(selectors)};\nexport const Components = selectors.components;\nexport const Pages = selectors.pages;\n`;

/** @returns {import('vite').Plugin} */
export function leanGrafana() {
  return {
    name: 'lean-grafana',
    enforce: 'pre',
    resolveId(wanted, importer) {
      if (wanted === '@grafana/e2e-selectors') return SELECTORS_ID;
      const found = STAND_INS.find((one) => wanted.endsWith(one.source) && importer?.includes(one.importer));
      return found ? stubs + found.file : null;
    },
    load: (id) => (id === SELECTORS_ID ? selectorsModule() : null),
  };
}
