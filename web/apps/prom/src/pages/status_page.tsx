// The running process and the build it comes from.
import { statusBuildInfo, statusRuntimeInfo, type BuildInfo, type RuntimeInfo } from '@narthex/promapi';

import { api } from '../api_client';
import { Badge } from '../components/badge';
import { Card } from '../components/card';
import { EndpointView } from '../components/endpoint_view';
import { KeyValues, type KeyValue } from '../components/key_values';
import { PageFrame } from '../components/page_frame';
import { describeDuration } from '../lib/duration';
import { formatBytes, formatCount } from '../lib/number_text';
import { formatInstant, parseRfc3339, type TimeZone } from '../lib/time_text';
import { useSettings } from '../shell/settings';
import { useEndpoint } from './use_endpoint';

const REFRESH_MS = 10000;

function instantText(rfc3339: string, zone: TimeZone): string {
  const seconds = parseRfc3339(rfc3339);
  return seconds === undefined ? 'never' : formatInstant(Math.floor(seconds), zone);
}

function runtimeEntries(info: RuntimeInfo, zone: TimeZone): KeyValue[] {
  const start = parseRfc3339(info.startTime);
  const server = info.serverTime === undefined ? Date.now() / 1000 : parseRfc3339(info.serverTime);
  const uptime = start === undefined || server === undefined ? '' : ` (${describeDuration(server - start)} ago)`;
  const entries: (KeyValue | undefined)[] = [
    { name: 'Started', value: instantText(info.startTime, zone) + uptime },
    info.serverTime === undefined
      ? undefined
      : { name: "Server's clock", value: instantText(info.serverTime, zone) },
    info.hostname === undefined ? undefined : { name: 'Host', value: info.hostname },
    { name: 'Working directory', value: info.CWD },
    {
      name: 'Configuration',
      value: (
        <>
          <Badge tone={info.reloadConfigSuccess ? 'ok' : 'error'}>
            {info.reloadConfigSuccess ? 'loaded' : 'last reload failed'}
          </Badge>{' '}
          {instantText(info.lastConfigTime, zone)}
        </>
      ),
    },
    { name: 'Storage retention', value: info.storageRetention },
    { name: 'Corruptions of the write-ahead log', value: formatCount(info.corruptionCount) },
    info.goroutineCount === undefined
      ? undefined
      : { name: 'Threads', value: formatCount(info.goroutineCount) },
    info.GOMAXPROCS === undefined ? undefined : { name: 'Processors', value: formatCount(info.GOMAXPROCS) },
    // The largest 64-bit number is how "no limit" is written.
    info.GOMEMLIMIT === undefined || info.GOMEMLIMIT <= 0 || info.GOMEMLIMIT > 2 ** 60
      ? undefined
      : { name: 'Memory limit', value: formatBytes(info.GOMEMLIMIT) },
  ];
  return entries.filter((entry) => entry !== undefined);
}

function buildEntries(info: BuildInfo): KeyValue[] {
  const entries: KeyValue[] = [
    { name: 'Version', value: info.version },
    { name: 'Revision', value: info.revision },
    { name: 'Branch', value: info.branch },
    { name: 'Built by', value: info.buildUser },
    { name: 'Built on', value: info.buildDate },
    { name: 'Compiler', value: info.goVersion },
  ];
  return entries.filter(({ value }) => value !== '');
}

export default function StatusPage() {
  const { timeZone } = useSettings();
  const runtime = useEndpoint('runtimeinfo', (signal) => statusRuntimeInfo(api, signal), REFRESH_MS);
  const build = useEndpoint('buildinfo', (signal) => statusBuildInfo(api, signal));
  return (
    <PageFrame title="Runtime & build">
      <EndpointView endpoint={runtime}>
        {(info) => (
          <Card title="Runtime">
            <KeyValues entries={runtimeEntries(info, timeZone)} />
          </Card>
        )}
      </EndpointView>
      <EndpointView endpoint={build}>
        {(info) => (
          <Card title="Build">
            <KeyValues entries={buildEntries(info)} />
          </Card>
        )}
      </EndpointView>
    </PageFrame>
  );
}
