// What can be set of a data source, by the fields of its record. Source: spec grafana.md, PROM-1 and PROV-3.
import { valueAt, type AnyRecord } from '@narthex/dashmodel';

import type { OptionSpec } from '../edit/form';

export interface SecretSpec {
  key: string;
  label: string;
  isLong: boolean;
}

export interface SourceSection {
  title: string;
  specs: OptionSpec[];
  secrets: SecretSpec[];
}

const GENERAL: OptionSpec[] = [
  { path: 'name', label: 'Name', kind: 'text' },
  { path: 'isDefault', label: 'Default', kind: 'switch', hint: 'For panels that name no data source' },
];
const HTTP: OptionSpec[] = [
  { path: 'url', label: 'URL', kind: 'text', hint: 'As this server reaches it: http://localhost:9090' },
  { path: 'jsonData.timeout', label: 'Timeout, in seconds', kind: 'number' },
];
const BASIC: OptionSpec = { path: 'basicAuth', label: 'Basic authentication', kind: 'switch' };
const TLS: OptionSpec[] = [
  { path: 'jsonData.tlsSkipVerify', label: 'Skip the check of the certificate', kind: 'switch', hint: 'Whoever is between can then pretend to be it' },
  { path: 'jsonData.tlsAuthWithCACert', label: 'Certificate authority of your own', kind: 'switch' },
  { path: 'jsonData.tlsAuth', label: 'Client certificate', kind: 'switch' },
];
const PROMETHEUS: OptionSpec[] = [
  { path: 'jsonData.timeInterval', label: 'Scrape interval', kind: 'text', hint: 'As in its configuration, 15s unless set. $__rate_interval follows from it' },
  { path: 'jsonData.queryTimeout', label: 'Query timeout', kind: 'text', hint: '60s unless set' },
  { path: 'jsonData.defaultEditor', label: 'Default editor', kind: 'choice', choices: [['builder', 'Builder'], ['code', 'Code']], fallback: 'builder' },
  { path: 'jsonData.disableMetricsLookup', label: 'No lists of metrics', kind: 'switch', hint: 'For servers with very many names' },
  { path: 'jsonData.prometheusType', label: 'Kind of server', kind: 'choice', choices: ['Prometheus', 'Cortex', 'Mimir', 'Thanos'].map((one) => [one, one] as const), fallback: 'Prometheus' },
  { path: 'jsonData.httpMethod', label: 'HTTP method', kind: 'choice', choices: [['POST', 'POST'], ['GET', 'GET']], fallback: 'POST' },
  { path: 'jsonData.customQueryParameters', label: 'Custom query parameters', kind: 'text', hint: 'Such as max_source_resolution=5m&timeout=10' },
  { path: 'jsonData.manageAlerts', label: 'Show its alerts', kind: 'switch', fallback: true },
];

const secret = (key: string, label: string, isLong = false): SecretSpec => ({ key, label, isLong });
const isOn = (body: AnyRecord, path: string): boolean => valueAt(body, path) === true;

export function sourceSections(body: AnyRecord): SourceSection[] {
  const hasClient = isOn(body, 'jsonData.tlsAuth');
  const hasOwn = isOn(body, 'jsonData.tlsAuthWithCACert');
  return [
    { title: 'Settings', specs: GENERAL, secrets: [] },
    { title: 'Connection', specs: HTTP, secrets: [] },
    {
      title: 'Authentication',
      specs: [BASIC, ...(isOn(body, 'basicAuth') ? [{ path: 'basicAuthUser', label: 'User', kind: 'text' } as const] : [])],
      secrets: isOn(body, 'basicAuth') ? [secret('basicAuthPassword', 'Password')] : [],
    },
    {
      title: 'TLS',
      specs: [...TLS, ...(hasOwn || hasClient ? [{ path: 'jsonData.serverName', label: 'Server name', kind: 'text' } as const] : [])],
      secrets: [...(hasOwn ? [secret('tlsCACert', 'Certificate of the authority', true)] : []), ...(hasClient ? [secret('tlsClientCert', 'Client certificate', true), secret('tlsClientKey', 'Client key', true)] : [])],
    },
    ...(body['type'] === 'prometheus' ? [{ title: 'Prometheus', specs: PROMETHEUS, secrets: [] }] : []),
  ];
}

export interface Header {
  name: string;
  /** Under which its value is kept. */
  secretKey: string;
}

/** Headers are counted from 1: httpHeaderName1 has its value in httpHeaderValue1. */
export function headersOf(jsonData: AnyRecord): Header[] {
  const numbers = Object.keys(jsonData).flatMap((key) => /^httpHeaderName(\d+)$/.exec(key)?.[1] ?? []);
  return numbers.map(Number).toSorted((a, b) => a - b).map((at) => ({ name: String(jsonData[`httpHeaderName${at}`] ?? ''), secretKey: `httpHeaderValue${at}` }));
}

/** With one more header, which has no name yet. */
export function withHeader(jsonData: AnyRecord): AnyRecord {
  const taken = headersOf(jsonData).map(({ secretKey }) => Number(secretKey.replace(/\D+/g, '')));
  return { ...jsonData, [`httpHeaderName${Math.max(0, ...taken) + 1}`]: '' };
}

export const nameKeyOf = ({ secretKey }: Header): string => secretKey.replace('Value', 'Name');
