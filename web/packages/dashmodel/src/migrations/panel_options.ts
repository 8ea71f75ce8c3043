// 30 value mappings and tooltip, 37 legend, 38 table cells, 42 tooltip of hidden series.
import { isRecord, record, records, text } from '../json';
import { newMapping } from '../panel_types/mappings';
import type { AnyRecord } from '../types';
import { allPanels } from './walk';

function forEachConfig(panel: AnyRecord, change: (config: AnyRecord) => void): void {
  const fieldConfig = record(panel['fieldConfig']);
  if (isRecord(fieldConfig['defaults'])) change(fieldConfig['defaults']);
}

function overrideProperties(panel: AnyRecord): AnyRecord[] {
  return records(record(panel['fieldConfig'])['overrides']).flatMap((override) => records(override['properties']));
}

export function valueMappings(dashboard: AnyRecord): void {
  for (const panel of allPanels(dashboard)) {
    forEachConfig(panel, (config) => {
      if (Array.isArray(config['mappings'])) config['mappings'] = records(config['mappings']).map((one) => newMapping(one, config['thresholds']));
    });
    for (const property of overrideProperties(panel)) {
      if (property['id'] === 'mappings') property['value'] = records(property['value']).map((one) => newMapping(one));
    }
  }
}

export function tooltipOptions(dashboard: AnyRecord): void {
  for (const panel of allPanels(dashboard)) {
    const options = panel['options'];
    if (!isRecord(options) || !('tooltipOptions' in options)) continue;
    options['tooltip'] = options['tooltipOptions'];
    delete options['tooltipOptions'];
  }
}

export function legendVisibility(dashboard: AnyRecord): void {
  for (const panel of allPanels(dashboard)) {
    const options = panel['options'];
    if (!isRecord(options) || !isRecord(options['legend'])) continue;
    const legend = options['legend'];
    const isHidden = legend['displayMode'] === 'hidden' || legend['showLegend'] === false;
    if (isHidden) legend['displayMode'] = 'list';
    legend['showLegend'] = !isHidden;
  }
}

const CELLS: Readonly<Record<string, AnyRecord>> = {
  basic: { type: 'gauge', mode: 'basic' },
  'gradient-gauge': { type: 'gauge', mode: 'gradient' },
  'lcd-gauge': { type: 'gauge', mode: 'lcd' },
  'color-background': { type: 'color-background', mode: 'gradient' },
  'color-background-solid': { type: 'color-background', mode: 'basic' },
};

const cellFor = (displayMode: unknown): AnyRecord =>
  CELLS[text(displayMode)] ?? { type: text(displayMode, 'auto') || 'auto' };

export function cellOptions(dashboard: AnyRecord): void {
  for (const panel of allPanels(dashboard)) {
    if (panel['type'] !== 'table') continue;
    forEachConfig(panel, (config) => {
      const custom = config['custom'];
      if (!isRecord(custom) || !('displayMode' in custom)) return;
      custom['cellOptions'] = cellFor(custom['displayMode']);
      delete custom['displayMode'];
    });
    for (const property of overrideProperties(panel)) {
      if (property['id'] !== 'custom.displayMode') continue;
      property['id'] = 'custom.cellOptions';
      property['value'] = cellFor(property['value']);
    }
  }
}

export function hideFromTooltip(dashboard: AnyRecord): void {
  for (const panel of allPanels(dashboard)) {
    for (const property of overrideProperties(panel)) {
      const value = property['value'];
      if (property['id'] === 'custom.hideFrom' && isRecord(value) && value['viz'] === true) value['tooltip'] = true;
    }
  }
}
