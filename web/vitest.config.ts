// One test run for all packages and apps: pure logic, tables of cases, no browser.
import { fileURLToPath } from 'node:url';

import { defineConfig } from 'vitest/config';

const TESTS = ['packages/*/tests/**/*.test.{ts,tsx}', 'apps/*/tests/**/*.test.{ts,tsx}'];
// They put something else in the place of a module, which others may have loaded before.
const APART = ['packages/panels/tests/plot_holder.test.ts'];

export default defineConfig({
  resolve: {
    alias: [
      { find: /^@prometheus-io\/codemirror-promql$/, replacement: '@prometheus-io/codemirror-promql/dist/esm/index.js' },
      // A package that names its module for bundlers only.
      { find: /^uwrap$/, replacement: fileURLToPath(new URL('./node_modules/uwrap/dist/uWrap.mjs', import.meta.url)) },
    ],
  },
  test: {
    // @grafana/data touches navigator at import time, which Node 20 does not have.
    environment: 'happy-dom',
    setupFiles: ['./tools/vitest-setup.ts'],
    // These packages import CommonJS and CSS in ways that only the bundler resolves, or are to Node the CommonJS that
    // would bring a second copy of @codemirror/state.
    server: { deps: { inline: [/@grafana\//, /@prometheus-io\//] } },
    env: { TZ: 'UTC' },
    projects: [
      // Most of the time would go into loading the same modules for each file.
      { extends: true, test: { name: 'together', include: TESTS, exclude: APART, isolate: false } },
      { extends: true, test: { name: 'apart', include: APART } },
    ],
  },
});
