import { lazy, Suspense, useEffect } from 'react';
import { signOutPath } from '@narthex/grafanaapi';

import { useAddress } from './router/location';
import { Palette } from './palette/Palette';
import { matchRoute, type Route } from './router/routes';
import { useInnerLinks } from './router/useInnerLinks';
import { DashboardPage } from './dashboard/DashboardPage';
import { DashboardsPage } from './pages/DashboardsPage';
import { LoadingState } from './components/states';
import { HomePage } from './pages/HomePage';
import { ImportPage } from './pages/ImportPage';
import { LoginPage } from './pages/LoginPage';
import { NotFoundPage } from './pages/NotFoundPage';
import { SessionGate } from './session/SessionGate';
import { AppTheme } from './theme/AppTheme';

const GeneratePage = lazy(() => import('./pages/GeneratePage').then((module) => ({ default: module.GeneratePage })));
const ExplorePage = lazy(() => import('./explore/ExplorePage').then((module) => ({ default: module.ExplorePage })));

/** The server ends the session and leads to the sign-in page. */
function SignOut() {
  useEffect(() => window.location.assign(signOutPath), []);
  return null;
}

function Page({ route }: { route: Exclude<Route, { page: 'login' }> }) {
  switch (route.page) {
    case 'home':
      return <HomePage />;
    case 'dashboards':
      return <DashboardsPage folderUid={route.folderUid} />;
    case 'dashboard':
      return <DashboardPage key={route.uid} uid={route.uid} />;
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
    case 'logout':
      return <SignOut />;
    case 'unknown':
      return <NotFoundPage />;
  }
}

export function App() {
  const { path } = useAddress();
  const route = matchRoute(path);
  useInnerLinks();
  return (
    <AppTheme>
      {route.page === 'login' ? (
        <LoginPage />
      ) : (
        <SessionGate>
          <Palette />
          <Page route={route} />
        </SessionGate>
      )}
    </AppTheme>
  );
}
