// What a file to be imported holds, asks for and brings along. Pure.
import { elementsOf, isV2, loadDashboard, UnsupportedDashboard, unwrapped, type AnyRecord } from '@narthex/dashmodel';
import { isRecord, records, text } from '@narthex/dashmodel/json';
import { fromV2 } from '@narthex/dashmodel/v2';
import { EXPRESSION_SOURCE, sourceType } from '@narthex/runner';

export interface ImportFile {
  json: AnyRecord | undefined;
  /** Why it cannot be imported; empty where it can, and where there is nothing yet. */
  fault: string;
  /** What becomes of a dashboard that is not taken as it is. */
  notes: string[];
}

export interface WantedInput {
  name: string;
  /** "datasource" or "constant". */
  type: string;
  pluginId: string;
  label: string;
  description: string;
  /** What a constant has in the file. */
  value: string;
}

const NO_DASHBOARD = 'This is JSON, but not that of a dashboard: there are neither panels nor rows in it.';

interface Read {
  json: AnyRecord;
  notes: string[];
}

/** The dashboard in what was parsed: an answer of the API holds it, and what the server knows of it. */
function dashboardIn(parsed: unknown): Read | undefined {
  const outer = isRecord(parsed) && isRecord(parsed['dashboard']) ? parsed['dashboard'] : parsed;
  if (!isRecord(outer)) return undefined;
  const json = unwrapped(outer);
  if (!isV2(json)) return isRecord(json) ? { json, notes: [] } : undefined;
  const { dashboard, notes } = fromV2(json);
  return { json: dashboard, notes: ['It is written in schema v2 and is kept in the classic form.', ...notes] };
}

const refused = (fault: string): ImportFile => ({ json: undefined, fault, notes: [] });

export function readImport(draft: string): ImportFile {
  if (draft.trim() === '') return refused('');
  let parsed: unknown;
  try {
    parsed = JSON.parse(draft);
  } catch (error) {
    return refused(`This is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  try {
    const found = dashboardIn(parsed);
    if (!found) return refused(NO_DASHBOARD);
    loadDashboard(found.json);
    const hasPanels = Array.isArray(found.json['panels']) || Array.isArray(found.json['rows']);
    return hasPanels ? { ...found, fault: '' } : refused(NO_DASHBOARD);
  } catch (error) {
    if (error instanceof UnsupportedDashboard) return refused(error.message);
    throw error;
  }
}

/** What a person has to choose. The server fills in the source of expressions: there is only one. */
export function wantedInputs(json: AnyRecord | undefined): WantedInput[] {
  return records(json?.['__inputs'])
    .map((input) => ({
      name: text(input['name']),
      type: text(input['type']),
      pluginId: text(input['pluginId']) && sourceType(text(input['pluginId'])),
      label: text(input['label']) || text(input['name']),
      description: text(input['description']),
      value: text(input['value']),
    }))
    .filter(({ name, pluginId }) => name !== '' && pluginId !== EXPRESSION_SOURCE.type);
}

export interface Brought {
  /** Names of the library panels in the file. */
  elements: string[];
  /** Kinds of panels that are asked for and not known here. */
  unknownPanels: string[];
}

export function broughtAlong(json: AnyRecord, isKnown: (panelType: string) => boolean): Brought {
  const panels = records(json['__requires']).filter(({ type }) => type === 'panel');
  return {
    elements: elementsOf(json).map((element) => text(element['name']) || text(element['uid'])),
    unknownPanels: panels.map(({ id }) => text(id)).filter((id) => id !== '' && !isKnown(id)),
  };
}
