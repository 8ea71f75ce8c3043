// Makes a snapshot of the dashboard on the page.
import { expandRepeats, withLibrary } from '@narthex/dashmodel';
import { base, createSnapshot, type SnapshotLinks } from '@narthex/grafanaapi';
import { panelLookup } from '@narthex/runner';
import { interpolate } from '@narthex/vars';
import { Alert, Button, Drawer } from '@narthex/vizkit';
import { useState } from 'react';

import { useEscape } from '../components/useEscape';
import { repeatValues } from '../dashboard/repeat_values';
import { useScope } from '../dashboard/scope';
import { useEditing } from '../edit/EditContext';
import { Link } from '../router/Link';
import { AddForm, ChoiceField, textOf, TextField } from './Listing';
import { snapshotOf } from './snapshot';

const HOUR_S = 3600;
const LIFETIMES = [
  ['0', 'For good'],
  [String(HOUR_S), 'An hour'],
  [String(24 * HOUR_S), 'A day'],
  [String(7 * 24 * HOUR_S), 'A week'],
] as const;

export function SnapshotDrawer({ onClose }: { onClose: () => void }) {
  const scope = useScope();
  useEscape(onClose);
  const { json } = useEditing();
  const [made, setMade] = useState<SnapshotLinks>();
  const [fault, setFault] = useState('');
  const make = async (form: FormData): Promise<boolean> => {
    const { dashboard, variables, builtins, window, shownFrames } = scope;
    const name = textOf(form, 'name') || dashboard.title;
    const snapshot = snapshotOf({
      json: scope.library ? withLibrary(json, scope.library) : json,
      panels: expandRepeats(dashboard.panels, repeatValues(variables)),
      variables,
      framesOf: (key) => shownFrames?.get(key) ?? [],
      titleOf: (panel) => interpolate(panel.title, { lookup: panelLookup(variables, panel.bound, builtins), format: 'text' }),
      window,
      name,
      url: base.remove(location.pathname),
    });
    setFault('');
    try {
      setMade(await createSnapshot(snapshot, name, Number(textOf(form, 'lifetime'))));
      return true;
    } catch (error) {
      setFault(error instanceof Error ? error.message : String(error));
      return false;
    }
  };
  const address = made && new URL(made.url, location.href);
  return (
    <Drawer title="Snapshot" subtitle="What the panels show now, without the queries. Whoever has the address can see it." onClose={onClose} size="sm">
      {fault !== '' && <Alert severity="error" title="The snapshot could not be made">{fault}</Alert>}
      {address ? (
        <>
          <Alert severity="success" title="The snapshot is made" />
          <p>
            <Link href={base.remove(address.pathname)}>{address.href}</Link>
          </p>
          <Button variant="secondary" onClick={onClose}>
            Close
          </Button>
        </>
      ) : (
        <AddForm label="Snapshot" button="Make the snapshot" onSend={make}>
          <TextField name="name" label="Name" value={scope.dashboard.title} />
          <ChoiceField name="lifetime" label="Kept" choices={LIFETIMES} value="0" />
        </AddForm>
      )}
    </Drawer>
  );
}
