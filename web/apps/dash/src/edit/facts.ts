// What the forms of a panel offer to choose from: the fields and queries of its data, the dashboard's variables.
import { FieldType, getFieldDisplayName, type DataFrame } from '@grafana/data';
import { createContext, useContext, useMemo, useSyncExternalStore } from 'react';

import { useScope } from '../dashboard/scope';

export interface Facts {
  /** Shown names of the fields, without times. */
  names: readonly string[];
  /** Names of labels that any field has. */
  labels: readonly string[];
  refIds: readonly string[];
  variables: readonly string[];
  /** Those of the variables that may have several values: what a panel can be repeated by. */
  repeatable: readonly string[];
}

const NONE: Facts = { names: [], labels: [], refIds: [], variables: [], repeatable: [] };

export const FactsContext = createContext<Facts>(NONE);
export const useFacts = (): Facts => useContext(FactsContext);

const unique = (texts: readonly string[]): string[] => [...new Set(texts)];

interface VariableFacts {
  name: string;
  type: string;
  multi: boolean;
  includeAll: boolean;
}

/** Names of the variables that may have several values. */
export const repeatableOf = (variables: readonly VariableFacts[]): string[] =>
  variables.filter(({ type, multi, includeAll }) => type !== 'adhoc' && type !== 'groupby' && (multi || includeAll)).map(({ name }) => name);

export function factsOf(frames: DataFrame[], targets: readonly string[], variables: readonly VariableFacts[]): Facts {
  const fields = frames.flatMap((frame) => frame.fields.map((field) => ({ field, name: getFieldDisplayName(field, frame, frames) })));
  return {
    names: unique(fields.filter(({ field }) => field.type !== FieldType.time).map(({ name }) => name)),
    labels: unique(fields.flatMap(({ field }) => Object.keys(field.labels ?? {}))).toSorted(),
    refIds: unique([...targets, ...frames.flatMap(({ refId }) => (refId === undefined ? [] : [refId]))]),
    variables: variables.map(({ name }) => name),
    repeatable: repeatableOf(variables),
  };
}

const never = () => () => {};
const NO_FRAMES: DataFrame[] = [];

/** The frames that a panel of the page shows now. */
export function useShownFrames(panelKey: string): DataFrame[] {
  const { shownFrames } = useScope();
  return useSyncExternalStore(shownFrames?.subscribe ?? never, () => shownFrames?.get(panelKey) ?? NO_FRAMES);
}

/** The facts of one panel; they keep their identity as long as they say the same. */
export function usePanelFacts(panelKey: string, targets: readonly string[]): Facts {
  const frames = useShownFrames(panelKey);
  const { variables } = useScope();
  const facts = factsOf(frames, targets, variables);
  const said = JSON.stringify(facts);
  // said stands for the facts: new samples bring no new names.
  // eslint-disable-next-line react-hooks/exhaustive-deps
  return useMemo(() => facts, [said]);
}
