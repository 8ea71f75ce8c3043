// Writes variables into text, as one panel or copy of a panel sees them.
import { panelLookup } from '@narthex/runner';
import { interpolate, prometheusFormat } from '@narthex/vars';
import { useMemo } from 'react';

import { useScope } from './scope';

export interface Writer {
  text: (text: string) => string;
  query: (text: string) => string;
}

export function useWriter(bound: Readonly<Record<string, { text: string; value: string }>>): Writer {
  const { variables, builtins } = useScope();
  return useMemo(() => {
    const lookup = panelLookup(variables, bound, builtins);
    return {
      text: (text) => interpolate(text, { lookup }),
      query: (text) => interpolate(text, { lookup, write: prometheusFormat }),
    };
  }, [variables, builtins, bound]);
}
