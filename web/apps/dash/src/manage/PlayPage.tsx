// Starts a playlist, and the bar that steers it while its dashboards are shown.
import { fetchPlaylist, searchDashboards } from '@narthex/grafanaapi';
import { parseDurationMs } from '@narthex/timeutil';
import { IconButton } from '@narthex/vizkit';
import { useEffect, useSyncExternalStore } from 'react';

import { EmptyState, ErrorState, LoadingState } from '../components/states';
import { navigate } from '../router/location';
import { ManagePage } from './Listing';
import { addressesOf } from './player';
import { player } from './playing';
import { useLoaded } from './useLoaded';

const INTERVAL_MS_DEFAULT = 300_000;

export function PlayPage({ uid }: { uid: string }) {
  const { value, failure, reload } = useLoaded(async () => {
    const [playlist, hits] = await Promise.all([fetchPlaylist(uid), searchDashboards()]);
    return { ...playlist, urls: addressesOf(playlist.items, hits) };
  });
  useEffect(() => {
    if (value && value.urls.length > 0) player.start(value.name, value.urls, parseDurationMs(value.interval) ?? INTERVAL_MS_DEFAULT);
  }, [value]);
  return (
    <ManagePage title="Playlist" crumbs={[{ title: 'Playlists', href: '/playlists' }]}>
      {failure !== '' && <ErrorState title="The playlist could not be started" message={failure} onRetry={reload} />}
      {failure === '' && !value && <LoadingState label="Starting the playlist" />}
      {value?.urls.length === 0 && <EmptyState icon="play" title="None of its dashboards are here any more" />}
    </ManagePage>
  );
}

/** Nothing while no playlist is under way. */
export function PlaylistBar() {
  const playing = useSyncExternalStore(player.subscribe, () => player.current);
  if (!playing) return null;
  const stop = (): void => {
    player.stop();
    navigate('/playlists');
  };
  return (
    <div className="playlist-bar" role="toolbar" aria-label={`Playlist ${playing.name}`}>
      <span aria-live="polite">
        {playing.name}: {playing.index + 1} of {playing.urls.length}
      </span>
      <IconButton name="step-backward" tooltip="Previous dashboard" onClick={() => player.step(-1)} />
      <IconButton name="forward" tooltip="Next dashboard" onClick={() => player.step(1)} />
      <IconButton name="square-shape" tooltip="Stop the playlist" onClick={stop} />
    </div>
  );
}
