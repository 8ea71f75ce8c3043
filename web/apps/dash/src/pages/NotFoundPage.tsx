import { EmptyState } from '../components/states';
import { Link } from '../router/Link';
import { TopBar } from '../shell/TopBar';

export function NotFoundPage() {
  return (
    <>
      <TopBar crumbs={[{ title: 'Home', href: '/' }, { title: 'Not found' }]} />
      <main className="page">
        <h1 className="sr-only">Not found</h1>
        <EmptyState icon="question-circle" title="There is no such page">
          <p>
            <Link href="/dashboards">See all dashboards</Link>
          </p>
        </EmptyState>
      </main>
    </>
  );
}
