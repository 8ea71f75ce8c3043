// Snapshots: dashboards with the data they had at one moment.
import { deleteSnapshot, fetchSnapshots } from '@narthex/grafanaapi';

import { Link } from '../router/Link';
import { Listing, ManagePage, shownTime, SureButton } from './Listing';
import { useLoaded } from './useLoaded';

export function SnapshotsPage() {
  const loaded = useLoaded(fetchSnapshots);
  return (
    <ManagePage title="Snapshots" crumbs={[{ title: 'Dashboards', href: '/dashboards' }]}>
      <Listing
        what="snapshots"
        icon="camera"
        loaded={loaded}
        keyOf={({ key }) => key}
        hint="Share, Snapshot on a dashboard makes one: whoever has its address sees the data of that moment."
        columns={[
          { title: 'Name', cell: ({ key, name }) => <Link href={`/dashboard/snapshot/${encodeURIComponent(key)}`}>{name}</Link> },
          { title: 'Made', cell: ({ created }) => shownTime(created) },
          { title: 'Until', cell: ({ expires }) => shownTime(expires) },
          { title: 'Actions', cell: ({ key, name }) => <SureButton label={`Delete ${name}`} onSure={() => void loaded.act(() => deleteSnapshot(key))} /> },
        ]}
      />
    </ManagePage>
  );
}
