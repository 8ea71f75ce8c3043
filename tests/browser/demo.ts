// The three services of the demo, started on free ports of 127.0.0.1 and stopped by their process ids.
import { spawn, type ChildProcess } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';

const ROOT = path.resolve(__dirname, '../..');
const HEALTHY_WITHIN_MS = 20_000;
const STOPPED_WITHIN_MS = 10_000;

export const USER = 'admin';
export const PASSWORD = '1234';

type ServiceName = 'exposer' | 'server' | 'dashboards';

export interface PrefixedServer {
  // Address of its root, the prefix included, without a slash at its end.
  url: string;
  stop: () => Promise<void>;
}

export interface Demo {
  // Address of a service, without a slash at its end.
  url: (name: ServiceName) => string;
  // A second server whose pages lie below `prefix`. It scrapes nothing but itself.
  startServerBelow: (prefix: string) => Promise<PrefixedServer>;
  stop: () => Promise<void>;
}

async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = net.createServer();
    probe.on('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => (address !== null && typeof address === 'object' ? resolve(address.port) : reject(address)));
    });
  });
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

// The demo's configuration, scraped every second.
function writeConfiguration(folder: string): string {
  const file = path.join(folder, 'prometheus.yml');
  fs.copyFileSync(path.join(ROOT, 'prometheus/prometheus.yml'), file);
  fs.cpSync(path.join(ROOT, 'grafana/provisioning'), path.join(folder, 'provisioning'), { recursive: true });
  return file;
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

function startService(name: ServiceName, setup: Setup, binary: string): Service {
  return spawnService(name, argumentsOf(name, setup), setup, binary);
}

function spawnService(name: ServiceName, args: string[], setup: Setup, binary: string): Service {
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

async function startServerBelow(prefix: string, binary: string): Promise<PrefixedServer> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'narthex-browser-'));
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
  const service = spawnService('server', args, setup, binary);
  const stop = async () => {
    await stopService(service);
    fs.rmSync(folder, { recursive: true, force: true });
  };
  try {
    await awaitHealthy(service, `${url}/-/ready`);
  } catch (error) {
    await stop();
    throw error;
  }
  return { url, stop };
}

const SERVICES: readonly ServiceName[] = ['exposer', 'server', 'dashboards'];

export async function startDemo(binary: string): Promise<Demo> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'narthex-browser-'));
  writeConfiguration(folder);
  const setup: Setup = {
    folder,
    ports: { exposer: await freePort(), server: await freePort(), dashboards: await freePort() },
  };
  const url = (name: ServiceName) => `http://127.0.0.1:${setup.ports[name]}`;
  const services = SERVICES.map((name) => startService(name, setup, binary));
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
  return { url, startServerBelow: (prefix) => startServerBelow(prefix, binary), stop };
}
