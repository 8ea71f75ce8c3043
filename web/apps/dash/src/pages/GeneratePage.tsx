// A dashboard made on the spot: choose a scraped job, and its metrics become panels.
import { dashboardFor } from '@narthex/autodash';
import { fetchResource } from '@narthex/grafanaapi';
import { fetchJobMetrics, fetchJobs, type Job } from '@narthex/runner';
import { Button, Combobox, Field } from '@narthex/vizkit';
import { useCallback, useEffect, useState } from 'react';

import { EmptyState, ErrorState, LoadingState } from '../components/states';
import { handOver } from '../explore/handover';
import { navigate, updateSearch, useAddress } from '../router/location';
import { useSession } from '../session/SessionGate';
import { TopBar } from '../shell/TopBar';

type Jobs = { state: 'loading' } | { state: 'failed'; message: string } | { state: 'here'; jobs: Job[] };

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

function useJobs(uid: string): { jobs: Jobs; retry: () => void } {
  const [jobs, setJobs] = useState<Jobs>({ state: 'loading' });
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    let isCurrent = true;
    setJobs({ state: 'loading' });
    fetchJobs(uid, fetchResource)
      .then((found) => isCurrent && setJobs({ state: 'here', jobs: found }))
      .catch((error: unknown) => isCurrent && setJobs({ state: 'failed', message: messageOf(error) }));
    return () => {
      isCurrent = false;
    };
  }, [uid, attempt]);
  return { jobs, retry: () => setAttempt(attempt + 1) };
}

/** Asks what the job has, and leads to the dashboard made of it. */
function useGenerate(source: { uid: string; type: string }): { busy: string; failure: string; generate: (job: Job) => void } {
  const [busy, setBusy] = useState('');
  const [failure, setFailure] = useState('');
  const { uid, type } = source;
  const generate = useCallback(
    (job: Job): void => {
      setBusy(job.name);
      setFailure('');
      fetchJobMetrics(uid, job.name, Date.now(), fetchResource)
        .then((facts) => {
          if (facts.metrics.length === 0) throw new Error(`The job ${job.name} has no metrics in the last hour.`);
          handOver(dashboardFor({ job: job.name, source: { uid, type }, scrapeInterval: job.scrapeInterval, ...facts }));
          navigate('/dashboard/new');
        })
        .catch((error: unknown) => {
          setFailure(messageOf(error));
          setBusy('');
        });
    },
    [uid, type],
  );
  return { busy, failure, generate };
}

function targetsText({ targetCount, upCount, scrapeInterval }: Job): string {
  if (targetCount === 0) return '';
  return `${upCount} of ${targetCount} ${targetCount === 1 ? 'target' : 'targets'} up${scrapeInterval ? `, scraped every ${scrapeInterval}` : ''}`;
}

function JobList({ jobs, busy, onChoose }: { jobs: readonly Job[]; busy: string; onChoose: (job: Job) => void }) {
  if (jobs.length === 0) return <EmptyState icon="database" title="This data source has no jobs" />;
  return (
    <ul className="job-list" aria-label="Jobs">
      {jobs.map((job) => (
        <li key={job.name}>
          <strong>{job.name}</strong>
          <span>{targetsText(job)}</span>
          <Button size="sm" icon={busy === job.name ? 'spinner' : 'apps'} disabled={busy !== ''} onClick={() => onChoose(job)} aria-label={`Make a dashboard of ${job.name}`}>
            Make a dashboard
          </Button>
        </li>
      ))}
    </ul>
  );
}

export function GeneratePage() {
  const { search } = useAddress();
  const { dataSources } = useSession().settings;
  const usable = dataSources.filter(({ type }) => type === 'prometheus');
  const source = usable.find(({ uid }) => uid === search.get('ds')) ?? usable.find(({ isDefault }) => isDefault) ?? usable[0];
  useEffect(() => {
    document.title = 'Dashboard of a job - Narthex';
  }, []);
  return (
    <>
      <TopBar crumbs={[{ title: 'Home', href: '/' }, { title: 'Dashboards', href: '/dashboards' }, { title: 'Dashboard of a job' }]} />
      <main className="page">
        <h1>Dashboard of a job</h1>
        <p>Counters become rates, histograms heatmaps and quantiles, gauges lines with their units, grouped by their names. Nothing is stored until you save it.</p>
        {source ? (
          <>
            <Field label="Data source" htmlFor="generate-source" noMargin>
              <Combobox id="generate-source" width={40} options={usable.map(({ uid, name }) => ({ value: uid, label: name }))} value={source.uid} onChange={({ value }) => updateSearch({ ds: value }, 'replace')} />
            </Field>
            <Generator key={source.uid} source={source} />
          </>
        ) : (
          <EmptyState icon="database" title="There is no Prometheus data source" />
        )}
      </main>
    </>
  );
}

function Generator({ source }: { source: { uid: string; type: string } }) {
  const { jobs, retry } = useJobs(source.uid);
  const { busy, failure, generate } = useGenerate(source);
  if (jobs.state === 'loading') return <LoadingState label="Loading jobs" />;
  if (jobs.state === 'failed') return <ErrorState title="The jobs could not be listed" message={jobs.message} onRetry={retry} />;
  return (
    <>
      {failure && <p role="alert">{failure}</p>}
      <JobList jobs={jobs.jobs} busy={busy} onChoose={generate} />
    </>
  );
}
