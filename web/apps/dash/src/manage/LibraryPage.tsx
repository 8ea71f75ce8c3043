// Panels that are kept once for all dashboards.
import { deleteLibraryElement, fetchLibrary } from '@narthex/grafanaapi';

import { edits } from '../session/rights';
import { useSession } from '../session/SessionGate';
import { Listing, ManagePage, SureButton } from './Listing';
import { useLoaded } from './useLoaded';

export function LibraryPage() {
  const loaded = useLoaded(fetchLibrary);
  const mayEdit = edits(useSession().user);
  return (
    <ManagePage title="Library panels" crumbs={[{ title: 'Dashboards', href: '/dashboards' }]}>
      <Listing
        what="library panels"
        icon="library-panel"
        loaded={loaded}
        keyOf={({ uid }) => uid}
        hint="Create library panel, in the menu of a panel under edit, makes one: dashboards that show it follow it."
        columns={[
          { title: 'Name', cell: ({ name }) => name },
          { title: 'Kind', cell: ({ type }) => type },
          { title: 'Folder', cell: ({ folderTitle }) => folderTitle },
          { title: 'Shown by', cell: ({ dashboardCount }) => (dashboardCount === 1 ? '1 dashboard' : `${dashboardCount} dashboards`) },
          { title: 'Actions', cell: ({ uid, name }) => mayEdit && <SureButton label={`Delete ${name}`} onSure={() => void loaded.act(() => deleteLibraryElement(uid))} /> },
        ]}
      />
    </ManagePage>
  );
}
