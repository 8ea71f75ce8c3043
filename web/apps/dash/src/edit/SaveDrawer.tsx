// Saving: what changes, with a message; where it cannot be saved, why, and what can be done.
import type { DateTime } from '@grafana/data';
import { differences, exportJson, type AnyRecord } from '@narthex/dashmodel';
import { text } from '@narthex/dashmodel/json';
import { fetchLibraryElement, LibraryConflict, SaveConflict, saveDashboard, updateLibraryElement, type DashboardAnswer } from '@narthex/grafanaapi';
import { Alert, Button, Checkbox, Combobox, download, Drawer, Field, Input, TextArea } from '@narthex/vizkit';
import { useMemo, useState } from 'react';

import { useEscape } from '../components/useEscape';
import { navigate, setLeaveGuard } from '../router/location';
import { useScope } from '../dashboard/scope';
import { useFolderChoices } from '../pages/useFolderChoices';
import { DiffList } from './DiffList';
import { useEditing } from './EditContext';
import { withTime, withVariables } from './keep';
import { LibraryChanges } from './LibraryChanges';

interface SaveDrawerProps {
  meta: Omit<DashboardAnswer, 'dashboard'>;
  saved: AnyRecord;
  onClose: () => void;
}

/** What somebody else has saved in between. */
type Conflict = 'dashboard' | 'library';

interface SaveState {
  isSaving: boolean;
  fault: string;
  conflict: Conflict | undefined;
}

const CONFLICTS = {
  dashboard: 'Someone else has saved it in between',
  library: 'Someone else has saved the library panel in between',
} as const;

function conflictOf(error: unknown): Conflict | undefined {
  if (error instanceof LibraryConflict) return 'library';
  return error instanceof SaveConflict ? 'dashboard' : undefined;
}

interface Wanted {
  title: string;
  message: string;
  folderUid: string;
  asCopy: boolean;
  /** What to save over. */
  over?: Conflict | undefined;
}

/** Saves the library panels that were changed, one after the other: those that went stay saved. */
function useSaveLibrary() {
  const { shelf, models, learn } = useEditing();
  return async (isOver: boolean): Promise<void> => {
    for (const [uid, model] of Object.entries(models)) {
      const element = shelf.get(uid);
      if (!element) continue;
      const { version = 1 } = isOver ? await fetchLibraryElement(uid) : element;
      learn(await updateLibraryElement({ ...element, model, version }));
    }
  };
}

function useSave({ meta, saved, onClose }: SaveDrawerProps, json: AnyRecord) {
  const { markSaved, models } = useEditing();
  const saveLibrary = useSaveLibrary();
  const [state, setState] = useState<SaveState>({ isSaving: false, fault: '', conflict: undefined });
  const save = async (request: Wanted): Promise<void> => {
    setState({ isSaving: true, fault: '', conflict: undefined });
    const { asCopy, title, over, ...rest } = request;
    const dashboard = asCopy ? { ...exportJson(json), uid: '', title } : { ...json, title };
    try {
      await saveLibrary(over === 'library');
      // A library panel can be all that was changed.
      const isPlain = !asCopy && text(json['uid']) !== '' && rest.folderUid === meta.folderUid;
      if (Object.keys(models).length > 0 && isPlain && differences(saved, dashboard).length === 0) {
        onClose();
        return;
      }
      const { version, url, uid } = await saveDashboard({ dashboard, ...rest, overwrite: over === 'dashboard' });
      markSaved(asCopy ? json : { ...dashboard, uid, version });
      onClose();
      // A copy, or one that is new, lives at another address from now on.
      if (asCopy || text(json['uid']) === '') {
        // What is stored is not lost by going there; the page learns of it a moment later.
        setLeaveGuard(undefined);
        navigate(url);
      }
    } catch (error) {
      setState({ isSaving: false, fault: error instanceof Error ? error.message : String(error), conflict: conflictOf(error) });
    }
  };
  return { ...state, save };
}

const instant = (time: DateTime | string): string => (typeof time === 'string' ? time : time.toISOString());

/** What was chosen while looking at the dashboard, where it differs from what it starts with. */
function useKept(json: AnyRecord) {
  const { variables, timeRange } = useScope();
  const [keepsValues, setKeepsValues] = useState(false);
  const [keepsTime, setKeepsTime] = useState(false);
  const { from, to } = timeRange.raw;
  const time = useMemo(() => ({ from: instant(from), to: instant(to) }), [from, to]);
  const valued = keepsValues ? withVariables(json, variables) : json;
  const switches = [
    ...(withVariables(json, variables) === json ? [] : [{ label: 'Start with these values of variables and filters', value: keepsValues, set: setKeepsValues }]),
    ...(withTime(json, time) === json ? [] : [{ label: 'Start with this time range', value: keepsTime, set: setKeepsTime }]),
  ];
  return { kept: keepsTime ? withTime(valued, time) : valued, switches };
}

export function SaveDrawer(props: SaveDrawerProps) {
  const { meta, saved, onClose } = props;
  useEscape(onClose);
  const { json } = useEditing();
  const isNew = text(json['uid']) === '';
  const mustCopy = meta.isProvisioned || (!isNew && !meta.canSave);
  const [wantsCopy, setWantsCopy] = useState(false);
  const isCopy = mustCopy || wantsCopy;
  const [message, setMessage] = useState('');
  const [title, setTitle] = useState(mustCopy ? `${text(json['title'])} copy` : text(json['title']));
  const [folderUid, setFolderUid] = useState(meta.folderUid);
  const folders = useFolderChoices();
  const { kept, switches } = useKept(json);
  const { isSaving, fault, conflict, save } = useSave(props, kept);
  const request = { title, message, folderUid, asCopy: isCopy };
  return (
    <Drawer title={isCopy ? 'Save as a copy' : 'Save dashboard'} size="md" onClose={onClose}>
      {meta.isProvisioned && (
        <Alert severity="info" title="This dashboard comes from a file and cannot be saved here">
          It is provisioned{meta.provisionedFrom ? ` from ${meta.provisionedFrom}` : ''}. Save a copy, or download the JSON and put it in the place of the file.
        </Alert>
      )}
      {fault && (
        <Alert severity="error" title={conflict ? CONFLICTS[conflict] : 'It could not be saved'}>
          {fault}
          {conflict === 'library' && '. Save over what they did, or load the dashboard anew to see it.'}
        </Alert>
      )}
      <Field label="Title" htmlFor="save-title">
        <Input id="save-title" value={title} onChange={(event) => setTitle(event.currentTarget.value)} />
      </Field>
      <Field label="Folder" htmlFor="save-folder">
        <Combobox id="save-folder" options={folders} value={folderUid} onChange={({ value }) => setFolderUid(value)} />
      </Field>
      <Field label="What has changed" htmlFor="save-message">
        <TextArea id="save-message" value={message} placeholder="A note for the list of versions" onChange={(event) => setMessage(event.currentTarget.value)} />
      </Field>
      {!isNew && !mustCopy && (
        <Checkbox
          label="Save as a copy"
          value={wantsCopy}
          onChange={(event) => {
            const isWanted = event.currentTarget.checked;
            setWantsCopy(isWanted);
            if (isWanted && title === text(json['title'])) setTitle(`${title} copy`);
          }}
        />
      )}
      {switches.map(({ label, value, set }) => (
        <Checkbox key={label} label={label} value={value} onChange={(event) => set(event.currentTarget.checked)} />
      ))}
      <div className="button-row">
        <Button disabled={isSaving || title === ''} onClick={() => void save(request)}>
          {isCopy ? 'Save copy' : 'Save'}
        </Button>
        {conflict && (
          <Button variant="destructive" disabled={isSaving} onClick={() => void save({ ...request, over: conflict })}>
            Save and overwrite
          </Button>
        )}
        <Button variant="secondary" onClick={() => download(`${text(json['title'], 'dashboard')}.json`, JSON.stringify(exportJson(kept), null, 2))}>
          Download JSON
        </Button>
      </div>
      <LibraryChanges />
      <h3>Changes</h3>
      <DiffList before={saved} after={kept} />
    </Drawer>
  );
}
