// Series that look like those of the demo, the same ones for the same instant every time.
import { record, text } from '../../dashmodel/src/json';
import { groupLabels, plausibleSeries } from './plausible';
import { steady, wave, type FakeSeries } from './waves';

const BOUNDS = ['0.005', '0.01', '0.025', '0.05', '0.1', '0.25', '0.5', '1', '2.5', '+Inf'];
const SHARES = [0.04, 0.12, 0.38, 0.66, 0.83, 0.93, 0.97, 0.985, 0.996, 1];

const VALUES: Record<string, Array<[string, number]>> = {
  method: [['GET', 12], ['POST', 4], ['PUT', 1.2], ['DELETE', 0.4]],
  code: [['200', 14], ['201', 2], ['400', 0.1], ['404', 0.7], ['500', 0.25], ['503', 0.1]],
  path: [['/api/items', 7], ['/', 5], ['/api/search', 4], ['/api/orders', 4]],
  room: [['kitchen', 22], ['office', 21], ['cellar', 14], ['roof', 27]],
  queue: [['email', 9], ['thumbnails', 22], ['billing', 5]],
  job: [['exposer', 1], ['prometheus', 1], ['grafana', 1]],
  result: [['success', 8], ['failure', 0.4]],
};

function base(expr: string): number {
  if (/quantile|_sum\b/.test(expr)) return 0.06;
  if (/bytes/.test(expr)) return 3.2e7;
  if (/start_time/.test(expr)) return 1_700_000_000;
  if (/cpu/.test(expr)) return 0.02;
  return 1;
}

const isOfDemo = (expr: string): boolean => /demo_|process_|scrape_|prometheus_|\bup\b/.test(expr);

/** `load_series{count="50"}`: as many series, cheap to make, whose values move from second to second. */
function loadSeries(count: number): FakeSeries[] {
  return Array.from({ length: count }, (_, index) => ({
    labels: { __name__: 'load_series', series: `series-${index}` },
    value: (seconds) => index + 3 * Math.sin(seconds / 20 + index) + ((seconds * 7919 + index * 104_729) % 100) / 100,
  }));
}

export function fakeSeries(expr: string, legend = ''): FakeSeries[] {
  if (/nothing_here/.test(expr)) return [];
  const count = /^load_series\{count="(\d+)"\}$/.exec(expr)?.[1];
  if (count !== undefined) return loadSeries(Number(count));
  if (/\bup\b/.test(expr)) return (VALUES['job'] ?? []).map(([job]) => ({ labels: { __name__: 'up', job, instance: `${job}:80` }, value: () => 1 }));
  const labels = groupLabels(expr) ?? [];
  if (!isOfDemo(expr) && !labels.includes('le')) return plausibleSeries(expr, legend);
  if (expr.includes(' / ')) return [steady({}, 0.012)];
  if (expr.startsWith('histogram_quantile')) return [steady({}, 0.06 + Number(/[\d.]+/.exec(expr)?.[0] ?? 0) ** 8)];
  if (labels.includes('le')) {
    return BOUNDS.map((le, index) => ({ labels: { le }, value: (s) => 17 * (SHARES[index] ?? 1) * (0.9 + 0.1 * wave('heat', s)) }));
  }
  const name = /demo_\w+|process_\w+|scrape_\w+|prometheus_\w+/.exec(expr)?.[0] ?? '';
  const own = labels[0] ?? (/temperature/.test(name) ? 'room' : /queue|jobs/.test(name) ? 'queue' : /process|scrape|prometheus/.test(name) ? 'job' : '');
  const values = VALUES[own];
  if (!values || (/^sum\(/.test(expr) && labels.length === 0)) return [steady({}, /bytes|cpu|quantile|_sum/.test(expr) ? base(expr) : 17)];
  const scale = base(expr);
  const sign = expr.startsWith('-') ? -0.1 : 1;
  return values.map(([value, size]) => steady({ ...(labels.length === 0 && name ? { __name__: name } : {}), [own]: value }, sign * (scale === 1 ? size : scale * (1 + size / 40))));
}

/** One frame per series, as the server answers a query. */
export function fakeFrames(query: Record<string, unknown>, fromMs: number, toMs: number): unknown[] {
  const expr = text(query['expr']);
  const stepMs = Math.max(1000, Number(query['intervalMs']) || 15_000);
  const isInstant = query['instant'] === true && query['range'] !== true;
  const end = Math.floor(toMs / stepMs) * stepMs;
  const times = isInstant ? [toMs] : Array.from({ length: Math.floor((end - fromMs) / stepMs) + 1 }, (_, i) => Math.ceil(fromMs / stepMs) * stepMs + i * stepMs).filter((t) => t <= end);
  const legend = text(query['legendFormat']);
  return fakeSeries(expr, legend).map(({ labels, value }) => {
    const name = legend.includes('{{') ? legend.replace(/\{\{\s*(\w+)\s*\}\}/g, (_, label: string) => labels[label] ?? '') : legend === '__auto' ? '' : legend;
    return {
      schema: {
        refId: query['refId'],
        meta: { type: 'timeseries-multi', custom: { resultType: isInstant ? 'vector' : 'matrix' }, executedQueryString: `Expr: ${expr}` },
        fields: [
          { name: 'Time', type: 'time', config: { interval: stepMs } },
          { name: 'Value', type: 'number', labels: record(labels), config: name ? { displayNameFromDS: name } : {} },
        ],
      },
      data: { values: [times, times.map((time) => value(time / 1000))] },
    };
  });
}
