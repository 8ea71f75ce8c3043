// Writes variables into text, as one panel or copy of a panel sees them.
import { panelLookup } from '@narthex/runner';
import { interpolate, prometheusFormat } from '@narthex/vars';
import { useMemo } from 'react';

import { useScope, type DashboardScope } from './scope';

export interface Writer {
  text: (text: string) => string;
  /** As a heading: what a person reads of a value, All for all of them. */
  title: (text: string) => string;
  query: (text: string) => string;
}

type Bound = Readonly<Record<string, { text: string; value: string }>>;

export function writerFor({ variables, builtins }: Pick<DashboardScope, 'variables' | 'builtins'>, bound: Bound): Writer {
  const lookup = panelLookup(variables, bound, builtins);
  return {
    text: (text) => interpolate(text, { lookup }),
    title: (text) => interpolate(text, { lookup, format: 'text' }),
    query: (text) => interpolate(text, { lookup, write: prometheusFormat }),
  };
}

export function useWriter(bound: Bound): Writer {
  const { variables, builtins } = useScope();
  return useMemo(() => writerFor({ variables, builtins }, bound), [variables, builtins, bound]);
}
