import { lazy, Suspense, useEffect, useSyncExternalStore } from 'react';
import { signOutPath } from '@narthex/grafanaapi';

import { useAddress } from './router/location';
import { Palette } from './palette/Palette';
import { matchRoute, type Route } from './router/routes';
import { useInnerLinks } from './router/useInnerLinks';
import { DashboardPage } from './dashboard/DashboardPage';
import { DashboardsPage } from './pages/DashboardsPage';
import { LoadingState } from './components/states';
import { ToldNotes } from './components/ToldNotes';
import { player } from './manage/playing';
import { HomePage } from './pages/HomePage';
import { LoginPage } from './pages/LoginPage';
import { NotFoundPage } from './pages/NotFoundPage';
import { SessionGate } from './session/SessionGate';
import { AppTheme } from './theme/AppTheme';

const GeneratePage = lazy(() => import('./pages/GeneratePage').then((module) => ({ default: module.GeneratePage })));
const ExplorePage = lazy(() => import('./explore/ExplorePage').then((module) => ({ default: module.ExplorePage })));

const PublicPage = lazy(() => import('./dashboard/PublicPage').then((module) => ({ default: module.PublicPage })));
const ImportPage = lazy(() => import('./pages/ImportPage').then((module) => ({ default: module.ImportPage })));

// Pages that few open, each loaded when it is.
const SnapshotsPage = lazy(() => import('./manage/SnapshotsPage').then((module) => ({ default: module.SnapshotsPage })));
const PlaylistsPage = lazy(() => import('./manage/PlaylistsPage').then((module) => ({ default: module.PlaylistsPage })));
const PlaylistEditPage = lazy(() => import('./manage/PlaylistsPage').then((module) => ({ default: module.PlaylistEditPage })));
const PlayPage = lazy(() => import('./manage/PlayPage').then((module) => ({ default: module.PlayPage })));
const PlaylistBar = lazy(() => import('./manage/PlayPage').then((module) => ({ default: module.PlaylistBar })));
const AdminPage = lazy(() => import('./manage/AdminPage').then((module) => ({ default: module.AdminPage })));
const LibraryPage = lazy(() => import('./manage/LibraryPage').then((module) => ({ default: module.LibraryPage })));
const SourcesPage = lazy(() => import('./manage/SourcesPage').then((module) => ({ default: module.SourcesPage })));
const SourcePage = lazy(() => import('./manage/SourcePage').then((module) => ({ default: module.SourcePage })));
const ProfilePage = lazy(() => import('./manage/ProfilePage').then((module) => ({ default: module.ProfilePage })));

/** The server ends the session and leads to the sign-in page. */
function SignOut() {
  useEffect(() => window.location.assign(signOutPath), []);
  return null;
}

function Page({ route }: { route: Exclude<Route, { page: 'login' | 'public' }> }) {
  switch (route.page) {
    case 'home':
      return <HomePage />;
    case 'dashboards':
      return <DashboardsPage folderUid={route.folderUid} />;
    case 'dashboard':
      return <DashboardPage key={route.uid} uid={route.uid} />;
    case 'solo':
      return <DashboardPage key={`solo/${route.uid}`} uid={route.uid} isSolo />;
    case 'new':
      return <DashboardPage key="new" uid="" />;
    case 'import':
      return <ImportPage />;
    case 'generate':
      return (
        <Suspense fallback={<LoadingState label="Loading" />}>
          <GeneratePage />
        </Suspense>
      );
    case 'explore':
      return (
        <Suspense fallback={<LoadingState label="Loading Explore" />}>
          <ExplorePage />
        </Suspense>
      );
    case 'snapshots':
      return <SnapshotsPage />;
    case 'snapshot':
      return <DashboardPage key={`snapshot/${route.key}`} uid="" snapshotKey={route.key} />;
    case 'playlists':
      return <PlaylistsPage />;
    case 'playlist':
      return <PlaylistEditPage key={route.uid} uid={route.uid} />;
    case 'play':
      return <PlayPage key={route.uid} uid={route.uid} />;
    case 'admin':
      return <AdminPage key={route.part} part={route.part} />;
    case 'library':
      return <LibraryPage />;
    case 'sources':
      return <SourcesPage />;
    case 'source':
      return <SourcePage key={route.uid} uid={route.uid} />;
    case 'profile':
      return <ProfilePage />;
    case 'logout':
      return <SignOut />;
    case 'unknown':
      return <NotFoundPage />;
  }
}

/** What needs nobody signed in, then what does. */
function Site({ route }: { route: Route }) {
  const playing = useSyncExternalStore(player.subscribe, () => player.current);
  if (route.page === 'login') return <LoginPage />;
  if (route.page === 'public') {
    return (
      <Suspense fallback={<LoadingState label="Loading the page" />}>
        <PublicPage key={route.token} token={route.token} />
      </Suspense>
    );
  }
  return (
    <SessionGate>
      <Palette />
      <ToldNotes />
      <Suspense fallback={<LoadingState label="Loading the page" />}>
        <Page route={route} />
      </Suspense>
      {playing && (
        <Suspense fallback={null}>
          <PlaylistBar />
        </Suspense>
      )}
    </SessionGate>
  );
}

export function App() {
  const { path } = useAddress();
  const route = matchRoute(path);
  useInnerLinks();
  return (
    <AppTheme>
      <Site route={route} />
    </AppTheme>
  );
}
