// From the JSON of a file or of the API to a dashboard the page can show.
import { flag, isRecord, number, record, records, text, texts } from './json';
import { migrate } from './migrate';
import { isV2, unwrapped } from './v2/detect';
import type { AnnotationJson, AnyRecord, Dashboard, DashboardLink, DataSourceRef, DataTarget, FieldConfigJson, GridPos, Panel, QuickRange, VariableJson } from './types';

/** The file is not a dashboard of the supported form; the message is for the person who opened it. */
export class UnsupportedDashboard extends Error {}

function datasource(value: unknown): DataSourceRef | null {
  if (!isRecord(value)) return null;
  const uid = text(value['uid']);
  const type = text(value['type']);
  return uid || type ? { ...(uid && { uid }), ...(type && { type }) } : null;
}

function fieldConfig(value: unknown): FieldConfigJson {
  const { defaults, overrides } = record(value);
  return {
    defaults: record(defaults),
    overrides: records(overrides).map((override) => {
      const matcher = record(override['matcher']);
      return {
        matcher: { id: text(matcher['id']), options: matcher['options'] },
        properties: records(override['properties']).map((property) => ({
          id: text(property['id']),
          value: property['value'],
        })),
      };
    }),
  };
}

function target(value: AnyRecord): DataTarget {
  return {
    ...value,
    refId: text(value['refId'], 'A'),
    hide: flag(value['hide']),
    datasource: datasource(value['datasource']),
  };
}

const COLUMN_COUNT = 24;
// Far more than any dashboard has; a number without bounds would make a page without an end.
const ROW_COUNT_MAX = 100_000;
const PANEL_ROWS_MAX = 1000;

const between = (value: number, low: number, high: number): number => Math.min(high, Math.max(low, value));

/** Inside of the grid, whatever the file says. */
function place(value: unknown): GridPos {
  const { x, y, w, h } = record(value);
  const width = between(number(w, 12), 1, COLUMN_COUNT);
  return { x: between(number(x, 0), 0, COLUMN_COUNT - width), y: between(number(y, 0), 0, ROW_COUNT_MAX), w: width, h: between(number(h, 9), 1, PANEL_ROWS_MAX) };
}

function panel(value: AnyRecord): Panel {
  const id = number(value['id'], 0);
  return {
    id,
    key: String(id),
    type: text(value['type'], 'unknown'),
    title: text(value['title']),
    description: text(value['description']),
    transparent: flag(value['transparent']),
    gridPos: place(value['gridPos']),
    datasource: datasource(value['datasource']),
    targets: records(value['targets']).map(target),
    fieldConfig: fieldConfig(value['fieldConfig']),
    options: record(value['options']),
    transformations: records(value['transformations']),
    links: records(value['links']).map((one) => ({ title: text(one['title']), url: text(one['url']), targetBlank: flag(one['targetBlank']) })),
    libraryPanel: text(record(value['libraryPanel'])['name']),
    interval: text(value['interval']),
    maxDataPoints: number(value['maxDataPoints']),
    timeFrom: text(value['timeFrom']),
    timeShift: text(value['timeShift']),
    hideTimeOverride: flag(value['hideTimeOverride']),
    timeCompare: text(value['timeCompare']),
    repeat: text(value['repeat']),
    repeatDirection: value['repeatDirection'] === 'v' ? 'v' : 'h',
    maxPerRow: number(value['maxPerRow'], 4),
    collapsed: flag(value['collapsed']),
    panels: records(value['panels']).map(panel),
    bound: {},
  };
}

const isInMenu = ({ placement }: AnyRecord): boolean => placement === 'inControlsMenu';

function quickRanges(value: unknown): QuickRange[] {
  return records(value)
    .map((one) => ({ from: text(one['from']), to: text(one['to']), display: text(one['display']) }))
    .filter(({ from, to, display }) => from !== '' && to !== '' && display !== '');
}

function link(value: AnyRecord): DashboardLink {
  return {
    type: text(value['type'], 'link'),
    title: text(value['title']),
    url: text(value['url']),
    tooltip: text(value['tooltip']),
    targetBlank: flag(value['targetBlank']),
    keepTime: flag(value['keepTime']),
    includeVars: flag(value['includeVars']),
    tags: texts(value['tags']),
    asDropdown: flag(value['asDropdown']),
    icon: text(value['icon']),
    isInMenu: isInMenu(value),
  };
}

function variables(value: unknown): VariableJson[] {
  return records(record(value)['list'])
    .map((one) => ({ ...one, name: text(one['name']), type: text(one['type'], 'query') }))
    .filter(({ name }) => name !== '');
}

// What people marked on a dashboard is shown on it, whether or not its file says so.
const BUILT_IN = { builtIn: 1, name: 'Annotations & Alerts', type: 'dashboard', datasource: { type: 'grafana', uid: '-- Grafana --' }, enable: true, hide: true };

function annotations(value: unknown): AnnotationJson[] {
  const listed = records(record(value)['list']);
  const all = listed.some((one) => one['builtIn'] === 1) ? listed : [BUILT_IN, ...listed];
  return all.map((one: AnyRecord) => ({
    ...one,
    name: text(one['name']),
    enable: flag(one['enable'], true),
    hide: flag(one['hide']),
    isInMenu: isInMenu(one),
    iconColor: text(one['iconColor'], 'rgba(0, 211, 255, 1)'),
    datasource: datasource(one['datasource']),
  }));
}

export function loadDashboard(source: unknown): Dashboard {
  if (!isRecord(source)) throw new UnsupportedDashboard('This is not a dashboard: the file holds no JSON object.');
  if (isRecord(source['spec']) && unwrapped(source) === source) {
    throw new UnsupportedDashboard(`This is ${text(source['kind'], 'a resource')} of ${text(source['apiVersion'], 'an unnamed version')}, not a dashboard. Export the dashboard itself as JSON.`);
  }
  if (isV2(source)) throw new UnsupportedDashboard('This dashboard uses schema v2 (elements and layout), which is converted when it is imported.');
  const json = migrate(source);
  const time = record(json['time']);
  const timepicker = record(json['timepicker']);
  return {
    uid: text(json['uid']),
    title: text(json['title'], 'Untitled'),
    description: text(json['description']),
    tags: texts(json['tags']),
    timezone: text(json['timezone']),
    weekStart: text(json['weekStart']),
    fiscalYearStartMonth: number(json['fiscalYearStartMonth'], 0),
    graphTooltip: number(json['graphTooltip'], 0),
    time: { from: text(time['from'], 'now-6h'), to: text(time['to'], 'now') },
    refresh: text(json['refresh']),
    refreshIntervals: texts(timepicker['refresh_intervals']),
    timepickerHidden: flag(timepicker['hidden']),
    quickRanges: quickRanges(timepicker['quick_ranges']),
    nowDelay: text(timepicker['nowDelay']),
    isEditable: flag(json['editable'], true),
    panels: records(json['panels']).map(panel),
    variables: variables(json['templating']),
    annotations: annotations(json['annotations']),
    links: records(json['links']).map(link),
  };
}
