// Earlier versions of a dashboard: what changed since, and the way back.
import { migrate, type AnyRecord } from '@narthex/dashmodel';
import { text } from '@narthex/dashmodel/json';
import { fetchVersion, fetchVersions, restoreVersion, type DashboardVersion } from '@narthex/grafanaapi';
import { Button, Checkbox } from '@narthex/vizkit';
import { useCallback, useEffect, useState } from 'react';

import { EmptyState, ErrorState, LoadingState } from '../components/states';
import { useEditing } from './EditContext';
import { DiffList } from './DiffList';

interface Compared {
  /** The earlier one first. */
  heading: string;
  before: AnyRecord;
  after: AnyRecord;
}

const readVersion = async (uid: string, version: number): Promise<AnyRecord> => migrate(await fetchVersion(uid, version));

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

const CHOSEN_MAX = 2;

/** Two at most: a third takes the place of the one that was chosen first. */
const turned = (chosen: readonly number[], version: number): number[] => (chosen.includes(version) ? chosen.filter((one) => one !== version) : [...chosen, version].slice(-CHOSEN_MAX));

export function VersionsPane({ onRestored }: { onRestored: () => void }) {
  const { json } = useEditing();
  const uid = text(json['uid']);
  const { versions, failure, load, setFailure } = useVersions(uid);
  const [compared, setCompared] = useState<Compared>();
  const [chosen, setChosen] = useState<readonly number[]>([]);
  const tell = (error: unknown): void => setFailure(error instanceof Error ? error.message : String(error));
  const compareChosen = async (): Promise<void> => {
    const [older = 0, newer = 0] = chosen.toSorted((a, b) => a - b);
    await Promise.all([readVersion(uid, older), readVersion(uid, newer)]).then(([before, after]) => setCompared({ heading: `From version ${older} to version ${newer}`, before, after }), tell);
  };
  if (failure) return <ErrorState title="The versions could not be read" message={failure} onRetry={load} />;
  if (!versions) return <LoadingState label="Loading versions" />;
  if (versions.length === 0) return <EmptyState icon="history" title="No earlier versions" />;
  return (
    <section aria-label="Versions">
      <table className="plain-table">
        <thead>
          <tr>
            <th aria-label="Chosen" />
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
              <td>
                <Checkbox aria-label={`Choose version ${version}`} value={chosen.includes(version)} onChange={() => setChosen(turned(chosen, version))} />
              </td>
              <td>{version}</td>
              <td>{new Date(created).toLocaleString()}</td>
              <td>{createdBy}</td>
              <td>{message}</td>
              <td>
                <Button size="sm" variant="secondary" onClick={() => readVersion(uid, version).then((before) => setCompared({ heading: `From version ${version} to what is shown now`, before, after: json }), tell)}>
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
      <Button size="sm" variant="secondary" disabled={chosen.length !== CHOSEN_MAX} onClick={() => void compareChosen()}>
        Differences of the two chosen
      </Button>
      {compared && (
        <>
          <h3>{compared.heading}</h3>
          <DiffList before={compared.before} after={compared.after} />
        </>
      )}
    </section>
  );
}
