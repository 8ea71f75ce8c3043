// Alerts that are pending or firing on the default data source.
import { fetchResource, fetchSettings } from '@narthex/grafanaapi';
import { text } from '@narthex/dashmodel/json';
import { useEffect, useState } from 'react';

import { fullTime } from '../plot/text';
import type { PanelProps } from '../props';
import { alertGroups, readAlerts, shownAlerts, type Alert } from './alerts';

const ASK_EVERY_MS = 30_000;

async function fetchAlerts(wanted: string): Promise<Alert[]> {
  const { dataSources } = await fetchSettings();
  const source = dataSources.find(({ uid, name }) => uid === wanted || name === wanted) ?? dataSources.find(({ isDefault }) => isDefault) ?? dataSources[0];
  return source ? readAlerts(await fetchResource(source.uid, 'api/v1/alerts', new URLSearchParams())) : [];
}

function useAlerts(source: string): { alerts: Alert[] | undefined; failure: string } {
  const [alerts, setAlerts] = useState<Alert[]>();
  const [failure, setFailure] = useState('');
  useEffect(() => {
    let isCurrent = true;
    const ask = (): void => {
      if (document.hidden) return;
      fetchAlerts(source)
        .then((found) => isCurrent && (setAlerts(found), setFailure('')))
        .catch((error: unknown) => isCurrent && setFailure(error instanceof Error ? error.message : String(error)));
    };
    ask();
    const timer = window.setInterval(ask, ASK_EVERY_MS);
    return () => {
      isCurrent = false;
      window.clearInterval(timer);
    };
  }, [source]);
  return { alerts, failure };
}

const COLORS: Readonly<Record<string, string>> = { firing: 'var(--error-text)', pending: '#ff9830' };

function Entry({ alert, timeZone }: { alert: Alert; timeZone: string }) {
  return (
    <li style={{ padding: '4px 0', borderBottom: '1px solid var(--border-weak)' }}>
      <strong style={{ color: COLORS[alert.state] ?? 'inherit' }}>{alert.state}</strong> {alert.name} <span>{alert.summary}</span>
      <div style={{ color: 'var(--text-secondary)', fontSize: 12 }}>
        since {Number.isNaN(alert.activeSinceMs) ? 'unknown' : fullTime(alert.activeSinceMs, timeZone)}{' '}
        {Object.entries(alert.labels)
          .filter(([label]) => label !== 'alertname')
          .map(([label, value]) => `${label}=${value}`)
          .join(' ')}
      </div>
    </li>
  );
}

export default function AlertListPanel({ options, height, timeZone, interpolate }: PanelProps) {
  const { alerts, failure } = useAlerts(text(options['datasource']));
  if (failure) return <p role="alert">The alerts could not be read: {failure}</p>;
  if (!alerts) return <p role="status">Loading alerts</p>;
  const written = { ...options, alertName: interpolate(text(options['alertName'])), alertInstanceLabelFilter: interpolate(text(options['alertInstanceLabelFilter'])) };
  const shown = shownAlerts(alerts, written, interpolate('${__dashboard.uid}'));
  if (options['viewMode'] === 'stat') {
    return <p style={{ fontSize: Math.min(64, height / 2), margin: 0, textAlign: 'center' }}>{shown.length}</p>;
  }
  if (shown.length === 0) return <p role="status">No alerts</p>;
  return (
    <div style={{ height, overflow: 'auto' }}>
      {alertGroups(shown, options).map(({ name, alerts: members }) => (
        <section key={name} {...(name === '' ? {} : { 'aria-label': name })}>
          {name !== '' && <h6>{`${name} (${members.length})`}</h6>}
          <ul style={{ listStyle: 'none', margin: 0, padding: 0 }}>
            {members.map((alert) => (
              <Entry key={JSON.stringify(alert.labels)} alert={alert} timeZone={timeZone} />
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}
