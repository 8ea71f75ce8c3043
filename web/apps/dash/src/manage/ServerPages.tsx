// How the service was set up: each setting with where it comes from, each provisioned file with what became of it.
import { fetchProvisionedFiles, fetchServerSettings, reloadProvisioning, type ServerSetting } from '@narthex/grafanaapi';
import { Button, FilterInput } from '@narthex/vizkit';

import { updateSearch, useAddress } from '../router/location';
import { Listing } from './Listing';
import { useLoaded } from './useLoaded';

/** Those that hold every word somewhere. */
export function filterSettings(settings: readonly ServerSetting[], wanted: string): ServerSetting[] {
  const words = wanted.toLowerCase().split(/\s+/).filter((word) => word !== '');
  return settings.filter(({ section, key, value, source }) => {
    const text = [section, key, value, source].join('\n').toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

export function ServerSettings() {
  const loaded = useLoaded(fetchServerSettings);
  const { search } = useAddress();
  const query = search.get('query') ?? '';
  const isSetOnly = search.has('set');
  const shown = loaded.value && filterSettings(loaded.value, query).filter(({ source }) => !isSetOnly || source !== 'default');
  return (
    <>
      <p>Settings come from the command line, the environment, the configuration file or the defaults, the first that has one. They are read at start.</p>
      {loaded.value && (
        <div className="manage-form" role="search">
          <FilterInput aria-label="Filter settings" placeholder="Filter settings" value={query} onChange={(text) => updateSearch({ query: text || undefined }, 'replace')} width={40} />
          <label>
            <input type="checkbox" checked={isSetOnly} onChange={(event) => updateSearch({ set: event.currentTarget.checked ? '' : undefined }, 'replace')} /> Only those that were set
          </label>
          <span role="status">
            {shown?.length} of {loaded.value.length}
          </span>
        </div>
      )}
      <Listing
        what="settings"
        icon="cog"
        loaded={{ ...loaded, value: shown }}
        keyOf={({ section, key }) => `${section}.${key}`}
        none="No setting answers to the filter"
        columns={[
          { title: 'Section', cell: ({ section }) => section },
          { title: 'Setting', cell: ({ key }) => <code>{key}</code> },
          { title: 'Value', cell: ({ value }) => value !== '' && <code className="manage-value">{value}</code> },
          { title: 'Comes from', cell: ({ source }) => source },
        ]}
      />
    </>
  );
}

export function ProvisionedFiles() {
  const loaded = useLoaded(fetchProvisionedFiles);
  return (
    <>
      <p>Files of data sources and dashboards that the service watches. A file that is refused leaves the others as they are.</p>
      {loaded.value && (
        <div className="button-row">
          {(['datasources', 'dashboards'] as const).map((kind) => (
            <Button key={kind} size="sm" variant="secondary" icon="sync" onClick={() => void loaded.act(() => reloadProvisioning(kind))}>
              {kind === 'datasources' ? 'Read data sources again' : 'Read dashboards again'}
            </Button>
          ))}
        </div>
      )}
      <Listing
        what="provisioned files"
        icon="file-alt"
        loaded={loaded}
        keyOf={({ kind, path }) => `${kind} ${path}`}
        columns={[
          { title: 'File', cell: ({ path }) => <span className="manage-value">{path}</span> },
          { title: 'Kind', cell: ({ kind }) => kind },
          { title: 'State', cell: ({ isLoaded }) => (isLoaded ? 'Loaded' : 'Refused') },
          { title: 'Remarks', cell: ({ error, warnings }) => [error, ...warnings].filter((line) => line !== '').join('; ') },
        ]}
      />
    </>
  );
}
