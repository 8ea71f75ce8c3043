// Puts a panel of the library on the dashboard.
import { addPanel } from '@narthex/dashmodel';
import { fetchLibrary, type LibraryRow } from '@narthex/grafanaapi';
import { Button, Drawer, FilterInput } from '@narthex/vizkit';
import { useState } from 'react';

import { EmptyState, ErrorState, LoadingState } from '../components/states';
import { useEscape } from '../components/useEscape';
import { useEditing } from '../edit/EditContext';
import { useLoaded } from '../manage/useLoaded';

export function LibraryPicker({ onClose }: { onClose: () => void }) {
  useEscape(onClose);
  const { json, change, shelf, learn } = useEditing();
  const { value, failure, reload } = useLoaded(fetchLibrary);
  const [wanted, setWanted] = useState('');
  const shown = (value ?? []).filter(({ name, type }) => `${name} ${type}`.toLowerCase().includes(wanted.toLowerCase()));
  const add = (element: LibraryRow): void => {
    const { uid, name, model } = element;
    // One that is here already may have been changed here.
    if (!shelf.has(uid)) learn(element);
    // With what it is now, so that it is seen at once; what is stored is its reference.
    change(addPanel(json, { ...model, libraryPanel: { uid, name } }).dashboard);
    onClose();
  };
  return (
    <Drawer title="Add from the panel library" size="sm" onClose={onClose}>
      {failure !== '' && <ErrorState title="The library could not be read" message={failure} onRetry={reload} />}
      {failure === '' && !value && <LoadingState label="Loading the library" />}
      {value?.length === 0 && <EmptyState icon="library-panel" title="The library is empty" />}
      {value && value.length > 0 && (
        <>
          <FilterInput aria-label="Search the library" placeholder="Search the library" value={wanted} onChange={setWanted} />
          <ul className="manage-list" aria-label="Library panels">
            {shown.map((row) => (
              <li key={row.uid}>
                <Button variant="secondary" fill="text" icon="plus" onClick={() => add(row)}>
                  {row.name}
                </Button>
                <small>{row.type}</small>
              </li>
            ))}
          </ul>
        </>
      )}
    </Drawer>
  );
}
