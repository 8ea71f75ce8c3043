// Under edit, a press on the colour of a series in a legend chooses another.
import type { Panel } from '@narthex/dashmodel';
import { useMemo, useRef } from 'react';

import { useEditing } from './EditContext';
import { panelSource, withSeriesColor } from './panel_source';

// Those whose legends name fields: an override finds them again.
const TYPES: ReadonlySet<string> = new Set(['timeseries', 'trend', 'barchart']);

export function useSeriesColor({ id, type }: Panel): { onSeriesColorChange?: (name: string, color: string) => void } {
  const editing = useEditing();
  const latest = useRef(editing);
  latest.current = editing;
  const isOffered = editing.isEditing && TYPES.has(type);
  // The same one at every drawing: another would draw the legend anew.
  return useMemo(() => {
    if (!isOffered) return {};
    return {
      onSeriesColorChange: (name: string, color: string) => {
        const { json, library, change } = latest.current;
        const source = panelSource(json, library, id);
        if (!source) return;
        const next = source.changed(withSeriesColor(source.panel, name, color));
        change(next.json, next.models);
      },
    };
  }, [isOffered, id]);
}
