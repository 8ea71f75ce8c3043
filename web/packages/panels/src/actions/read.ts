// The actions of a field as a file holds them, made sound. Pure. Source: @grafana/data 13.2.2, types/action.
import { colorManipulator, type FieldConfig } from '@grafana/data';
import { flag, record, records, text } from '@narthex/dashmodel/json';

export const METHODS = ['GET', 'POST', 'PUT', 'DELETE', 'PATCH'] as const;
export type Method = (typeof METHODS)[number];

type Pair = readonly [name: string, value: string];

export interface ActionConfig {
  title: string;
  /** Asked before the call, above its method and address. */
  question: string;
  isOneClick: boolean;
  variables: ReadonlyArray<{ key: string; name: string }>;
  backgroundColor: string | undefined;
  method: Method | undefined;
  url: string;
  queryParams: readonly Pair[];
  headers: readonly Pair[];
  body: string;
}

const pairs = (value: unknown): Pair[] =>
  (Array.isArray(value) ? value : []).flatMap((pair: unknown): Pair[] => {
    const [name, one]: unknown[] = Array.isArray(pair) ? pair : [];
    return text(name) === '' ? [] : [[text(name), text(one)]];
  });

/** Undefined for what is no colour: the theme throws at it. */
function colorOf(value: unknown): string | undefined {
  const color = text(value);
  try {
    return color !== '' && colorManipulator.decomposeColor(color).values.length >= 3 ? color : undefined;
  } catch {
    return undefined;
  }
}

/** Those that call an address; other types need a data source that is not here. */
export function readActions({ actions }: Pick<FieldConfig, 'actions'>): ActionConfig[] {
  return records(actions)
    .filter(({ type }) => type === undefined || type === 'fetch')
    .map((action) => {
      const call = record(action['fetch']);
      return {
        title: text(action['title']) || 'Action',
        question: text(action['confirmation']),
        isOneClick: flag(action['oneClick']),
        variables: records(action['variables']).flatMap((one) => (text(one['key']) === '' ? [] : [{ key: text(one['key']), name: text(one['name']) || text(one['key']) }])),
        backgroundColor: colorOf(record(action['style'])['backgroundColor']),
        method: METHODS.find((method) => method === (text(call['method']) || 'POST').toUpperCase()),
        url: text(call['url']),
        queryParams: pairs(call['queryParams']),
        headers: pairs(call['headers']),
        body: text(call['body']),
      };
    });
}
