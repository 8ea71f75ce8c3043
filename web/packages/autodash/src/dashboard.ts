// The whole dashboard: how the job is, then a row for each group of names.
import { familiesOf } from './families';
import { PanelMaker, quoted, title, type Sized } from './panels';
import type { Family, JobFacts } from './types';

type Json = Record<string, unknown>;

const COLUMNS = 24;
const GROUP_MAX = 12;
// Rows that start open; a closed one asks nothing until it is opened.
const PANELS_OPEN_MAX = 24;
// What a scrape itself leaves behind is told in the first row.
const OF_SCRAPE = /^(up|scrape_.*)$/;

const prefix = (name: string, words: number): string => name.split(/[_:]/).slice(0, words).join('_');

function grouped(families: readonly Family[], words: number): Map<string, Family[]> {
  const groups = new Map<string, Family[]>();
  for (const family of families) {
    const key = prefix(family.name, words);
    groups.set(key, [...(groups.get(key) ?? []), family]);
  }
  return groups;
}

/** By the first word of the name, large groups by the first two; what is alone comes together at the end. */
export function groupsOf(families: readonly Family[]): Array<{ name: string; families: Family[] }> {
  const parts = [...grouped(families, 1)].flatMap(([name, all]) => {
    if (all.length <= GROUP_MAX) return [{ name, families: all }];
    const finer = [...grouped(all, 2)];
    const alone = finer.filter(([, some]) => some.length === 1).flatMap(([, some]) => some);
    const several = finer.filter(([, some]) => some.length > 1).map(([key, some]) => ({ name: key, families: some }));
    return alone.length > 0 ? [...several, { name, families: alone }] : several;
  });
  const several = parts.filter((part) => part.families.length > 1);
  const rest = parts.filter((part) => part.families.length === 1).flatMap((part) => part.families);
  return rest.length > 0 ? [...several, { name: several.length > 0 ? 'Others' : 'Metrics', families: rest }] : several;
}

interface Cursor {
  id: number;
  y: number;
}

/** From left to right, a new line where one is full. */
function placed(sized: readonly Sized[], cursor: Cursor): Json[] {
  let [x, line] = [0, 0];
  const panels = sized.map(({ panel, w, h }) => {
    if (x + w > COLUMNS) {
      cursor.y += line;
      [x, line] = [0, 0];
    }
    const gridPos = { x, y: cursor.y, w, h };
    x += w;
    line = Math.max(line, h);
    cursor.id += 1;
    return { ...panel, id: cursor.id, gridPos };
  });
  cursor.y += line;
  return panels;
}

function row(name: string, isClosed: boolean, sized: readonly Sized[], cursor: Cursor): Json[] {
  cursor.id += 1;
  const own = { id: cursor.id, type: 'row', title: name, collapsed: isClosed, gridPos: { x: 0, y: cursor.y, w: COLUMNS, h: 1 } };
  cursor.y += 1;
  const at = cursor.y;
  const panels = placed(sized, cursor);
  if (!isClosed) return [{ ...own, panels: [] }, ...panels];
  cursor.y = at;
  return [{ ...own, panels }];
}

function overview(maker: PanelMaker): Sized[] {
  const up = maker.panel('stat', 'Targets up', 'Targets that answered their last scrape, of all.', [maker.target(`sum(${maker.selector('up')})`, 'up'), maker.target(`count(${maker.selector('up')})`, 'targets')], {
    options: { reduceOptions: { calcs: ['lastNotNull'] }, colorMode: 'value', graphMode: 'none', textMode: 'value_and_name' },
    defaults: { decimals: 0 },
  });
  const line = (name: string, what: string, expr: string, unit: string): Sized => ({
    panel: maker.panel('timeseries', name, what, [maker.target(expr, '{{instance}}')], { unit, options: { legend: { showLegend: false } }, custom: { fillOpacity: 10 } }),
    w: 8,
    h: 6,
  });
  return [
    { panel: up, w: 8, h: 6 },
    line('Scrape duration', 'How long the targets took to answer.', maker.selector('scrape_duration_seconds'), 's'),
    line('Samples scraped', 'How many samples each scrape brought.', maker.selector('scrape_samples_scraped'), 'short'),
  ];
}

function instances({ job, source }: JobFacts): Json {
  return {
    name: 'instance',
    label: 'Instance',
    type: 'query',
    datasource: source,
    query: `label_values(up{job=${quoted(job)}}, instance)`,
    refresh: 2,
    sort: 1,
    multi: true,
    includeAll: true,
    allValue: '.*',
    current: { text: 'All', value: '$__all' },
    options: [],
  };
}

const label = (name: string): string => title({ name, unit: '' });

/** A dashboard of the job that is not stored yet. */
export function dashboardFor(facts: JobFacts): Json {
  const maker = new PanelMaker(facts);
  const families = familiesOf(facts).filter(({ name }) => !OF_SCRAPE.test(name));
  const cursor: Cursor = { id: 0, y: 0 };
  const panels = row('Overview', false, overview(maker), cursor);
  let open = panels.length;
  for (const group of groupsOf(families)) {
    const sized = group.families.flatMap((family) => maker.panelsOf(family));
    const isClosed = open + sized.length > PANELS_OPEN_MAX;
    if (!isClosed) open += sized.length;
    panels.push(...row(label(group.name), isClosed, sized, cursor));
  }
  return {
    title: `${facts.job} metrics`,
    tags: ['generated'],
    schemaVersion: 42,
    time: { from: 'now-1h', to: 'now' },
    refresh: '30s',
    graphTooltip: 1,
    templating: { list: [instances(facts)] },
    panels,
  };
}
