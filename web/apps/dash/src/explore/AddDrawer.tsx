// Puts what Explore shows on a dashboard that is there.
import { searchDashboards, type SearchHit } from '@narthex/grafanaapi';
import type { AnyRecord } from '@narthex/dashmodel';
import { Button, Combobox, Drawer, Field } from '@narthex/vizkit';
import { useState } from 'react';

import { ErrorState, LoadingState } from '../components/states';
import { useEscape } from '../components/useEscape';
import { useLoaded } from '../manage/useLoaded';
import { navigate } from '../router/location';
import { bringPanel } from './handover';

const labelOf = ({ title, folderTitle }: SearchHit): string => (folderTitle ? `${folderTitle} / ${title}` : title);

export function AddDrawer({ panel, onClose }: { panel: AnyRecord; onClose: () => void }) {
  useEscape(onClose);
  const { value, failure, reload } = useLoaded(searchDashboards);
  const [url, setUrl] = useState('');
  const open = (): void => {
    bringPanel(panel);
    navigate(url);
  };
  return (
    <Drawer title="Add to a dashboard" subtitle="It is put at its end, and stored once you save it there." size="sm" onClose={onClose}>
      {failure !== '' && <ErrorState title="The dashboards could not be listed" message={failure} onRetry={reload} />}
      {failure === '' && !value && <LoadingState label="Loading dashboards" />}
      {value && (
        <Field label="Dashboard" htmlFor="add-to-dashboard">
          <Combobox
            id="add-to-dashboard"
            placeholder="Choose a dashboard"
            options={value.filter(({ type }) => type === 'dash-db').map((hit) => ({ value: hit.url, label: labelOf(hit) }))}
            value={url || null}
            onChange={(chosen) => setUrl(chosen.value)}
          />
        </Field>
      )}
      <Button disabled={url === ''} onClick={open}>
        Open the dashboard
      </Button>
    </Drawer>
  );
}
