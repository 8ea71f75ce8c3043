// The library panels that are saved with the dashboard: how many dashboards follow, and what changes.
import { fetchLibrary } from '@narthex/grafanaapi';
import { Alert } from '@narthex/vizkit';

import { useLoaded } from '../manage/useLoaded';
import { DiffList } from './DiffList';
import { useEditing } from './EditContext';

const spread = (count: number | undefined): string => {
  if (count === undefined) return 'It is saved, too, for every dashboard that shows it.';
  if (count === 0) return 'It is saved, too. No dashboard that is stored shows it yet.';
  return count === 1 ? 'It is saved, too. One dashboard shows it.' : `It is saved, too. ${count} dashboards show it, and follow.`;
};

function Changed() {
  const { shelf, models } = useEditing();
  const { value } = useLoaded(fetchLibrary);
  return Object.entries(models).map(([uid, model]) => {
    const element = shelf.get(uid);
    if (!element) return null;
    return (
      <section key={uid} aria-label={`Library panel ${element.name}`}>
        <Alert severity="info" title={`Library panel ${element.name}`}>
          {spread(value?.find((one) => one.uid === uid)?.dashboardCount)}
        </Alert>
        <DiffList before={element.model} after={model} />
      </section>
    );
  });
}

export function LibraryChanges() {
  const { models } = useEditing();
  return Object.keys(models).length === 0 ? null : <Changed />;
}
