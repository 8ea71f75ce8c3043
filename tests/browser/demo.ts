// The three services of the demo, started on free ports of 127.0.0.1 and stopped by their process ids.
import { spawn, type ChildProcess } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

import { freePort } from './free_port';

const ROOT = path.resolve(__dirname, '../..');
const HEALTHY_WITHIN_MS = 20_000;
const STOPPED_WITHIN_MS = 10_000;

export const USER = 'admin';
export const PASSWORD = '1234';

type ServiceName = 'exposer' | 'server' | 'dashboards';

export interface Running {
  // Address of its root, a prefix included, without a slash at its end.
  url: string;
  stop: () => Promise<void>;
}

export interface Demo {
  // Address of a service, without a slash at its end.
  url: (name: ServiceName) => string;
  // A second server whose pages lie below `prefix`. It scrapes nothing but itself.
  startServerBelow: (prefix: string) => Promise<Running>;
  // Second dashboards over the same server, with settings of their own: GF_* variables.
  startDashboards: (settings: Record<string, string>) => Promise<Running>;
  stop: () => Promise<void>;
}

interface Service {
  name: ServiceName;
  process: ChildProcess;
  logPath: string;
}

function lastLines(service: Service): string {
  return fs.readFileSync(service.logPath, 'utf8').slice(-2000);
}

async function awaitHealthy(service: Service, url: string): Promise<void> {
  const until = Date.now() + HEALTHY_WITHIN_MS;
  for (;;) {
    if (service.process.exitCode !== null) throw new Error(`${service.name} ended:\n${lastLines(service)}`);
    const isHealthy = await fetch(url).then(
      (response) => response.ok,
      () => false,
    );
    if (isHealthy) return;
    if (Date.now() > until) throw new Error(`${service.name} is not healthy at ${url}:\n${lastLines(service)}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function stopService({ name, process: child }: Service): Promise<void> {
  if (child.exitCode !== null) return;
  const ended = new Promise<boolean>((resolve) => {
    child.once('exit', () => resolve(true));
    setTimeout(() => resolve(false), STOPPED_WITHIN_MS).unref();
  });
  child.kill('SIGTERM');
  if (await ended) return;
  child.kill('SIGKILL');
  throw new Error(`${name} did not stop within ${STOPPED_WITHIN_MS} ms`);
}

// The demo's configuration, scraped every second; of the server itself native histograms, too.
function writeConfiguration(folder: string): string {
  const file = path.join(folder, 'prometheus.yml');
  const given = fs.readFileSync(path.join(ROOT, 'prometheus/prometheus.yml'), 'utf8');
  const job = '  - job_name: prometheus\n';
  fs.writeFileSync(file, given.replace(job, `${job}    scrape_native_histograms: true\n    always_scrape_classic_histograms: true\n`));
  fs.cpSync(path.join(ROOT, 'grafana/provisioning'), path.join(folder, 'provisioning'), { recursive: true });
  return file;
}

interface Call {
  args: string[];
  setup: Setup;
  settings?: Record<string, string>;
}

interface Setup {
  folder: string;
  ports: Record<ServiceName, number>;
}

function argumentsOf(name: ServiceName, { folder, ports }: Setup): string[] {
  const listen = `--web.listen-address=127.0.0.1:${ports[name]}`;
  const aliases = [
    `--host-alias=exposer=127.0.0.1:${ports.exposer}`,
    `--host-alias=prometheus=127.0.0.1:${ports.server}`,
    `--host-alias=grafana=127.0.0.1:${ports.dashboards}`,
  ];
  switch (name) {
    case 'exposer':
      return ['exposer', listen, `--control.server-port=${ports.server}`, `--control.dashboards-port=${ports.dashboards}`];
    case 'server':
      return [
        'server',
        listen,
        `--config.file=${path.join(folder, 'prometheus.yml')}`,
        `--storage.tsdb.path=${path.join(folder, 'server')}`,
        '--scrape.interval=1s',
        ...aliases,
      ];
    case 'dashboards':
      return ['dashboards', listen, ...aliases];
  }
}

function spawnService(name: ServiceName, { args, setup, settings = {} }: Call, binary: string): Service {
  const logPath = path.join(setup.folder, `${name}.log`);
  const log = fs.openSync(logPath, 'a');
  const child = spawn(binary, args, {
    stdio: ['ignore', log, log],
    env: {
      ...process.env,
      GF_SECURITY_ADMIN_USER: USER,
      GF_SECURITY_ADMIN_PASSWORD: PASSWORD,
      // As the demo: its dashboards refresh faster than the default allows.
      GF_DASHBOARDS_MIN_REFRESH_INTERVAL: '1s',
      GF_PATHS_DATA: path.join(setup.folder, 'dashboards'),
      GF_PATHS_PROVISIONING: path.join(setup.folder, 'provisioning'),
      SCRAPE_INTERVAL: '1s',
      ...settings,
    },
  });
  fs.closeSync(log);
  return { name, process: child, logPath };
}

const HEALTH_PATHS: Record<ServiceName, string> = {
  exposer: '/metrics',
  server: '/-/ready',
  dashboards: '/api/health',
};

// A service beside the three, in a folder of its own.
async function startBeside(name: ServiceName, call: Call, { url, healthPath }: { url: string; healthPath: string }, binary: string): Promise<Running> {
  const service = spawnService(name, call, binary);
  const stop = async () => {
    await stopService(service);
    fs.rmSync(call.setup.folder, { recursive: true, force: true });
  };
  try {
    await awaitHealthy(service, url + healthPath);
  } catch (error) {
    await stop();
    throw error;
  }
  return { url, stop };
}

const newFolder = (): string => fs.mkdtempSync(path.join(os.tmpdir(), 'narthex-browser-'));

async function startServerBelow(prefix: string, binary: string): Promise<Running> {
  const folder = newFolder();
  const port = await freePort();
  const url = `http://127.0.0.1:${port}${prefix}`;
  const configuration = path.join(folder, 'prometheus.yml');
  fs.writeFileSync(
    configuration,
    `scrape_configs:
  - job_name: self
    scrape_interval: 1s
    metrics_path: ${prefix}/metrics
    static_configs:
      - targets: ['127.0.0.1:${port}']
`,
  );
  const args = [
    'server',
    `--web.listen-address=127.0.0.1:${port}`,
    `--web.external-url=${url}`,
    `--config.file=${configuration}`,
    `--storage.tsdb.path=${path.join(folder, 'data')}`,
  ];
  const setup = { folder, ports: { exposer: 0, server: port, dashboards: 0 } };
  return startBeside('server', { args, setup }, { url, healthPath: '/-/ready' }, binary);
}

async function startDashboards(settings: Record<string, string>, ports: Setup['ports'], binary: string): Promise<Running> {
  const folder = newFolder();
  writeConfiguration(folder);
  const setup = { folder, ports: { ...ports, dashboards: await freePort() } };
  // Served below a path, the answer to this is a redirect there: it is asked where it is.
  const url = `http://127.0.0.1:${setup.ports.dashboards}`;
  return startBeside('dashboards', { args: argumentsOf('dashboards', setup), setup, settings }, { url, healthPath: HEALTH_PATHS.dashboards }, binary);
}

const SERVICES: readonly ServiceName[] = ['exposer', 'server', 'dashboards'];

export async function startDemo(binary: string): Promise<Demo> {
  const folder = newFolder();
  writeConfiguration(folder);
  const setup: Setup = {
    folder,
    ports: { exposer: await freePort(), server: await freePort(), dashboards: await freePort() },
  };
  const url = (name: ServiceName) => `http://127.0.0.1:${setup.ports[name]}`;
  const services = SERVICES.map((name) => spawnService(name, { args: argumentsOf(name, setup), setup }, binary));
  const stop = async () => {
    await Promise.all(services.map(stopService));
    fs.rmSync(folder, { recursive: true, force: true });
  };
  try {
    await Promise.all(services.map((service) => awaitHealthy(service, url(service.name) + HEALTH_PATHS[service.name])));
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    url,
    startServerBelow: (prefix) => startServerBelow(prefix, binary),
    startDashboards: (settings) => startDashboards(settings, setup.ports, binary),
    stop,
  };
}
