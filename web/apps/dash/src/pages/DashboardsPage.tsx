import { base, type SearchHit } from '@narthex/grafanaapi';
import { FilterInput, Icon, LinkButton, Tag } from '@narthex/vizkit';
import { useEffect } from 'react';

import { EmptyState, ErrorState, LoadingState } from '../components/states';
import { updateSearch, useAddress } from '../router/location';
import { edits } from '../session/rights';
import { useSession } from '../session/SessionGate';
import { TopBar } from '../shell/TopBar';
import { DashboardCard } from './DashboardCard';
import { allTags, filterHits, groupByFolder } from './hits';
import { useSearchHits } from './useSearchHits';

function TagChoice({ tags, chosen }: { tags: readonly string[]; chosen: readonly string[] }) {
  const toggle = (tag: string): void => {
    const next = chosen.includes(tag) ? chosen.filter((one) => one !== tag) : [...chosen, tag];
    updateSearch({ tag: next.length > 0 ? next : undefined }, 'replace');
  };
  if (tags.length === 0) return null;
  return (
    <div className="tag-choice" role="group" aria-label="Tags">
      {tags.map((tag) => (
        <span key={tag} className={chosen.includes(tag) ? 'tag-chosen' : ''}>
          <Tag name={tag} onClick={toggle} />
        </span>
      ))}
    </div>
  );
}

function Folders({ hits }: { hits: SearchHit[] }) {
  const folders = groupByFolder(hits);
  if (folders.length === 0) return <EmptyState icon="search" title="No dashboard matches" />;
  return folders.map((folder) => (
    <section key={folder.uid} aria-labelledby={`folder-${folder.uid}`}>
      <div className="section-heading">
        <h2 id={`folder-${folder.uid}`}>
          <Icon name={folder.uid ? 'folder-open' : 'apps'} /> {folder.title || 'General'}
        </h2>
        <span>{folder.hits.length}</span>
      </div>
      <div className="dashboard-list">
        {folder.hits.map((hit) => (
          <DashboardCard key={hit.uid} hit={hit} />
        ))}
      </div>
    </section>
  ));
}

/** Ways to a dashboard that is not there yet. */
function NewButtons() {
  return (
    <span className="button-row">
      <LinkButton href={base.add('/dashboard/new')} icon="plus" size="sm">
        New
      </LinkButton>
      <LinkButton href={base.add('/dashboard/generate')} variant="secondary" icon="bolt" size="sm">
        Of a job
      </LinkButton>
      <LinkButton href={base.add('/dashboard/import')} variant="secondary" icon="upload" size="sm">
        Import
      </LinkButton>
    </span>
  );
}

export function DashboardsPage({ folderUid }: { folderUid: string }) {
  const { search } = useAddress();
  const { user } = useSession();
  const { hits, failure, retry } = useSearchHits();
  const text = search.get('query') ?? '';
  const tags = search.getAll('tag');
  useEffect(() => {
    document.title = 'Dashboards - Narthex';
  }, []);
  return (
    <>
      <TopBar crumbs={[{ title: 'Home', href: '/' }, { title: 'Dashboards' }]} />
      <main className="page">
        <div className="section-heading">
          <h1>Dashboards</h1>
          {edits(user) && <NewButtons />}
        </div>
        <div className="filter-row">
          <FilterInput
            placeholder="Search by title, folder or tag"
            aria-label="Search dashboards"
            value={text}
            onChange={(query) => updateSearch({ query: query || undefined }, 'replace')}
          />
          <TagChoice tags={allTags(hits ?? [])} chosen={tags} />
        </div>
        {failure && <ErrorState title="The dashboards could not be listed" message={failure} onRetry={retry} />}
        {!failure && !hits && <LoadingState label="Loading dashboards" />}
        {hits && <Folders hits={filterHits(hits, { text, tags, folderUid })} />}
      </main>
    </>
  );
}
