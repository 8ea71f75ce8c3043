// Earlier versions of a dashboard: what changed since, and the way back.
import { migrate, type AnyRecord } from '@narthex/dashmodel';
import { text } from '@narthex/dashmodel/json';
import { fetchVersion, fetchVersions, restoreVersion, type DashboardVersion } from '@narthex/grafanaapi';
import { Button } from '@narthex/vizkit';
import { useCallback, useEffect, useState } from 'react';

import { EmptyState, ErrorState, LoadingState } from '../components/states';
import { useEditing } from './EditContext';
import { DiffList } from './SaveDrawer';

interface Compared {
  version: number;
  json: AnyRecord;
}

function useVersions(uid: string) {
  const [versions, setVersions] = useState<DashboardVersion[]>();
  const [failure, setFailure] = useState('');
  const load = useCallback(() => {
    setFailure('');
    fetchVersions(uid)
      .then(setVersions)
      .catch((error: unknown) => setFailure(error instanceof Error ? error.message : String(error)));
  }, [uid]);
  useEffect(load, [load]);
  return { versions, failure, load, setFailure };
}

export function VersionsPane({ onRestored }: { onRestored: () => void }) {
  const { json } = useEditing();
  const uid = text(json['uid']);
  const { versions, failure, load, setFailure } = useVersions(uid);
  const [compared, setCompared] = useState<Compared>();
  const tell = (error: unknown): void => setFailure(error instanceof Error ? error.message : String(error));
  if (failure) return <ErrorState title="The versions could not be read" message={failure} onRetry={load} />;
  if (!versions) return <LoadingState label="Loading versions" />;
  if (versions.length === 0) return <EmptyState icon="history" title="No earlier versions" />;
  return (
    <section aria-label="Versions">
      <table className="plain-table">
        <thead>
          <tr>
            <th>Version</th>
            <th>When</th>
            <th>Who</th>
            <th>Message</th>
            <th aria-label="Actions" />
          </tr>
        </thead>
        <tbody>
          {versions.map(({ version, created, createdBy, message }, index) => (
            <tr key={version}>
              <td>{version}</td>
              <td>{new Date(created).toLocaleString()}</td>
              <td>{createdBy}</td>
              <td>{message}</td>
              <td>
                <Button size="sm" variant="secondary" onClick={() => fetchVersion(uid, version).then((old) => setCompared({ version, json: migrate(old) }), tell)}>
                  Compare
                </Button>{' '}
                {index > 0 && (
                  <Button size="sm" variant="secondary" aria-label={`Restore version ${version}`} onClick={() => restoreVersion(uid, version).then(onRestored, tell)}>
                    Restore
                  </Button>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {compared && (
        <>
          <h3>From version {compared.version} to what is shown now</h3>
          <DiffList before={compared.json} after={json} />
        </>
      )}
    </section>
  );
}
