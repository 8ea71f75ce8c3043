// A dashboard from a file or from pasted JSON, its inputs filled in.
import { migrate, type AnyRecord } from '@narthex/dashmodel';
import { records, text } from '@narthex/dashmodel/json';
import { importDashboard, SaveConflict, type DataSourceSettings } from '@narthex/grafanaapi';
import { findPanel } from '@narthex/panels';
import { Alert, Button, Combobox, Field, Input } from '@narthex/vizkit';
import { useEffect, useMemo, useRef, useState, type DragEvent } from 'react';

import { navigate } from '../router/location';
import { useSession } from '../session/SessionGate';
import { TopBar } from '../shell/TopBar';
import { useFolderChoices } from './useFolderChoices';
import { broughtAlong, readImport, wantedInputs, type WantedInput } from './import_file';

interface ChosenInput extends WantedInput {
  sources: DataSourceSettings[];
}

function useInputs(json: AnyRecord) {
  const { settings } = useSession();
  const [chosen, setChosen] = useState<Readonly<Record<string, string>>>({});
  const inputs = useMemo(
    () =>
      wantedInputs(json).map((input): ChosenInput => {
        const sources = input.type === 'datasource' ? settings.dataSources.filter(({ type }) => input.pluginId === '' || type === input.pluginId) : [];
        const standard = sources.find(({ isDefault }) => isDefault) ?? sources[0];
        const fallback = input.type === 'datasource' ? (standard?.uid ?? '') : input.value;
        return { ...input, sources, value: chosen[input.name] ?? fallback };
      }),
    [json, settings, chosen],
  );
  return { inputs, choose: (name: string, value: string) => setChosen((before) => ({ ...before, [name]: value })) };
}

function InputField({ input, onChange }: { input: ChosenInput; onChange: (value: string) => void }) {
  const { name, type, label, description, sources, value, pluginId } = input;
  const id = `input-${name}`;
  const isMissing = type === 'datasource' && sources.length === 0;
  return (
    <Field label={label} description={description} htmlFor={id} invalid={isMissing} error={`There is no data source of the type ${pluginId} here.`}>
      {type === 'datasource' ? (
        <Combobox id={id} disabled={isMissing} options={sources.map((source) => ({ value: source.uid, label: source.name }))} value={value || null} onChange={(chosen) => onChange(chosen.value)} />
      ) : (
        <Input id={id} value={value} onChange={(event) => onChange(event.currentTarget.value)} />
      )}
    </Field>
  );
}

/** Kinds of old are drawn as what became of them. */
function isKnownPanel(type: string): boolean {
  const [panel] = records(migrate({ schemaVersion: 36, panels: [{ type }] })['panels']);
  return findPanel(text(panel?.['type'])) !== undefined;
}

function BroughtAlong({ json }: { json: AnyRecord }) {
  const { elements, unknownPanels } = useMemo(() => broughtAlong(json, isKnownPanel), [json]);
  return (
    <>
      {unknownPanels.length > 0 && <Alert severity="warning" title="Some panels will not be drawn">{`Their kinds are not supported: ${unknownPanels.join(', ')}. What they are set to is kept.`}</Alert>}
      {elements.length > 0 && <p>Library panels that come with it: {elements.join(', ')}. Those that are here already stay as they are.</p>}
    </>
  );
}

interface Failure {
  message: string;
  isConflict: boolean;
}

function ImportOptions({ json }: { json: AnyRecord }) {
  const { inputs, choose } = useInputs(json);
  const folders = useFolderChoices();
  const [title, setTitle] = useState(() => text(json['title']));
  const [uid, setUid] = useState(() => text(json['uid']));
  const [folderUid, setFolderUid] = useState('');
  const [failure, setFailure] = useState<Failure>();
  const isComplete = title.trim() !== '' && inputs.every(({ type, value }) => type !== 'datasource' || value !== '');
  const send = (overwrite: boolean): void => {
    setFailure(undefined);
    const wanted = inputs.map(({ name, type, pluginId, value }) => ({ name, type, pluginId, value }));
    importDashboard({ ...json, id: null, title: title.trim(), uid: uid.trim() }, wanted, folderUid, overwrite).then(
      (made) => navigate(made.url || `/d/${made.uid}`),
      (error: unknown) => setFailure({ message: error instanceof Error ? error.message : String(error), isConflict: error instanceof SaveConflict }),
    );
  };
  return (
    <>
      <Field label="Name" htmlFor="import-name" invalid={title.trim() === ''} error="A dashboard needs a name.">
        <Input id="import-name" value={title} onChange={(event) => setTitle(event.currentTarget.value)} />
      </Field>
      <Field label="Folder" htmlFor="import-folder">
        <Combobox id="import-folder" options={folders} value={folderUid} onChange={({ value }) => setFolderUid(value)} />
      </Field>
      <Field label="Unique identifier (UID)" description="Stands in its address. Empty: one is made up." htmlFor="import-uid">
        <Input id="import-uid" value={uid} onChange={(event) => setUid(event.currentTarget.value)} />
      </Field>
      {inputs.map((input) => (
        <InputField key={input.name} input={input} onChange={(value) => choose(input.name, value)} />
      ))}
      <BroughtAlong json={json} />
      {failure && (
        <Alert severity="error" title={failure.isConflict ? 'There is such a dashboard already' : 'It could not be imported'}>
          {failure.isConflict ? `${failure.message}. With another name, folder or UID that one stays as it is.` : failure.message}
        </Alert>
      )}
      <div className="button-row">
        <Button disabled={!isComplete} onClick={() => send(false)}>
          Import {title}
        </Button>
        {failure?.isConflict && (
          <Button variant="destructive" onClick={() => send(true)}>
            Import and overwrite
          </Button>
        )}
      </div>
    </>
  );
}

/** A file chosen, or dropped on the button. What the browser draws for it is hidden by the components' styles. */
function FileField({ onText }: { onText: (text: string) => void }) {
  const input = useRef<HTMLInputElement>(null);
  const [name, setName] = useState('');
  const read = (file: File | undefined): void => {
    if (!file) return;
    setName(file.name);
    void file.text().then(onText);
  };
  const drop = (event: DragEvent): void => {
    event.preventDefault();
    read(event.dataTransfer.files[0]);
  };
  return (
    <div className="button-row import-file" onDrop={drop} onDragOver={(event) => event.preventDefault()}>
      <input ref={input} id="import-file" aria-label="File" type="file" hidden accept=".json,application/json" onChange={(event) => read(event.currentTarget.files?.[0])} />
      <Button variant="secondary" icon="file-alt" onClick={() => input.current?.click()}>
        Choose a file
      </Button>
      <span role="status">{name || 'or drop one here'}</span>
    </div>
  );
}

function ImportForm() {
  const [draft, setDraft] = useState('');
  const { json, fault, notes } = useMemo(() => readImport(draft), [draft]);
  return (
    <>
      <FileField onText={setDraft} />
      <Field label="Or paste JSON" htmlFor="import-json">
        <textarea id="import-json" className="json-area" rows={10} spellCheck={false} value={draft} onChange={(event) => setDraft(event.currentTarget.value)} />
      </Field>
      {fault && <Alert severity="error" title="This cannot be imported">{fault}</Alert>}
      {notes.length > 0 && (
        <Alert severity="info" title="This dashboard is converted">
          {notes.map((note) => (
            <p key={note}>{note}</p>
          ))}
        </Alert>
      )}
      {/* Another file is another form. */}
      {json && <ImportOptions key={draft} json={json} />}
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
