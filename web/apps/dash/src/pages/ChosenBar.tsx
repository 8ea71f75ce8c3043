// What is done with several dashboards at once.
import { deleteDashboard, moveDashboard, type SearchHit } from '@narthex/grafanaapi';
import { Alert, Button } from '@narthex/vizkit';
import { useState } from 'react';

import { AddForm, ChoiceField, SureButton, textOf } from '../manage/Listing';
import type { FolderPath } from './hits';

interface ChosenBarProps {
  chosen: readonly SearchHit[];
  paths: readonly FolderPath[];
  /** Those still to be done stay chosen. */
  onDone: (uids: readonly string[]) => void;
}

export function ChosenBar({ chosen, paths, onDone }: ChosenBarProps) {
  const [fault, setFault] = useState('');
  const [isBusy, setIsBusy] = useState(false);
  const each = async (what: (uid: string) => Promise<void>): Promise<boolean> => {
    const done: string[] = [];
    const faults: string[] = [];
    setIsBusy(true);
    // One after the other: each is a write.
    for (const { uid, title } of chosen) {
      try {
        // oxlint-disable-next-line no-await-in-loop
        await what(uid);
        done.push(uid);
      } catch (error) {
        faults.push(`${title}: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
    setIsBusy(false);
    setFault(faults.join(' '));
    onDone(done);
    return false;
  };
  const count = chosen.length === 1 ? '1 dashboard' : `${chosen.length} dashboards`;
  return (
    <section className="chosen-bar" aria-label="Chosen dashboards">
      <strong role="status">{count} chosen</strong>
      <AddForm label="Move them" button="Move" onSend={(form) => each((uid) => moveDashboard(uid, textOf(form, 'folder')))}>
        <ChoiceField name="folder" label="Into" choices={[['', 'Dashboards'], ...paths.map(({ uid, title }) => [uid, title] as const)]} />
      </AddForm>
      <SureButton label={`Delete ${count}`} onSure={() => void each(deleteDashboard)} />
      <Button size="sm" variant="secondary" fill="text" disabled={isBusy} onClick={() => onDone(chosen.map(({ uid }) => uid))}>
        Choose none
      </Button>
      {fault !== '' && <Alert severity="error" title="Some could not be changed">{fault}</Alert>}
    </section>
  );
}
