// One data source: where it is, how to sign in to it, how it is asked; saved and tried out with one press.
import { type AnyRecord } from '@narthex/dashmodel';
import { record, text } from '@narthex/dashmodel/json';
import { changeSource, checkSource, deleteSource, fetchSource, type SourceHealth, type StoredSource } from '@narthex/grafanaapi';
import { Alert, Button, Field, IconButton, Input, TextArea } from '@narthex/vizkit';
import { useState } from 'react';

import { ErrorState, LoadingState } from '../components/states';
import { Draft } from '../edit/Draft';
import { OptionForm } from '../edit/form';
import { navigate } from '../router/location';
import { useSession } from '../session/SessionGate';
import { ExemplarLinks } from './ExemplarLinks';
import { ManagePage, SureButton } from './Listing';
import { headersOf, nameKeyOf, sourceSections, withHeader, type SecretSpec } from './source_specs';
import { useLoaded } from './useLoaded';

type Secrets = Readonly<Record<string, string>>;

interface SecretFieldProps {
  spec: SecretSpec;
  isHeld: boolean;
  secrets: Secrets;
  onChange: (secrets: Secrets) => void;
}

/** What is held is not shown: it is replaced, or stays. */
function SecretField({ spec: { key, label, isLong }, isHeld, secrets, onChange }: SecretFieldProps) {
  const id = `secret-${key}`;
  const draft = secrets[key];
  const isAsked = draft !== undefined || !isHeld;
  const type = (value: string): void => onChange({ ...secrets, [key]: value });
  return (
    <Field label={label} htmlFor={id} noMargin className="option-field">
      {isAsked ? (
        isLong ? (
          <TextArea id={id} rows={4} value={draft ?? ''} onChange={(event) => type(event.currentTarget.value)} />
        ) : (
          <Input id={id} type="password" autoComplete="new-password" value={draft ?? ''} onChange={(event) => type(event.currentTarget.value)} />
        )
      ) : (
        <div className="option-row">
          <Input id={id} disabled value="Configured" />
          <Button variant="secondary" aria-label={`Replace: ${label}`} onClick={() => type('')}>
            Replace
          </Button>
        </div>
      )}
    </Field>
  );
}

interface PartProps {
  source: StoredSource;
  body: AnyRecord;
  secrets: Secrets;
  onBody: (body: AnyRecord) => void;
  onSecrets: (secrets: Secrets) => void;
}

function Headers({ source, body, secrets, onBody, onSecrets }: PartProps) {
  const jsonData = record(body['jsonData']);
  const set = (next: AnyRecord): void => onBody({ ...body, jsonData: next });
  return (
    <section aria-label="HTTP headers" className="option-list">
      <h2>HTTP headers</h2>
      {headersOf(jsonData).map((header) => {
        const nameKey = nameKeyOf(header);
        const { [nameKey]: _name, ...without } = jsonData;
        return (
          <div key={nameKey} className="option-row">
            <Draft id={nameKey} label="Name of the header" placeholder="X-Scope-OrgID" value={header.name} onCommit={(name) => set({ ...jsonData, [nameKey]: name })} />
            <SecretField spec={{ key: header.secretKey, label: `Value of ${header.name || 'the header'}`, isLong: false }} isHeld={source.secrets.has(header.secretKey)} secrets={secrets} onChange={onSecrets} />
            <IconButton name="trash-alt" tooltip={`Remove the header ${header.name}`} onClick={() => set(without)} />
          </div>
        );
      })}
      <Button size="sm" icon="plus" variant="secondary" onClick={() => set(withHeader(jsonData))}>
        Add header
      </Button>
    </section>
  );
}

function Parts(props: PartProps) {
  const { source, body, secrets, onBody, onSecrets } = props;
  return (
    <>
      {sourceSections(body).map(({ title, specs, secrets: held }) => (
        <section key={title} aria-label={title} className="option-list">
          <h2>{title}</h2>
          <OptionForm root={body} specs={specs} onChange={onBody} />
          {held.map((spec) => (
            <SecretField key={spec.key} spec={spec} isHeld={source.secrets.has(spec.key)} secrets={secrets} onChange={onSecrets} />
          ))}
        </section>
      ))}
      <Headers {...props} />
      {source.type === 'prometheus' && <ExemplarLinks body={body} onBody={onBody} />}
    </>
  );
}

function SourceForm({ source, reload }: { source: StoredSource; reload: () => void }) {
  const { renew } = useSession();
  const [body, setBody] = useState(source.body);
  const [secrets, setSecrets] = useState<Secrets>({});
  const [health, setHealth] = useState<SourceHealth>();
  const [fault, setFault] = useState('');
  const [isBusy, setIsBusy] = useState(false);
  const run = async (what: () => Promise<void>): Promise<void> => {
    setIsBusy(true);
    setFault('');
    setHealth(undefined);
    await what().catch((error: unknown) => setFault(error instanceof Error ? error.message : String(error)));
    setIsBusy(false);
  };
  const test = async (): Promise<void> => setHealth(await checkSource(source.uid));
  const save = (): Promise<void> =>
    run(async () => {
      await changeSource(source.uid, body, secrets);
      setSecrets({});
      await test();
      renew?.();
      reload();
    });
  const remove = (): Promise<void> =>
    run(async () => {
      await deleteSource(source.uid);
      renew?.();
      navigate('/connections/datasources');
    });
  return (
    <div className="source-form">
      {source.isReadOnly && (
        <Alert severity="info" title="This data source comes from a file">
          It is provisioned: change the file, or set editable: true in it.
        </Alert>
      )}
      <fieldset className="plain-fieldset" disabled={source.isReadOnly}>
        <Parts source={source} body={body} secrets={secrets} onBody={setBody} onSecrets={setSecrets} />
      </fieldset>
      {fault !== '' && <Alert severity="error" title="This could not be done">{fault}</Alert>}
      {health && <Alert severity={health.isWell ? 'success' : 'error'} title={health.message || (health.isWell ? 'It answers' : 'It does not answer')} />}
      <div className="button-row">
        {source.isReadOnly ? (
          <Button disabled={isBusy} onClick={() => void run(test)}>
            Test
          </Button>
        ) : (
          <>
            <Button disabled={isBusy || text(body['name']).trim() === ''} onClick={() => void save()}>
              Save &amp; test
            </Button>
            <SureButton label={`Delete ${source.name}`} onSure={() => void remove()} />
          </>
        )}
      </div>
    </div>
  );
}

export function SourcePage({ uid }: { uid: string }) {
  const { value, failure, reload } = useLoaded(() => fetchSource(uid));
  return (
    <ManagePage title={value?.name ?? 'Data source'} crumbs={[{ title: 'Data sources', href: '/connections/datasources' }]}>
      {failure !== '' && <ErrorState title="The data source could not be read" message={failure} onRetry={reload} />}
      {failure === '' && !value && <LoadingState label="Loading the data source" />}
      {value && <SourceForm key={value.uid} source={value} reload={reload} />}
    </ManagePage>
  );
}
