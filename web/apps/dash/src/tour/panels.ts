// The panels of the tour. They ask for what every server writes of its own scrapes. Pure.
import type { AnyRecord } from '@narthex/dashmodel';

export const EXPRESSIONS = {
  samples: 'sum by (job) (scrape_samples_scraped)',
  durations: 'max by (job) (scrape_duration_seconds)',
} as const;

// Many samples are nothing to be warned of.
const PLAIN = { mode: 'absolute', steps: [{ value: null, color: 'text' }] };

const PANELS: Readonly<Record<keyof typeof EXPRESSIONS, AnyRecord>> = {
  samples: { type: 'stat', title: 'Samples of the last scrape', fieldConfig: { defaults: { thresholds: PLAIN }, overrides: [] }, options: { graphMode: 'none', textMode: 'value_and_name' } },
  durations: { type: 'timeseries', title: 'How long a scrape takes', fieldConfig: { defaults: { unit: 's' }, overrides: [] }, options: { legend: { displayMode: 'list', placement: 'bottom' }, tooltip: { mode: 'multi', sort: 'desc' } } },
};

export function dashboardOf(which: keyof typeof EXPRESSIONS, source: { uid: string; type: string }): AnyRecord {
  const target = { refId: 'A', expr: EXPRESSIONS[which], legendFormat: '{{job}}', datasource: source, ...(which === 'samples' ? { instant: true, range: false } : {}) };
  return {
    title: 'My first dashboard',
    schemaVersion: 42,
    time: { from: 'now-15m', to: 'now' },
    panels: [{ id: 1, ...PANELS[which], datasource: source, targets: [target], gridPos: { x: 0, y: 0, w: 24, h: 9 } }],
  };
}
