import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

import { licenceGate } from '../../tools/licences.mjs';

// Where `npm run dev` finds the API.
const server = process.env.NARTHEX_SERVER ?? 'http://127.0.0.1:9090';

export default defineConfig({
  // Relative addresses: the pages work below any route prefix, with nothing substituted in them.
  base: './',
  plugins: [react(), licenceGate()],
  build: {
    target: 'es2022',
    // The code editor is loaded after the page can be used; its size is no accident.
    chunkSizeWarningLimit: 600,
  },
  server: { proxy: { '/api': server, '/-': server } },
});
