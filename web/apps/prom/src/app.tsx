// Providers around the page that the address names.
import { MantineProvider } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { lazy, Suspense, useEffect, useRef } from 'react';

import { LoadingRows } from './components/states';
import type { PageName } from './lib/base_path';
import { QueryPage } from './pages/query/query_page';
import { Header } from './shell/header';
import { NotFound } from './shell/not_found';
import { usePlace } from './shell/router';
import { SettingsProvider } from './shell/settings';
import { colorSchemeManager, cssVariables, theme } from './theme/theme';
import styles from './app.module.css';

const queryClient = new QueryClient({
  defaultOptions: {
    // A failed answer is shown at once and not hidden behind retries.
    queries: { retry: false, refetchOnWindowFocus: false },
  },
});

const PAGES = {
  query: QueryPage,
  targets: lazy(() => import('./pages/targets/targets_page')),
  'service-discovery': lazy(() => import('./pages/discovery/discovery_page')),
  status: lazy(() => import('./pages/status_page')),
  'tsdb-status': lazy(() => import('./pages/tsdb_status_page')),
  flags: lazy(() => import('./pages/flags_page')),
  config: lazy(() => import('./pages/config_page')),
};

const TITLES: Record<PageName, string> = {
  query: 'Query',
  targets: 'Targets',
  'service-discovery': 'Service discovery',
  status: 'Runtime and build',
  'tsdb-status': 'TSDB status',
  flags: 'Command-line flags',
  config: 'Configuration',
};

function CurrentPage() {
  const { page } = usePlace();
  const main = useRef<HTMLElement>(null);
  const shown = useRef(page);

  useEffect(() => {
    document.title = `${page === undefined ? 'Not found' : TITLES[page]} · Narthex`;
    // A screen reader starts at the new page, as it would after a full load.
    if (shown.current !== page) main.current?.focus();
    shown.current = page;
  }, [page]);

  const Page = page === undefined ? NotFound : PAGES[page];
  return (
    <main ref={main} tabIndex={-1} className={styles.main}>
      <Suspense fallback={<LoadingRows rows={6} />}>
        <Page />
      </Suspense>
    </main>
  );
}

export function App() {
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={cssVariables}
      colorSchemeManager={colorSchemeManager}
      defaultColorScheme="auto"
    >
      <QueryClientProvider client={queryClient}>
        <SettingsProvider>
          <Header />
          <CurrentPage />
        </SettingsProvider>
      </QueryClientProvider>
    </MantineProvider>
  );
}
