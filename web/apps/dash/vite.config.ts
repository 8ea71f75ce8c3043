import path from 'node:path';
import { fileURLToPath } from 'node:url';

import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

import { fakeBackend } from '../../packages/testing/src/vite_plugin';
import { leanGrafana } from '../../tools/lean_grafana.mjs';
import { licenceGate } from '../../tools/licences.mjs';
import { stagedStart } from '../../tools/staged_start.mjs';

const here = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));
const modules = here('../../node_modules');

export default defineConfig({
  root: here('.'),
  plugins: [leanGrafana(), react(), licenceGate(), stagedStart(), fakeBackend(here('../../../grafana/provisioning/dashboards'), here('../../packages/testing/dashboards'))],
  resolve: {
    alias: [
      // Time zones from 1970 to 2030 are a tenth of the full tables.
      { find: /^moment-timezone$/, replacement: path.join(modules, 'moment-timezone/builds/moment-timezone-with-data-1970-2030.js') },
      // Nothing here opens the Monaco editor or renders on a server.
      { find: /^@monaco-editor\/react$/, replacement: here('src/stubs/monaco.ts') },
      { find: /^monaco-editor(\/.*)?$/, replacement: here('src/stubs/monaco.ts') },
      { find: /^react-dom\/server$/, replacement: here('src/stubs/react_dom_server.ts') },
      // Icons come from the bundle, not from one request each.
      { find: /^react-inlinesvg$/, replacement: here('src/icons/InlineSvg.tsx') },
    ],
  },
  experimental: {
    // Scripts find one another from where they lie; the page's files are named from the root, where the
    // server puts the path in front of them that it is served below (dashapi, sub_path.h).
    renderBuiltUrl: (file, { hostType }) => (hostType === 'html' ? `/${file}` : { relative: true }),
  },
  build: {
    // The packed paths are the paths of the addresses.
    assetsDir: 'public/build/assets',
    target: 'es2022',
    chunkSizeWarningLimit: 1200,
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            { name: 'react', test: /node_modules\/(react|react-dom|scheduler)\// },
            { name: 'time', test: /node_modules\/(moment|moment-timezone)\// },
            { name: 'tools', test: /node_modules\/(lodash|i18next|react-i18next|i18next-browser-languagedetector|rxjs|dompurify|marked|xss|cssfilter|papaparse|tinycolor2)\// },
            { name: 'data', test: /node_modules\/(@grafana\/(data|schema|i18n)|d3-(?!scale-chromatic)[a-z-]+)\// },
            { name: 'uplot', test: /node_modules\/uplot\// },
          ],
        },
      },
    },
  },
});
