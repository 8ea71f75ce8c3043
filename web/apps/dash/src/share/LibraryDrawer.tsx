// Makes a library panel of one of the dashboard: kept once, followed by every dashboard that shows it.
import { findPanelJson, replacePanel } from '@narthex/dashmodel';
import { text } from '@narthex/dashmodel/json';
import { createLibraryElement } from '@narthex/grafanaapi';
import { Alert, Drawer } from '@narthex/vizkit';
import { useState } from 'react';

import { useEscape } from '../components/useEscape';
import { useEditing } from '../edit/EditContext';
import { AddForm, ChoiceField, textOf, TextField } from '../manage/Listing';
import { useFolderChoices } from '../pages/useFolderChoices';

export function LibraryDrawer({ panelKey, onClose }: { panelKey: string; onClose: () => void }) {
  useEscape(onClose);
  const { json, change, learn } = useEditing();
  const folders = useFolderChoices();
  const [fault, setFault] = useState('');
  const panel = findPanelJson(json, Number(panelKey));
  if (!panel) return null;
  const make = async (form: FormData): Promise<boolean> => {
    try {
      const { id: _id, gridPos: _place, libraryPanel: _before, ...model } = panel;
      const element = await createLibraryElement(textOf(form, 'name'), model, textOf(form, 'folder'));
      const { uid, name } = element;
      learn(element);
      change(replacePanel(json, Number(panelKey), { ...panel, libraryPanel: { uid, name } }));
      onClose();
      return true;
    } catch (error) {
      setFault(error instanceof Error ? error.message : String(error));
      return false;
    }
  };
  return (
    <Drawer title="Create library panel" subtitle="Other dashboards can show it, and follow it when it changes." size="sm" onClose={onClose}>
      {fault !== '' && <Alert severity="error" title="It could not be made">{fault}</Alert>}
      <AddForm label="Library panel" button="Create" onSend={make}>
        <TextField name="name" label="Name" value={text(panel['title'])} isRequired />
        <ChoiceField name="folder" label="Folder" choices={folders.map(({ value, label = value }) => [value, label] as const)} value="" />
      </AddForm>
    </Drawer>
  );
}
