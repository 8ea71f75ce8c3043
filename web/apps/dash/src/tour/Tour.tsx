// From a scrape to a panel in three steps, each with what the default data source holds at this moment.
import { loadDashboard, type AnyRecord } from '@narthex/dashmodel';
import { fetchResource } from '@narthex/grafanaapi';
import { fetchJobs, findDataSource, type Job } from '@narthex/runner';
import { Button, useElementSize } from '@narthex/vizkit';
import { useEffect, useMemo, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';

import { PanelBox } from '../dashboard/PanelBox';
import { ScopeContext } from '../dashboard/scope';
import { readOnly, useStandaloneScope } from '../dashboard/standalone';
import { EditContext } from '../edit/EditContext';
import { panesSearch } from '../explore/address';
import { handOver } from '../explore/handover';
import { useLoaded } from '../manage/useLoaded';
import { navigate } from '../router/location';
import { edits } from '../session/rights';
import { useSession } from '../session/SessionGate';
import { dashboardOf, EXPRESSIONS } from './panels';

import './tour.css';

const PANEL_PX = { samples: 150, durations: 240 };
const RANGE = { from: 'now-15m', to: 'now' };
const stay = (): void => {};

function useSource(): { uid: string; type: string } {
  const { settings } = useSession();
  return useMemo(() => {
    const found = findDataSource(settings, null, (one) => one);
    return { uid: found?.uid ?? '', type: found?.type ?? '' };
  }, [settings]);
}

function targetsOf({ targetCount, upCount, scrapeInterval }: Job): string {
  if (targetCount === 0) return '';
  const every = scrapeInterval === '' ? '' : `, every ${scrapeInterval}`;
  return `${upCount} of ${targetCount} ${targetCount === 1 ? 'target answers' : 'targets answer'}${every}`;
}

function Scrape({ uid }: { uid: string }) {
  const { value, failure } = useLoaded(() => fetchJobs(uid, fetchResource));
  return (
    <>
      <p>
        A server asks each <em>target</em> over HTTP for its metrics, at a fixed interval: that is a <em>scrape</em>. Targets of one kind form a <em>job</em>. These jobs are scraped now:
      </p>
      {failure !== '' && <p role="alert">The jobs could not be listed: {failure}</p>}
      {failure === '' && !value && <p role="status">Looking for jobs</p>}
      {value?.length === 0 && <p>None so far. Name targets in the server's configuration, and they appear here.</p>}
      <ul className="tour-jobs">
        {value?.map((job) => (
          <li key={job.name}>
            <strong>{job.name}</strong> <span>{targetsOf(job)}</span>
          </li>
        ))}
      </ul>
    </>
  );
}

/** A panel as on a dashboard, over what the source has. */
function Shown({ json, heightPx }: { json: AnyRecord; heightPx: number }) {
  const dashboard = useMemo(() => loadDashboard(json), [json]);
  const scope = useStandaloneScope(dashboard, { range: RANGE, turns: 0, onRange: stay });
  const editing = useMemo(() => readOnly(json), [json]);
  const [measure, { width }] = useElementSize();
  return (
    <EditContext.Provider value={editing}>
      <ScopeContext.Provider value={scope}>
        <div ref={measure} className="tour-panel">
          {width > 0 && dashboard.panels.map((panel) => <PanelBox key={panel.key} panel={panel} width={width} height={heightPx} isActive isViewed />)}
        </div>
      </ScopeContext.Provider>
    </EditContext.Provider>
  );
}

function Query({ source }: { source: { uid: string; type: string } }) {
  const json = useMemo(() => dashboardOf('samples', source), [source]);
  const explore = (): void => navigate(`/explore?${new URLSearchParams(panesSearch([{ key: 'a', datasource: source.uid, queries: [{ refId: 'A', expr: EXPRESSIONS.samples }], range: RANGE }]))}`);
  return (
    <>
      <p>
        What was scraped is asked for in PromQL. <code>scrape_samples_scraped</code> selects one series for each target: how many samples its last scrape brought. <code>sum by (job)</code> adds them up:
      </p>
      <pre className="tour-query">{EXPRESSIONS.samples}</pre>
      <Shown json={json} heightPx={PANEL_PX.samples} />
      <Button size="sm" variant="secondary" icon="compass" onClick={explore}>
        Change it in Explore
      </Button>
    </>
  );
}

function Panel({ source }: { source: { uid: string; type: string } }) {
  const { user } = useSession();
  const json = useMemo(() => dashboardOf('durations', source), [source]);
  const build = (): void => {
    handOver(json);
    navigate('/dashboard/new');
  };
  return (
    <>
      <p>
        A <em>panel</em> draws a query over a range of time; a <em>dashboard</em> holds panels that share the range. This one shows how long each scrape takes. Drag over it on a dashboard to look closer, and open its menu to view, inspect or explore it.
      </p>
      <Shown json={json} heightPx={PANEL_PX.durations} />
      {edits(user) && (
        <Button size="sm" variant="secondary" icon="plus" onClick={build}>
          Put it on a new dashboard
        </Button>
      )}
    </>
  );
}

const STEPS = ['Scrape', 'Query', 'Panel'] as const;

export function Tour({ onClose }: { onClose: () => void }) {
  const source = useSource();
  const [step, setStep] = useState(0);
  const heading = useRef<HTMLHeadingElement>(null);
  const hasMoved = useRef(false);
  useEffect(() => {
    // What a key or a click leads to is read out from its heading on; the page as it opens keeps its focus.
    if (hasMoved.current) heading.current?.focus();
  }, [step]);
  const go = (to: number): void => {
    hasMoved.current = true;
    setStep(to);
  };
  const press = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') onClose();
  };
  const contents: readonly ReactNode[] = [<Scrape key="scrape" uid={source.uid} />, <Query key="query" source={source} />, <Panel key="panel" source={source} />];
  const isLast = step === STEPS.length - 1;
  return (
    // Escape closes it from wherever the focus is within.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <section className="tour" aria-label="Tour" onKeyDown={press}>
      <h2 ref={heading} tabIndex={-1}>
        {step + 1} of {STEPS.length}: {STEPS[step]}
      </h2>
      {contents[step]}
      <div className="button-row tour-buttons">
        {step > 0 && (
          <Button variant="secondary" onClick={() => go(step - 1)}>
            Back
          </Button>
        )}
        <Button onClick={() => (isLast ? onClose() : go(step + 1))}>{isLast ? 'Done' : `Next: ${STEPS[step + 1]}`}</Button>
        {!isLast && (
          <Button variant="secondary" fill="text" onClick={onClose}>
            Skip the tour
          </Button>
        )}
      </div>
    </section>
  );
}
