// A dashboard from a file or from pasted JSON, its inputs filled in.
import { isV2, loadDashboard, UnsupportedDashboard, unwrapped, type AnyRecord } from '@narthex/dashmodel';
import { isRecord, record, records, text } from '@narthex/dashmodel/json';
import { fromV2 } from '@narthex/dashmodel/v2';
import { fetchFolders, importDashboard, SaveConflict, type Folder } from '@narthex/grafanaapi';
import { EXPRESSION_SOURCE, sourceType } from '@narthex/runner';
import { Alert, Button, Combobox, Field, Input } from '@narthex/vizkit';
import { useEffect, useMemo, useState } from 'react';

import { navigate } from '../router/location';
import { useSession } from '../session/SessionGate';
import { TopBar } from '../shell/TopBar';

interface Parsed {
  json: AnyRecord | undefined;
  fault: string;
  /** What becomes of a dashboard that is not taken as it is. */
  notes: string[];
}

/** What a person has to choose. The server fills in the source of expressions: there is only one. */
const asked = (json: AnyRecord | undefined): AnyRecord[] => records(json?.['__inputs']).filter((input) => input['pluginId'] !== EXPRESSION_SOURCE.type);

function parse(draft: string): Parsed {
  if (draft.trim() === '') return { json: undefined, fault: '', notes: [] };
  try {
    const parsed: unknown = JSON.parse(draft);
    const json = record(parsed);
    const dashboard = unwrapped(isRecord(json['dashboard']) ? json['dashboard'] : json);
    if (!isV2(dashboard)) {
      loadDashboard(dashboard);
      return { json: dashboard, fault: '', notes: [] };
    }
    const converted = fromV2(dashboard);
    loadDashboard(converted.dashboard);
    return { json: converted.dashboard, fault: '', notes: ['It is written in schema v2 and is kept in the classic form.', ...converted.notes] };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { json: undefined, fault: error instanceof UnsupportedDashboard ? message : `This is not JSON: ${message}`, notes: [] };
  }
}

function useInputs(json: AnyRecord | undefined) {
  const { settings } = useSession();
  const [chosen, setChosen] = useState<Readonly<Record<string, string>>>({});
  const inputs = useMemo(
    () =>
      asked(json).map((input) => {
        const name = text(input['name']);
        const pluginId = text(input['pluginId']);
        const sources = settings.dataSources.filter(({ type }) => pluginId === '' || type === sourceType(pluginId));
        const isSource = input['type'] === 'datasource';
        const fallback = isSource ? (sources[0]?.uid ?? '') : text(input['value']);
        return { name, type: text(input['type']), pluginId, label: text(input['label']) || name, isSource, sources, value: chosen[name] ?? fallback };
      }),
    [json, settings, chosen],
  );
  return { inputs, choose: (name: string, value: string) => setChosen((before) => ({ ...before, [name]: value })) };
}

function useFolders(): Folder[] {
  const [folders, setFolders] = useState<Folder[]>([]);
  useEffect(() => {
    fetchFolders()
      .then(setFolders)
      // Without the list everything goes to the top.
      .catch(() => {});
  }, []);
  return folders;
}

interface Failure {
  message: string;
  isConflict: boolean;
}

function ImportForm() {
  const [draft, setDraft] = useState('');
  const { json, fault, notes } = useMemo(() => parse(draft), [draft]);
  const { inputs, choose } = useInputs(json);
  const folders = useFolders();
  const [folderUid, setFolderUid] = useState('');
  const [failure, setFailure] = useState<Failure>();
  const send = (overwrite: boolean): void => {
    if (!json) return;
    setFailure(undefined);
    importDashboard({ ...json, id: null }, inputs, folderUid, overwrite).then(
      ({ url, uid }) => navigate(url || `/d/${uid}`),
      (error: unknown) => setFailure({ message: error instanceof Error ? error.message : String(error), isConflict: error instanceof SaveConflict }),
    );
  };
  return (
    <>
      <Field label="File" htmlFor="import-file">
        <input id="import-file" type="file" accept=".json,application/json" onChange={(event) => void event.currentTarget.files?.[0]?.text().then(setDraft)} />
      </Field>
      <Field label="Or paste JSON" htmlFor="import-json">
        <textarea id="import-json" className="json-area" rows={10} spellCheck={false} value={draft} onChange={(event) => setDraft(event.currentTarget.value)} />
      </Field>
      {fault && <Alert severity="error" title="This cannot be imported">{fault}</Alert>}
      {json && (
        <>
          {notes.length > 0 && (
            <Alert severity="info" title="This dashboard is converted">
              {notes.map((note) => (
                <p key={note}>{note}</p>
              ))}
            </Alert>
          )}
          <Field label="Folder" htmlFor="import-folder">
            <Combobox id="import-folder" options={[{ value: '', label: 'Dashboards' }, ...folders.map(({ uid, title }) => ({ value: uid, label: title }))]} value={folderUid} onChange={({ value }) => setFolderUid(value)} />
          </Field>
          {inputs.map(({ name, label, isSource, sources, value }) => (
            <Field key={name} label={label} htmlFor={`input-${name}`}>
              {isSource ? (
                <Combobox id={`input-${name}`} options={sources.map((source) => ({ value: source.uid, label: source.name }))} value={value} onChange={(chosen) => choose(name, chosen.value)} />
              ) : (
                <Input id={`input-${name}`} value={value} onChange={(event) => choose(name, event.currentTarget.value)} />
              )}
            </Field>
          ))}
          {failure && <Alert severity="error" title={failure.isConflict ? 'There is such a dashboard already' : 'It could not be imported'}>{failure.message}</Alert>}
          <div className="button-row">
            <Button onClick={() => send(false)}>Import {text(json['title'])}</Button>
            {failure?.isConflict && (
              <Button variant="destructive" onClick={() => send(true)}>
                Import and overwrite
              </Button>
            )}
          </div>
        </>
      )}
    </>
  );
}

export function ImportPage() {
  useEffect(() => {
    document.title = 'Import - Narthex';
  }, []);
  return (
    <>
      <TopBar crumbs={[{ title: 'Dashboards', href: '/dashboards' }, { title: 'Import' }]} />
      <main className="page">
        <h1>Import a dashboard</h1>
        <ImportForm />
      </main>
    </>
  );
}
