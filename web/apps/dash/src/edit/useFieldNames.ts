// The names of the fields that a panel shows at this moment.
import { FieldType, getFieldDisplayName, type DataFrame } from '@grafana/data';
import { useMemo, useSyncExternalStore } from 'react';

import { useScope } from '../dashboard/scope';

const NONE: DataFrame[] = [];
const never = () => () => {};

/** What the panel was given last, transformations applied. */
export function useShownFrames(panelKey: string): DataFrame[] {
  const { shownFrames } = useScope();
  return useSyncExternalStore(shownFrames?.subscribe ?? never, () => shownFrames?.get(panelKey) ?? NONE);
}

export function useFieldNames(panelKey: string): string[] {
  const frames = useShownFrames(panelKey);
  return useMemo(() => {
    const all = frames.flatMap((frame) => frame.fields.map((field) => ({ name: getFieldDisplayName(field, frame, frames), isTime: field.type === FieldType.time })));
    // Values first: they are what is meant nearly always.
    return [...new Set([...all.filter(({ isTime }) => !isTime), ...all].map(({ name }) => name))];
  }, [frames]);
}
