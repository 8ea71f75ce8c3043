// Shows a dashboard to everybody who has its address, and takes it back.
import { base, changePublication, createPublication, deletePublication, fetchPublication, type Publication, type PublicationSwitches } from '@narthex/grafanaapi';
import { Alert, Button, Checkbox, Drawer } from '@narthex/vizkit';
import { useState } from 'react';

import { copyText } from '../components/copy_text';
import { ErrorState, LoadingState } from '../components/states';
import { useEscape } from '../components/useEscape';
import { useScope } from '../dashboard/scope';
import { SureButton } from './Listing';
import { useLoaded } from './useLoaded';

const NEW: PublicationSwitches = { isEnabled: true, mayChooseTime: false, showsAnnotations: false };

const SWITCHES: ReadonlyArray<readonly [keyof PublicationSwitches, label: string]> = [
  ['mayChooseTime', 'Visitors may choose the time range'],
  ['showsAnnotations', 'Visitors see the annotations that are kept here'],
];

const addressOf = ({ accessToken }: Publication): string => new URL(base.add(`/public-dashboards/${encodeURIComponent(accessToken)}`), location.href).href;

interface PublishedProps {
  published: Publication;
  /** What is not named stays: two changes may be under way at once. */
  change: (to: Partial<PublicationSwitches>) => void;
  remove: () => void;
}

function Published({ published, change, remove }: PublishedProps) {
  const [told, setTold] = useState('');
  const address = addressOf(published);
  const copy = (): void => void copyText(address).then((isDone) => setTold(isDone ? 'Copied' : 'This browser does not let the page copy. Mark the address and copy it.'));
  return (
    <>
      {!published.isEnabled && <Alert severity="info" title="It is paused: the address says so to whoever opens it" />}
      <p>
        <a href={address} target="_blank" rel="noreferrer">
          {address}
        </a>
      </p>
      {SWITCHES.map(([name, label]) => (
        <p key={name}>
          <Checkbox label={label} value={published[name]} onChange={(event) => change({ [name]: event.currentTarget.checked })} />
        </p>
      ))}
      <div className="button-row">
        <Button icon="copy" onClick={copy}>
          Copy the address
        </Button>
        <Button variant="secondary" icon={published.isEnabled ? 'pause' : 'play'} onClick={() => change({ isEnabled: !published.isEnabled })}>
          {published.isEnabled ? 'Pause' : 'Resume'}
        </Button>
        <SureButton label="Delete the public dashboard" onSure={remove} />
      </div>
      {told !== '' && <Alert severity="info" title={told} />}
    </>
  );
}

export function PublicDrawer({ onClose }: { onClose: () => void }) {
  const { dashboard, variables } = useScope();
  const { uid } = dashboard;
  useEscape(onClose);
  // In a list, since what is not public is not "not yet read".
  const { value, failure, fault, reload, act } = useLoaded(async () => [await fetchPublication(uid)]);
  const published = value?.[0];
  return (
    <Drawer title="Public dashboard" subtitle="Everybody who has its address sees the panels, without signing in, and nothing else: the queries stay here." onClose={onClose} size="sm">
      {variables.length > 0 && (
        <Alert severity="warning" title="This dashboard has variables">
          Visitors have none: a panel whose queries name one shows an error to them.
        </Alert>
      )}
      {fault !== '' && <Alert severity="error" title="This could not be done">{fault}</Alert>}
      {failure !== '' && <ErrorState title="Whether it is public could not be read" message={failure} onRetry={reload} />}
      {failure === '' && !value && <LoadingState label="Looking whether it is public" />}
      {value && !published && <Button onClick={() => void act(() => createPublication(uid, NEW))}>Make it public</Button>}
      {published && <Published published={published} change={(to) => void act(() => changePublication(uid, published.uid, to))} remove={() => void act(() => deletePublication(uid, published.uid))} />}
    </Drawer>
  );
}
