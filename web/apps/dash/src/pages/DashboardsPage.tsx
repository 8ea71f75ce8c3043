// The dashboards in their folders: searched, sorted, chosen to be moved or deleted.
import { base, type SearchHit } from '@narthex/grafanaapi';
import { Button, Checkbox, FilterInput, Icon, LinkButton, MultiCombobox, RadioButtonGroup, Tag } from '@narthex/vizkit';
import { lazy, Suspense, useEffect, useMemo, useState } from 'react';

import { EmptyState, ErrorState, LoadingState } from '../components/states';
import { Link } from '../router/Link';
import { updateSearch, useAddress } from '../router/location';
import { edits } from '../session/rights';
import { useSession } from '../session/SessionGate';
import { TopBar, type Crumb } from '../shell/TopBar';
import { DashboardCard } from './DashboardCard';
import { allTags, filterHits, folderPaths, groupByFolder, type FolderPath, type Order } from './hits';
import { useSearchHits } from './useSearchHits';

// Whoever only looks for a dashboard does not wait for what changes folders.
const FolderBar = lazy(() => import('./FolderBar').then((module) => ({ default: module.FolderBar })));
const NewFolder = lazy(() => import('./FolderBar').then((module) => ({ default: module.NewFolder })));
const ChosenBar = lazy(() => import('./ChosenBar').then((module) => ({ default: module.ChosenBar })));

const ORDERS: Array<{ value: Order; label: string }> = [
  { value: 'alpha-asc', label: 'A to Z' },
  { value: 'alpha-desc', label: 'Z to A' },
];
// More of them than this are a wall of colours, and go into a list.
const TAGS_SHOWN_MAX = 20;

function TagChoice({ tags, chosen }: { tags: readonly string[]; chosen: readonly string[] }) {
  const set = (next: string[]): void => updateSearch({ tag: next.length > 0 ? next : undefined }, 'replace');
  const toggle = (tag: string): void => set(chosen.includes(tag) ? chosen.filter((one) => one !== tag) : [...chosen, tag]);
  if (tags.length === 0) return null;
  if (tags.length > TAGS_SHOWN_MAX) {
    return (
      <div className="tag-choice">
        <label className="sr-only" htmlFor="tag-choice">
          Tags
        </label>
        <MultiCombobox id="tag-choice" placeholder="Tags" width={40} options={tags.map((tag) => ({ value: tag, label: tag }))} value={[...chosen]} onChange={(all) => set(all.map(({ value }) => value))} />
      </div>
    );
  }
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

interface Choosing {
  chosen: ReadonlySet<string>;
  /** Undefined for those who may change nothing. */
  toggle: ((uid: string) => void) | undefined;
}

function Hit({ hit, choosing: { chosen, toggle } }: { hit: SearchHit; choosing: Choosing }) {
  if (!toggle) return <DashboardCard hit={hit} />;
  return (
    <div className="chosen-row">
      <Checkbox aria-label={`Choose ${hit.title}`} value={chosen.has(hit.uid)} onChange={() => toggle(hit.uid)} />
      <DashboardCard hit={hit} />
    </div>
  );
}

interface FoldersProps {
  hits: SearchHit[];
  paths: readonly FolderPath[];
  /** Shown although they hold nothing. */
  empty: readonly FolderPath[];
  order: Order;
  choosing: Choosing;
}

function Folders({ hits, paths, empty, order, choosing }: FoldersProps) {
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set());
  const folders = groupByFolder(hits, order, paths, empty);
  if (folders.length === 0) return <EmptyState icon="search" title="No dashboard matches" />;
  const turn = (uid: string): void => setClosed((before) => (before.has(uid) ? new Set([...before].filter((one) => one !== uid)) : new Set([...before, uid])));
  return folders.map(({ uid, title, hits: own }) => (
    <section key={uid} aria-labelledby={`folder-${uid}`}>
      <div className="section-heading">
        <h2 id={`folder-${uid}`}>
          <button type="button" className="folder-turn" aria-expanded={!closed.has(uid)} aria-label={`Dashboards of ${title || 'General'}`} onClick={() => turn(uid)}>
            <Icon name={closed.has(uid) ? 'angle-right' : 'angle-down'} />
          </button>
          <Icon name={uid ? 'folder-open' : 'apps'} /> {uid ? <Link href={`/dashboards/f/${encodeURIComponent(uid)}`}>{title}</Link> : 'General'}
        </h2>
        <span>{own.length}</span>
      </div>
      {!closed.has(uid) && (
        <div className="dashboard-list">
          {own.map((hit) => (
            <Hit key={hit.uid} hit={hit} choosing={choosing} />
          ))}
          {own.length === 0 && <p className="folder-empty">Nothing is in it yet.</p>}
        </div>
      )}
    </section>
  ));
}

/** Ways to a dashboard that is not there yet. */
function NewButtons({ folderUid, isMaking, onFolder }: { folderUid: string; isMaking: boolean; onFolder: () => void }) {
  const within = folderUid === '' ? '' : `?folderUid=${encodeURIComponent(folderUid)}`;
  return (
    <span className="button-row">
      <LinkButton href={base.add(`/dashboard/new${within}`)} icon="plus" size="sm">
        New
      </LinkButton>
      <Button variant="secondary" icon="folder-plus" size="sm" aria-expanded={isMaking} onClick={onFolder}>
        New folder
      </Button>
      <LinkButton href={base.add('/dashboard/generate')} variant="secondary" icon="bolt" size="sm">
        Of a job
      </LinkButton>
      <LinkButton href={base.add('/dashboard/import')} variant="secondary" icon="upload" size="sm">
        Import
      </LinkButton>
    </span>
  );
}

function Filters({ hits }: { hits: readonly SearchHit[] }) {
  const { search } = useAddress();
  const order = ORDERS.find(({ value }) => value === search.get('sort'))?.value ?? 'alpha-asc';
  return (
    <div className="filter-row">
      <FilterInput
        placeholder="Search by title, folder or tag"
        aria-label="Search dashboards"
        value={search.get('query') ?? ''}
        onChange={(query) => updateSearch({ query: query || undefined }, 'replace')}
      />
      <div className="button-row">
        <Checkbox label="Starred" value={search.has('starred')} onChange={(event) => updateSearch({ starred: event.currentTarget.checked ? 'true' : undefined }, 'replace')} />
        <RadioButtonGroup size="sm" aria-label="Order" options={ORDERS} value={order} onChange={(sort) => updateSearch({ sort: sort === 'alpha-asc' ? undefined : sort }, 'replace')} />
      </div>
      <TagChoice tags={allTags(hits)} chosen={search.getAll('tag')} />
    </div>
  );
}

function List({ hits, folderUid, onChanged }: { hits: SearchHit[]; folderUid: string; onChanged: () => void }) {
  const { search } = useAddress();
  const mayEdit = edits(useSession().user);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const paths = useMemo(() => folderPaths(hits), [hits]);
  const filter = { text: search.get('query') ?? '', tags: search.getAll('tag'), folderUid, isStarredOnly: search.has('starred') };
  const isPlain = filter.text === '' && filter.tags.length === 0 && !filter.isStarredOnly;
  const empty = isPlain ? paths.filter(({ uids }) => folderUid === '' || uids.includes(folderUid)) : [];
  const toggle = (uid: string): void => setChosen((before) => (before.has(uid) ? new Set([...before].filter((one) => one !== uid)) : new Set([...before, uid])));
  const done = (uids: readonly string[]): void => {
    setChosen((before) => new Set([...before].filter((uid) => !uids.includes(uid))));
    onChanged();
  };
  return (
    <>
      {chosen.size > 0 && (
        <Suspense fallback={null}>
          <ChosenBar chosen={hits.filter(({ uid }) => chosen.has(uid))} paths={paths} onDone={done} />
        </Suspense>
      )}
      <Folders
        hits={filterHits(hits, filter)}
        paths={paths}
        empty={empty}
        order={search.get('sort') === 'alpha-desc' ? 'alpha-desc' : 'alpha-asc'}
        choosing={{ chosen, toggle: mayEdit ? toggle : undefined }}
      />
    </>
  );
}

function crumbsOf(path: FolderPath | undefined): Crumb[] {
  const home = { title: 'Home', href: '/' };
  if (!path) return [home, { title: 'Dashboards' }];
  const titles = path.title.split(' / ');
  return [home, { title: 'Dashboards', href: '/dashboards' }, ...path.uids.map((uid, index) => ({ title: titles[index] ?? uid, ...(index < path.uids.length - 1 ? { href: `/dashboards/f/${encodeURIComponent(uid)}` } : {}) }))];
}

/** Deleted, or not for this person to see. */
function NoFolder() {
  return (
    <>
      <TopBar crumbs={[...crumbsOf(undefined).slice(0, 1), { title: 'Dashboards', href: '/dashboards' }, { title: 'Not found' }]} />
      <main className="page">
        <EmptyState icon="folder-open" title="There is no such folder">
          <Link href="/dashboards">See all dashboards</Link>
        </EmptyState>
      </main>
    </>
  );
}

export function DashboardsPage({ folderUid }: { folderUid: string }) {
  const mayEdit = edits(useSession().user);
  const { hits, failure, retry } = useSearchHits();
  const [isMaking, setIsMaking] = useState(false);
  const paths = useMemo(() => folderPaths(hits ?? []), [hits]);
  const path = paths.find(({ uid }) => uid === folderUid);
  useEffect(() => {
    document.title = 'Dashboards - Narthex';
    setIsMaking(false);
  }, [folderUid]);
  if (hits && folderUid !== '' && !path) return <NoFolder />;
  return (
    <>
      <TopBar crumbs={crumbsOf(path)} />
      <main className="page">
        <div className="section-heading">
          <h1>{path ? path.title.split(' / ').at(-1) : 'Dashboards'}</h1>
          {mayEdit && <NewButtons folderUid={folderUid} isMaking={isMaking} onFolder={() => setIsMaking(!isMaking)} />}
        </div>
        <Suspense fallback={null}>
          {isMaking && <NewFolder parentUid={folderUid} onMade={retry} />}
          {mayEdit && folderUid !== '' && <FolderBar key={folderUid} uid={folderUid} paths={paths} onChanged={retry} />}
        </Suspense>
        <Filters hits={hits ?? []} />
        {failure && <ErrorState title="The dashboards could not be listed" message={failure} onRetry={retry} />}
        {!failure && !hits && <LoadingState label="Loading dashboards" />}
        {hits && <List key={folderUid} hits={hits} folderUid={folderUid} onChanged={retry} />}
      </main>
    </>
  );
}
