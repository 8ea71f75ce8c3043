import './boot';
import './theme/fonts.css';
import './app.css';

import { initPluginTranslations } from '@grafana/i18n';
import { createRoot } from 'react-dom/client';

import { App } from './App';
import { reloadAfterUpgrade } from './upgrade';

// Charts draw their text once, so the font has to be there first; without it they still draw.
const FONT_WAIT_MS = 800;

async function start(): Promise<void> {
  const font = document.fonts.load('12px Inter').catch(() => []);
  const patience = new Promise((resolve) => {
    window.setTimeout(resolve, FONT_WAIT_MS);
  });
  await Promise.all([initPluginTranslations('narthex'), Promise.race([font, patience])]);
  const root = document.getElementById('root');
  if (root) createRoot(root).render(<App />);
}

reloadAfterUpgrade();
void start();
