import { base } from '@narthex/grafanaapi';

// Must run before anything of @grafana/ui asks for it: the root its icon paths start with.
declare global {
  interface Window {
    __grafana_public_path__?: string;
  }
}

window.__grafana_public_path__ = base.add('/public/');
