// 19 links of panels, 20 and 21 the names in data links. Source: spec grafana.md, MIG-19 to MIG-21.
import { flag, isRecord, record, records, text } from '../json';
import type { AnyRecord } from '../types';
import { allPanels } from './walk';

const slugOf = (title: string): string => title.toLowerCase().replace(/[^\w ]+/g, '').replace(/ +/g, '-');

function linkUrl(link: AnyRecord): string {
  let url = text(link['url']);
  if (url === '' && link['dashUri']) url = `dashboard/${text(link['dashUri'])}`;
  if (url === '' && link['dashboard']) url = `dashboard/db/${slugOf(text(link['dashboard']))}`;
  const extra = [
    ...(flag(link['keepTime']) ? ['$__url_time_range'] : []),
    ...(flag(link['includeVars']) ? ['$__all_variables'] : []),
    ...(link['params'] ? [text(link['params'])] : []),
  ].join('&');
  if (extra === '') return url;
  return `${url}${url.includes('?') ? '&' : '?'}${extra}`;
}

export function panelLinks(dashboard: AnyRecord): void {
  for (const panel of allPanels(dashboard)) {
    if (!Array.isArray(panel['links'])) continue;
    panel['links'] = records(panel['links']).map((link) => ({
      title: text(link['title']),
      url: linkUrl(link),
      targetBlank: flag(link['targetBlank']),
    }));
  }
}

const NAMES: ReadonlyArray<readonly [RegExp, string]> = [
  [/(\$)?__series_name/g, '${__series.name}'],
  [/\$__value_time/g, '${__value.time}'],
  [/\$__field_name/g, '${__field.name}'],
  [/__series\.labels/g, '__field.labels'],
];

function renamed(link: AnyRecord): void {
  for (const [pattern, name] of NAMES) {
    if (typeof link['url'] === 'string') link['url'] = link['url'].replace(pattern, () => name);
  }
}

/** Old names of series and values in the links of fields. */
export function dataLinkNames(dashboard: AnyRecord): void {
  for (const panel of allPanels(dashboard)) {
    const options = record(panel['options']);
    const lists = [
      options['dataLinks'],
      record(record(options['fieldOptions'])['defaults'])['links'],
      record(record(panel['fieldConfig'])['defaults'])['links'],
    ];
    for (const list of lists) for (const link of records(list)) if (isRecord(link)) renamed(link);
  }
}
