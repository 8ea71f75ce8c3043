// What can be done with the folder that the list shows: put into it, name, move, share and delete it.
import { countFolder, createFolder, deleteFolder, fetchFolder, moveFolder, renameFolder, type FolderDetails } from '@narthex/grafanaapi';
import { Alert, Button, Drawer } from '@narthex/vizkit';
import { useState } from 'react';

import { useEscape } from '../components/useEscape';
import { AddForm, ChoiceField, SureButton, textOf, TextField } from '../manage/Listing';
import { PermissionsForm } from '../manage/PermissionsForm';
import { useLoaded } from '../manage/useLoaded';
import { navigate } from '../router/location';
import type { FolderPath } from './hits';

export const folderHref = (uid: string): string => (uid === '' ? '/dashboards' : `/dashboards/f/${encodeURIComponent(uid)}`);

interface FolderFormProps {
  folder: FolderDetails;
  paths: readonly FolderPath[];
  onChanged: () => void;
}

type Open = 'rename' | 'move' | 'permissions' | undefined;

/** "3 dashboards and 1 folder"; undefined until it is known. */
function useContents(uid: string): string | undefined {
  const { value } = useLoaded(() => countFolder(uid));
  if (!value) return undefined;
  const { dashboards, folders } = value;
  const of = (count: number, one: string): string[] => (count === 0 ? [] : [`${count} ${one}${count === 1 ? '' : 's'}`]);
  return [...of(dashboards, 'dashboard'), ...of(folders, 'folder')].join(' and ');
}

function FolderForms({ folder, paths, onChanged }: FolderFormProps) {
  const [open, setOpen] = useState<Open>();
  const [fault, setFault] = useState('');
  const contents = useContents(folder.uid);
  const act = async (what: () => Promise<void>): Promise<boolean> => {
    setFault('');
    try {
      await what();
      setOpen(undefined);
      onChanged();
      return true;
    } catch (error) {
      setFault(error instanceof Error ? error.message : String(error));
      return false;
    }
  };
  const close = (): void => setOpen(undefined);
  // Not into itself, nor into what lies in it.
  const places = paths.filter(({ uids }) => !uids.includes(folder.uid)).map(({ uid, title }) => [uid, title] as const);
  const turn = (what: Open) => () => setOpen(open === what ? undefined : what);
  return (
    <>
      <div className="button-row">
        {folder.mayEdit && (
          <>
            <Button size="sm" variant="secondary" aria-expanded={open === 'rename'} onClick={turn('rename')}>
              Rename
            </Button>
            <Button size="sm" variant="secondary" aria-expanded={open === 'move'} onClick={turn('move')}>
              Move
            </Button>
          </>
        )}
        {folder.mayAdminister && (
          <Button size="sm" variant="secondary" aria-expanded={open === 'permissions'} onClick={turn('permissions')}>
            Permissions
          </Button>
        )}
        {folder.mayEdit && <SureButton label={`Delete ${folder.title}${contents ? ` with ${contents}` : ''}`} onSure={() => void act(() => deleteFolder(folder.uid)).then((isDone) => isDone && navigate('/dashboards'))} />}
      </div>
      {fault !== '' && <Alert severity="error" title="This could not be done">{fault}</Alert>}
      {open === 'rename' && (
        <AddForm label="Rename the folder" button="Save" onSend={(form) => act(() => renameFolder(folder.uid, textOf(form, 'title')))}>
          <TextField name="title" label="Title" value={folder.title} isRequired />
        </AddForm>
      )}
      {open === 'move' && (
        <AddForm label="Move the folder" button="Move" onSend={(form) => act(() => moveFolder(folder.uid, textOf(form, 'parent')))}>
          <ChoiceField name="parent" label="Into" choices={[['', 'Dashboards'], ...places]} value={folder.parentUid} />
        </AddForm>
      )}
      {open === 'permissions' && <PermissionsDrawer folder={folder} onClose={close} />}
    </>
  );
}

function PermissionsDrawer({ folder, onClose }: { folder: FolderDetails; onClose: () => void }) {
  useEscape(onClose);
  return (
    <Drawer title={`Permissions of ${folder.title}`} subtitle="They hold for all that is in it." size="md" onClose={onClose}>
      <PermissionsForm subject={{ folderUid: folder.uid }} />
    </Drawer>
  );
}

/** Nothing until the folder is read, and for one that is none. */
export function FolderBar({ uid, paths, onChanged }: { uid: string; paths: readonly FolderPath[]; onChanged: () => void }) {
  const { value, reload } = useLoaded(() => fetchFolder(uid));
  if (!value) return null;
  return (
    <FolderForms
      folder={value}
      paths={paths}
      onChanged={() => {
        reload();
        onChanged();
      }}
    />
  );
}

export function NewFolder({ parentUid, onMade }: { parentUid: string; onMade: () => void }) {
  const [fault, setFault] = useState('');
  const make = async (form: FormData): Promise<boolean> => {
    try {
      const { uid } = await createFolder(textOf(form, 'title'), parentUid);
      onMade();
      navigate(folderHref(uid));
      return true;
    } catch (error) {
      setFault(error instanceof Error ? error.message : String(error));
      return false;
    }
  };
  return (
    <>
      {fault !== '' && <Alert severity="error" title="The folder could not be made">{fault}</Alert>}
      <AddForm label="New folder" button="Add folder" onSend={make}>
        <TextField name="title" label="Title of the folder" isRequired />
      </AddForm>
    </>
  );
}
