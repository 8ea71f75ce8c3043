// A panel as it is edited, and how a change of it becomes one of the dashboard, and of the library. Pure.
import { filled, findPanelJson, partedLibrary, replacePanel, unlinked, type AnyRecord, type LibraryElement } from '@narthex/dashmodel';
import { isRecord, record, records, text } from '@narthex/dashmodel/json';

export interface PanelChange {
  json: AnyRecord;
  /** Library panels that are changed with it. */
  models?: Readonly<Record<string, AnyRecord>>;
}

export interface PanelSource {
  /** The whole panel. */
  panel: AnyRecord;
  /** The library panel that it stands for. */
  element: LibraryElement | undefined;
  changed: (next: AnyRecord) => PanelChange;
  unlinked: () => PanelChange;
}

export function panelSource(json: AnyRecord, library: ReadonlyMap<string, LibraryElement>, id: number): PanelSource | undefined {
  const own = findPanelJson(json, id);
  if (!own) return undefined;
  const replaced = (next: AnyRecord): PanelChange => ({ json: replacePanel(json, id, next) });
  const element = library.get(text(record(own['libraryPanel'])['uid']));
  if (!element) return { panel: own, element, changed: replaced, unlinked: () => ({ json }) };
  const changed = (next: AnyRecord): PanelChange => {
    // Without its reference, which the JSON can be rid of, it is the dashboard's own.
    if (!isRecord(next['libraryPanel'])) return replaced(next);
    const { panel, model } = partedLibrary(own, element, next);
    return { ...replaced(panel), ...(model ? { models: { [element.uid]: model } } : {}) };
  };
  return { panel: filled(own, element), element, changed, unlinked: () => replaced(unlinked(own, element)) };
}

const isColor = (property: AnyRecord): boolean => property['id'] === 'color';

/** The panel with a colour for the series of that name, as Grafana's legend writes it. */
export function withSeriesColor(panel: AnyRecord, name: string, fixedColor: string): AnyRecord {
  const fieldConfig = record(panel['fieldConfig']);
  const overrides = records(fieldConfig['overrides']);
  const color = { id: 'color', value: { mode: 'fixed', fixedColor } };
  const isOfName = (rule: AnyRecord): boolean => record(rule['matcher'])['id'] === 'byName' && record(rule['matcher'])['options'] === name;
  // Of several rules the last one counts.
  const at = overrides.findLastIndex(isOfName);
  const recolored = (rule: AnyRecord): AnyRecord => ({ ...rule, properties: [...records(rule['properties']).filter((one) => !isColor(one)), color] });
  const next = at < 0 ? [...overrides, { matcher: { id: 'byName', options: name }, properties: [color] }] : overrides.map((rule, index) => (index === at ? recolored(rule) : rule));
  return { ...panel, fieldConfig: { defaults: {}, ...fieldConfig, overrides: next } };
}
