// The panels of a family: counters as rates, histograms as heatmap and quantiles, gauges as they are.
import type { Family, JobFacts } from './types';
import { rateUnit, valueUnit } from './units';

type Json = Record<string, unknown>;

export interface Sized {
  panel: Json;
  w: number;
  h: number;
}

// More lines than this tell nothing apart.
const LINES_MAX = 20;
const QUANTILES = [0.5, 0.9, 0.99];
const RATE = '[$__rate_interval]';

export const quoted = (text: string): string => `"${text.replace(/\\/g, '\\\\').replace(/"/g, '\\"')}"`;

export class PanelMaker {
  constructor(private readonly facts: JobFacts) {}

  selector(name: string): string {
    return `${name}{job=${quoted(this.facts.job)}, instance=~"$instance"}`;
  }

  target(expr: string, legendFormat: string, more: Json = {}): Json {
    const { source, scrapeInterval } = this.facts;
    // The least step is the scrape interval, which makes $__rate_interval four of them: a window with a rate in it.
    return { datasource: source, expr, legendFormat, editorMode: 'code', range: true, ...(scrapeInterval ? { interval: scrapeInterval } : {}), ...more };
  }

  panel(type: string, heading: string, description: string, targets: Json[], more: { unit?: string; options?: Json; custom?: Json; defaults?: Json }): Json {
    const { unit, options = {}, custom = {}, defaults = {} } = more;
    return {
      type,
      title: heading,
      description,
      datasource: this.facts.source,
      targets: targets.map((target, index) => ({ refId: String.fromCharCode(65 + index), ...target })),
      fieldConfig: { defaults: { ...(unit ? { unit } : {}), custom, ...defaults }, overrides: [] },
      options,
    };
  }

  private lines(family: Family, heading: string, targets: Json[], unit: string): Sized {
    const options = { legend: { displayMode: 'list', placement: 'bottom', showLegend: true }, tooltip: { mode: 'multi', sort: 'desc' } };
    const panel = this.panel('timeseries', heading, family.help, targets, { unit, options, custom: { fillOpacity: targets.length > 1 ? 0 : 10, lineWidth: 1 } });
    return { panel, w: 8, h: 8 };
  }

  private counter(family: Family): Sized[] {
    const { by, legend } = kept(family);
    return [this.lines(family, title(family, 'per second'), [this.target(`${summed(by)}(rate(${this.selector(family.name)}${RATE}))`, legend)], rateUnit(family))];
  }

  private gauge(family: Family): Sized[] {
    const { by, legend, isWhole } = kept(family);
    const selector = this.selector(family.name);
    return [this.lines(family, title(family), [this.target(isWhole ? selector : `${summed(by)}(${selector})`, legend)], valueUnit(family))];
  }

  private histogram(family: Family, isNative: boolean): Sized[] {
    const buckets = `sum${isNative ? '' : ' by (le)'} (rate(${this.selector(isNative ? family.name : `${family.name}_bucket`)}${RATE}))`;
    const count = isNative ? `histogram_count(sum(rate(${this.selector(family.name)}${RATE})))` : `sum(rate(${this.selector(`${family.name}_count`)}${RATE}))`;
    const heatmap = this.panel('heatmap', title(family, 'distribution'), family.help, [this.target(buckets, '{{le}}', isNative ? {} : { format: 'heatmap' })], {
      options: { calculate: false, yAxis: { unit: valueUnit(family) }, color: { scheme: 'Oranges', steps: 64 }, tooltip: { show: true, yHistogram: false } },
    });
    const quantiles = QUANTILES.map((quantile) => this.target(`histogram_quantile(${quantile}, ${buckets})`, `p${quantile * 100}`, { exemplar: quantile === QUANTILES.at(-1) }));
    return [
      { panel: heatmap, w: 8, h: 8 },
      this.lines(family, title(family, 'quantiles'), quantiles, valueUnit(family)),
      this.lines(family, title(family, 'observations per second'), [this.target(count, 'observations')], /request/.test(family.name) ? 'reqps' : 'cps'),
    ];
  }

  private summary(family: Family): Sized[] {
    const { by, legend } = kept(family);
    const rate = (part: string): string => `${summed(by)}(rate(${this.selector(`${family.name}_${part}`)}${RATE}))`;
    const quantiles = this.target(`max by (quantile) (${this.selector(family.name)})`, 'p{{quantile}}');
    return [
      this.lines(family, title(family, 'mean and quantiles'), [this.target(`${rate('sum')} / ${rate('count')}`, legend === '' ? 'mean' : `mean ${legend}`), quantiles], valueUnit(family)),
      this.lines(family, title(family, 'observations per second'), [this.target(rate('count'), legend)], 'cps'),
    ];
  }

  private age(family: Family): Sized[] {
    const options = { reduceOptions: { calcs: ['lastNotNull'] }, colorMode: 'none', graphMode: 'none', textMode: 'auto' };
    const legend = legendOf(family.labels.map(({ name }) => name));
    const panel = this.panel('stat', title(family, 'ago'), family.help, [this.target(`time() - ${this.selector(family.name)}`, legend)], { unit: 's', options });
    return [{ panel, w: 8, h: 5 }];
  }

  private table(family: Family): Sized[] {
    const panel = this.panel('table', title(family), family.help, [this.target(this.selector(family.name), '', { format: 'table', instant: true, range: false })], {});
    const transformations = [{ id: 'organize', options: { excludeByName: { Time: true, Value: true, __name__: true, job: true } } }];
    return [{ panel: { ...panel, transformations }, w: 24, h: 5 }];
  }

  panelsOf(family: Family): Sized[] {
    switch (family.kind) {
      case 'counter':
        return this.counter(family);
      case 'gauge':
        return this.gauge(family);
      case 'histogram':
        return this.histogram(family, false);
      case 'native':
        return this.histogram(family, true);
      case 'summary':
        return this.summary(family);
      case 'timestamp':
        return this.age(family);
      case 'info':
        return this.table(family);
    }
  }
}

const summed = (by: string): string => (by === '' ? 'sum' : `sum by (${by}) `);
const legendOf = (labels: readonly string[]): string => labels.map((label) => `{{${label}}}`).join(' ');

/** The labels to keep apart, as many as give no more lines than a person can follow. */
function kept({ labels }: Family): { by: string; legend: string; isWhole: boolean } {
  const names: string[] = [];
  let lines = 1;
  for (const { name, count } of labels) {
    if (lines * count > LINES_MAX) break;
    lines *= count;
    names.push(name);
  }
  return { by: names.join(', '), legend: legendOf(names), isWhole: names.length === labels.length };
}

/** `http_request_duration_seconds` reads as "Http request duration": the unit is on the axis. */
export function title({ name, unit }: Pick<Family, 'name' | 'unit'>, what = ''): string {
  const words = name.replace(/_total$/, '').replace(/_info$/, '').split(/[_:]+/).filter((word) => word !== '');
  const bare = words.length > 1 && words.at(-1) === unit ? words.slice(0, -1) : words;
  const text = bare.join(' ');
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}${what ? `, ${what}` : ''}`;
}
