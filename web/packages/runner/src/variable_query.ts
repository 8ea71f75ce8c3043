// The choices of a query variable, asked from a Prometheus data source.
import { isRecord, record, text } from '@narthex/dashmodel/json';
import type { TimeWindow } from '@narthex/timeutil';
import { parsePrometheusVariableQuery } from '@narthex/vars';

export type FetchResource = (uid: string, path: string, params: URLSearchParams) => Promise<unknown>;

function labelText(labels: unknown): string {
  const all = Object.entries(record(labels)).map(([name, value]) => [name, text(value)] as const);
  const name = all.find(([key]) => key === '__name__')?.[1] ?? '';
  const rest = all.filter(([key]) => key !== '__name__').map(([key, value]) => `${key}="${value}"`);
  return rest.length > 0 ? `${name}{${rest.toSorted().join(',')}}` : name;
}

const strings = (data: unknown): string[] => (Array.isArray(data) ? data.map((one) => text(one)) : []);

/** Lines as the regex of the variable expects them: series, value and time in milliseconds. */
function resultLines(data: unknown): string[] {
  const { result, resultType } = record(data);
  if (resultType === 'scalar' || resultType === 'string') {
    return Array.isArray(result) ? [text(result[1])] : [];
  }
  if (!Array.isArray(result)) return [];
  return result.filter(isRecord).map((sample) => {
    const value: unknown[] = Array.isArray(sample['value']) ? sample['value'] : [];
    return `${labelText(sample['metric'])} ${text(value[1])} ${Number(value[0]) * 1000}`;
  });
}

export async function fetchVariableTexts(
  query: string,
  uid: string,
  window: TimeWindow,
  fetchResource: FetchResource,
): Promise<string[]> {
  const parsed = parsePrometheusVariableQuery(query);
  const params = new URLSearchParams({
    start: String(Math.floor(window.fromMs / 1000)),
    end: String(Math.ceil(window.toMs / 1000)),
  });
  if ('match' in parsed && parsed.match !== '') params.set('match[]', parsed.match);
  switch (parsed.kind) {
    case 'labelNames':
      return strings(await fetchResource(uid, 'api/v1/labels', params));
    case 'labelValues':
      return strings(await fetchResource(uid, `api/v1/label/${encodeURIComponent(parsed.label)}/values`, params));
    case 'metrics': {
      const names = strings(await fetchResource(uid, 'api/v1/label/__name__/values', params));
      const regex = new RegExp(parsed.regex);
      return names.filter((name) => regex.test(name));
    }
    case 'queryResult': {
      const instant = new URLSearchParams({ query: parsed.expr, time: String(window.toMs / 1000) });
      return resultLines(await fetchResource(uid, 'api/v1/query', instant));
    }
    case 'series': {
      if (parsed.match === '') return [];
      const data = await fetchResource(uid, 'api/v1/series', params);
      return Array.isArray(data) ? data.map(labelText) : [];
    }
  }
}
