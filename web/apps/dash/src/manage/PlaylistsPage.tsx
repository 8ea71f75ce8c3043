// Playlists: dashboards shown one after the other.
import { base, deletePlaylist, fetchPlaylist, fetchPlaylists, savePlaylist, type Playlist, type PlaylistItem } from '@narthex/grafanaapi';
import { parseDurationMs } from '@narthex/timeutil';
import { Alert, Button, IconButton, LinkButton } from '@narthex/vizkit';
import { useState } from 'react';

import { ErrorState, LoadingState } from '../components/states';
import { useSearchHits } from '../pages/useSearchHits';
import { navigate } from '../router/location';
import { edits } from '../session/rights';
import { useSession } from '../session/SessionGate';
import { Listing, ManagePage, SureButton } from './Listing';
import { useLoaded } from './useLoaded';

const PLAYLISTS = { title: 'Playlists', href: '/playlists' };
const INTERVAL_MS_MIN = 1000;

export function PlaylistsPage() {
  const loaded = useLoaded(fetchPlaylists);
  const mayEdit = edits(useSession().user);
  return (
    <ManagePage title="Playlists">
      {mayEdit && (
        <div className="button-row">
          <LinkButton href={base.add('/playlists/new')} icon="plus" size="sm">
            New playlist
          </LinkButton>
        </div>
      )}
      <Listing
        what="playlists"
        icon="play"
        loaded={loaded}
        keyOf={({ uid }) => uid}
        hint="A playlist shows dashboards one after the other, on a screen on a wall for instance."
        columns={[
          { title: 'Name', cell: ({ name }) => name },
          { title: 'Each for', cell: ({ interval }) => interval },
          {
            title: 'Actions',
            cell: ({ uid, name }) => (
              <div className="button-row">
                <LinkButton size="sm" icon="play" href={base.add(`/playlists/play/${encodeURIComponent(uid)}`)} aria-label={`Start ${name}`}>
                  Start
                </LinkButton>
                {mayEdit && (
                  <>
                    <LinkButton size="sm" variant="secondary" href={base.add(`/playlists/edit/${encodeURIComponent(uid)}`)} aria-label={`Edit ${name}`}>
                      Edit
                    </LinkButton>
                    <SureButton label={`Delete ${name}`} onSure={() => void loaded.act(() => deletePlaylist(uid))} />
                  </>
                )}
              </div>
            ),
          },
        ]}
      />
    </ManagePage>
  );
}

/** Undefined where the playlist can be saved. */
export function playlistFault({ name, interval, items }: Playlist): string | undefined {
  if (name.trim() === '') return 'A playlist has a name.';
  const ms = parseDurationMs(interval);
  if (ms === undefined || ms < INTERVAL_MS_MIN) return 'Each dashboard is shown for at least a second, such as 30s or 5m.';
  return items.length === 0 ? 'A playlist has at least one dashboard or tag.' : undefined;
}

function moved<T>(list: readonly T[], from: number, to: number): T[] {
  const next = [...list];
  const [one] = next.splice(from, 1);
  if (one !== undefined) next.splice(to, 0, one);
  return next;
}

function Items({ items, onChange }: { items: PlaylistItem[]; onChange: (items: PlaylistItem[]) => void }) {
  const { hits } = useSearchHits();
  const dashboards = (hits ?? []).filter(({ type }) => type === 'dash-db');
  const tags = [...new Set(dashboards.flatMap((hit) => hit.tags))].toSorted();
  const titleOf = ({ type, value }: PlaylistItem): string => (type === 'dashboard_by_tag' ? `All with the tag ${value}` : (dashboards.find(({ uid }) => uid === value)?.title ?? value));
  const add = (chosen: string): void => {
    const type = chosen.startsWith('tag:') ? 'dashboard_by_tag' : 'dashboard_by_uid';
    onChange([...items, { type, value: chosen.slice(4) }]);
  };
  return (
    <>
      <h2>Dashboards</h2>
      <ol className="manage-list" aria-label="Dashboards of the playlist">
        {items.map((item, index) => (
          <li key={`${item.value}/${index}`}>
            <span>{titleOf(item)}</span>
            <IconButton name="arrow-up" tooltip={`Earlier: ${titleOf(item)}`} disabled={index === 0} onClick={() => onChange(moved(items, index, index - 1))} />
            <IconButton name="arrow-down" tooltip={`Later: ${titleOf(item)}`} disabled={index === items.length - 1} onClick={() => onChange(moved(items, index, index + 1))} />
            <IconButton name="trash-alt" tooltip={`Take out ${titleOf(item)}`} onClick={() => onChange(items.filter((_, at) => at !== index))} />
          </li>
        ))}
      </ol>
      <label className="manage-field">
        <span>Add</span>
        <select value="" onChange={(event) => add(event.currentTarget.value)}>
          <option value="">Choose a dashboard or a tag</option>
          <optgroup label="Dashboards">
            {dashboards.map(({ uid, title }) => (
              <option key={uid} value={`uid:${uid}`}>
                {title}
              </option>
            ))}
          </optgroup>
          <optgroup label="Tags">
            {tags.map((tag) => (
              <option key={tag} value={`tag:${tag}`}>
                {tag}
              </option>
            ))}
          </optgroup>
        </select>
      </label>
    </>
  );
}

function PlaylistForm({ playlist }: { playlist: Playlist }) {
  const [draft, setDraft] = useState(playlist);
  const [fault, setFault] = useState('');
  const save = (): void => {
    const wrong = playlistFault(draft);
    setFault(wrong ?? '');
    if (wrong !== undefined) return;
    savePlaylist(draft).then(
      () => navigate('/playlists'),
      (error: unknown) => setFault(error instanceof Error ? error.message : String(error)),
    );
  };
  return (
    <>
      {fault !== '' && <Alert severity="error" title="This cannot be saved">{fault}</Alert>}
      <div className="manage-form">
        <label className="manage-field">
          <span>Name</span>
          <input value={draft.name} onChange={(event) => setDraft({ ...draft, name: event.currentTarget.value })} />
        </label>
        <label className="manage-field">
          <span>Each for</span>
          <input value={draft.interval} onChange={(event) => setDraft({ ...draft, interval: event.currentTarget.value })} />
        </label>
      </div>
      <Items items={draft.items} onChange={(items) => setDraft({ ...draft, items })} />
      <div className="button-row manage-form">
        <Button onClick={save}>Save</Button>
        <LinkButton variant="secondary" href={base.add('/playlists')}>
          Cancel
        </LinkButton>
      </div>
    </>
  );
}

const FRESH: Playlist = { uid: '', name: '', interval: '5m', items: [] };

/** An empty uid is a playlist that is not stored yet. */
export function PlaylistEditPage({ uid }: { uid: string }) {
  const { value, failure, reload } = useLoaded(async () => (uid === '' ? FRESH : fetchPlaylist(uid)));
  return (
    <ManagePage title={uid === '' ? 'New playlist' : 'Edit playlist'} crumbs={[PLAYLISTS]}>
      {failure !== '' && <ErrorState title="The playlist could not be read" message={failure} onRetry={reload} />}
      {failure === '' && !value && <LoadingState label="Loading the playlist" />}
      {value && <PlaylistForm playlist={value} />}
    </ManagePage>
  );
}
