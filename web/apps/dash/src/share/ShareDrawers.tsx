// What is open to share the dashboard or one of its panels; the address says which.
import { lazy, Suspense } from 'react';

import { useEditing } from '../edit/EditContext';
import { updateSearch, useAddress } from '../router/location';

const LinkDrawer = lazy(() => import('./LinkDrawer').then((module) => ({ default: module.LinkDrawer })));
const ExportDrawer = lazy(() => import('./ExportDrawer').then((module) => ({ default: module.ExportDrawer })));
const EmbedDrawer = lazy(() => import('./EmbedDrawer').then((module) => ({ default: module.EmbedDrawer })));
const PublicDrawer = lazy(() => import('../manage/PublicDrawer').then((module) => ({ default: module.PublicDrawer })));
const SnapshotDrawer = lazy(() => import('../manage/SnapshotDrawer').then((module) => ({ default: module.SnapshotDrawer })));

const LibraryDrawer = lazy(() => import('./LibraryDrawer').then((module) => ({ default: module.LibraryDrawer })));
const LibraryPicker = lazy(() => import('./LibraryPicker').then((module) => ({ default: module.LibraryPicker })));

const close = (): void => updateSearch({ shareView: undefined, sharePanel: undefined });

export function ShareDrawers({ mayPublish }: { mayPublish: boolean }) {
  const { search } = useAddress();
  const { isEditing } = useEditing();
  const view = search.get('shareView');
  const panelKey = search.get('sharePanel') ?? '';
  return (
    <Suspense fallback={null}>
      {view === 'link' && <LinkDrawer panelKey={panelKey} onClose={close} />}
      {view === 'export' && <ExportDrawer onClose={close} />}
      {view === 'snapshot' && <SnapshotDrawer onClose={close} />}
      {view === 'public_dashboard' && mayPublish && <PublicDrawer onClose={close} />}
      {view === 'library_panel' && isEditing && <LibraryDrawer panelKey={panelKey} onClose={close} />}
      {view === 'library' && isEditing && <LibraryPicker onClose={close} />}
      {view === 'embed' && <EmbedDrawer panelKey={panelKey} onClose={close} />}
    </Suspense>
  );
}
