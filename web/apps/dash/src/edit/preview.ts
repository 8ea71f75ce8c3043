// How a panel under edit is shown. Pure.
import type { Panel } from '@narthex/dashmodel';

export type Size = 'fill' | 'actual';

/** What the panel draws, as rows: its fields keep their units and names, its own looks do not matter there. */
export function asTable(panel: Panel): Panel {
  const { custom: _custom, ...defaults } = panel.fieldConfig.defaults;
  const overrides = panel.fieldConfig.overrides.map((rule) => ({ ...rule, properties: rule.properties.filter(({ id }) => !id.startsWith('custom.')) }));
  return { ...panel, type: 'table', options: { showHeader: true }, fieldConfig: { defaults, overrides } };
}
