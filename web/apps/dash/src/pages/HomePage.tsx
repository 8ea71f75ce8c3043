import { fetchHomeAddress, type SearchHit } from '@narthex/grafanaapi';
import { readRecent } from '@narthex/panels/recent';
import { lazy, Suspense, useEffect, useId, useState, type ReactNode } from 'react';

import { EmptyState, ErrorState, LoadingState } from '../components/states';
import { Link } from '../router/Link';
import { navigate } from '../router/location';
import { edits } from '../session/rights';
import { useSession } from '../session/SessionGate';
import { TopBar } from '../shell/TopBar';
import { DashboardCard } from './DashboardCard';
import { filterHits, groupByFolder } from './hits';
import { rememberTour, wasTourSeen } from '../tour/seen';
import { useSearchHits } from './useSearchHits';

// Most people have seen it.
const Tour = lazy(() => import('../tour/Tour').then((module) => ({ default: module.Tour })));

const CARDS_MAX = 12;
const RECENT_MAX = 4;

function Dashboards() {
  const { hits, failure, retry } = useSearchHits();
  if (failure) return <ErrorState title="The dashboards could not be listed" message={failure} onRetry={retry} />;
  if (!hits) return <LoadingState label="Loading dashboards" />;
  const dashboards = groupByFolder(filterHits(hits, { text: '', tags: [], folderUid: '' })).flatMap((folder) => folder.hits);
  if (dashboards.length === 0) {
    return (
      <EmptyState icon="apps" title="No dashboards yet">
        <p>Put dashboard files into the provisioning folder; they appear here within seconds.</p>
      </EmptyState>
    );
  }
  const recent = readRecent().flatMap((uid) => dashboards.find((hit) => hit.uid === uid) ?? []);
  return (
    <>
      <Cards title="Starred" hits={dashboards.filter(({ isStarred }) => isStarred)} />
      <Cards title="Recently viewed" hits={recent.slice(0, RECENT_MAX)} />
      <Cards title="Dashboards" hits={dashboards.slice(0, CARDS_MAX)}>
        <Link href="/dashboards">All {dashboards.length}</Link>
      </Cards>
    </>
  );
}

function Cards({ title, hits, children }: { title: string; hits: readonly SearchHit[]; children?: ReactNode }) {
  const id = useId();
  if (hits.length === 0) return null;
  return (
    <section aria-labelledby={id}>
      <div className="section-heading">
        <h2 id={id}>{title}</h2>
        {children}
      </div>
      <div className="card-grid">
        {hits.map((hit) => (
          <DashboardCard key={hit.uid} hit={hit} />
        ))}
      </div>
    </section>
  );
}

const STEPS = [
  { href: '/explore', title: 'Ask', text: 'Pick a metric in Explore and see what is scraped.', isForEditors: false },
  { href: '/dashboard/new', title: 'Build', text: 'Put a query on a new dashboard.', isForEditors: true },
  { href: '/dashboard/generate', title: 'Generate', text: 'Turn the metrics of a scraped job into a dashboard.', isForEditors: true },
  { href: '/dashboard/import', title: 'Import', text: 'Bring a dashboard made for Grafana.', isForEditors: true },
] as const;

function FirstSteps({ isTourOpen, onTour }: { isTourOpen: boolean; onTour: () => void }) {
  const { user } = useSession();
  return (
    <nav className="first-steps" aria-label="First steps">
      {STEPS.filter(({ isForEditors }) => !isForEditors || edits(user)).map(({ href, title, text }) => (
        <Link key={href} href={href} className="first-step">
          <strong>{title}</strong>
          <span>{text}</span>
        </Link>
      ))}
      {!isTourOpen && (
        <button type="button" className="first-step" onClick={onTour}>
          <strong>Tour</strong>
          <span>From a scrape to a panel in three steps.</span>
        </button>
      )}
    </nav>
  );
}

/** The home dashboard that is preferred, in place of this page. */
function useHomeDashboard(): boolean {
  const { user } = useSession();
  const [isLeading, setIsLeading] = useState(user.homeDashboardUid !== '');
  useEffect(() => {
    if (!isLeading) return;
    fetchHomeAddress()
      // It may be gone, or not for this person's eyes.
      .catch(() => undefined)
      .then((address) => (address === undefined ? setIsLeading(false) : navigate(address, 'replace')));
  }, [isLeading]);
  return isLeading;
}

export function HomePage() {
  const { user } = useSession();
  const isLeading = useHomeDashboard();
  const [isTourOpen, setIsTourOpen] = useState(() => !wasTourSeen(user.login));
  useEffect(() => {
    document.title = 'Home - Narthex';
  }, []);
  const close = (): void => {
    rememberTour(user.login);
    setIsTourOpen(false);
  };
  if (isLeading) return <LoadingState label="Loading the home dashboard" />;
  return (
    <>
      <TopBar crumbs={[{ title: 'Home' }]} />
      <main className="page">
        <div className="hero">
          <h1>{user.isSignedIn ? `Welcome, ${user.name}` : 'Welcome'}</h1>
          <p>Metrics are being scraped and stored. Open a dashboard to see them.</p>
        </div>
        {isTourOpen && (
          <Suspense fallback={<LoadingState label="Loading the tour" />}>
            <Tour onClose={close} />
          </Suspense>
        )}
        <FirstSteps isTourOpen={isTourOpen} onTour={() => setIsTourOpen(true)} />
        <Dashboards />
      </main>
    </>
  );
}
