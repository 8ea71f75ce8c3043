import { useEffect } from 'react';

import { EmptyState, ErrorState, LoadingState } from '../components/states';
import { Link } from '../router/Link';
import { useSession } from '../session/SessionGate';
import { TopBar } from '../shell/TopBar';
import { DashboardCard } from './DashboardCard';
import { filterHits, groupByFolder } from './hits';
import { useSearchHits } from './useSearchHits';

const CARDS_MAX = 12;

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
  return (
    <section aria-labelledby="home-dashboards">
      <div className="section-heading">
        <h2 id="home-dashboards">Dashboards</h2>
        <Link href="/dashboards">All {dashboards.length}</Link>
      </div>
      <div className="card-grid">
        {dashboards.slice(0, CARDS_MAX).map((hit) => (
          <DashboardCard key={hit.uid} hit={hit} />
        ))}
      </div>
    </section>
  );
}

export function HomePage() {
  const { user } = useSession();
  useEffect(() => {
    document.title = 'Home - Narthex';
  }, []);
  return (
    <>
      <TopBar crumbs={[{ title: 'Home' }]} />
      <main className="page">
        <div className="hero">
          <h1>Welcome, {user.name}</h1>
          <p>Metrics are being scraped and stored. Open a dashboard to see them.</p>
        </div>
        <Dashboards />
      </main>
    </>
  );
}
