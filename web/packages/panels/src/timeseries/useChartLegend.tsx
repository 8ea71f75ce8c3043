// The legend of a chart. It costs as much as the chart itself, so it is made anew only where it says something else.
import { fieldColorModeRegistry, FieldType, type DataFrame } from '@grafana/data';
import { PlotLegend, type UPlotConfigBuilder, type VizLayout } from '@narthex/vizkit';
import { flag, record } from '@narthex/dashmodel/json';
import { useMemo, useRef, useState, type ComponentProps, type ReactElement } from 'react';

import { readLegend } from '../options';
import type { PanelProps } from '../props';

// The rest comes at the press of a button: nobody reads thousands of names, and laying them out takes seconds.
const ITEM_COUNT_MAX = 200;

/** How many names are shown at first; 0 for all of them. */
export function legendLimit(asked: number | undefined, count: number): number {
  if (asked !== undefined) return Math.min(asked, ITEM_COUNT_MAX);
  return count > ITEM_COUNT_MAX ? ITEM_COUNT_MAX : 0;
}

/** Whether names, colours or numbers of the legend follow from the values. */
function readsValues(frames: DataFrame[], calcs: readonly string[]): boolean {
  if (calcs.length > 0) return true;
  return frames.some(({ fields }) =>
    fields.some(({ type, config }) => type === FieldType.number && config.color?.mode !== undefined && fieldColorModeRegistry.getIfExists(config.color.mode)?.isByValue === true),
  );
}

export function useChartLegend({ frames, options, structureRev }: PanelProps, config: UPlotConfigBuilder): ReactElement<ComponentProps<typeof VizLayout.Legend>> | null {
  const legend = useMemo(() => readLegend(options), [options]);
  const facets = record(options['legend']);
  const [isPinned, setIsPinned] = useState(flag(facets['facetedFilterPinned']));
  const hasFacets = flag(facets['enableFacetedFilter']);
  const latest = useRef(frames);
  latest.current = frames;
  const revision = readsValues(frames, legend.calcs) ? frames : structureRev;
  return useMemo(() => {
    if (!legend.showLegend) return null;
    const isRight = legend.placement === 'right';
    return (
      <PlotLegend
        data={latest.current}
        config={config}
        {...legend}
        limit={legendLimit(legend.limit, latest.current.length)}
        enableFacetedFilter={hasFacets}
        facetedFilterPinned={isPinned}
        onPinnedToSidebarChange={setIsPinned}
        {...(isRight ? { maxHeight: '100%', maxWidth: '60%' } : { maxHeight: '40%', maxWidth: '100%' })}
      />
    );
    // revision stands for the frames.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [legend, config, revision, hasFacets, isPinned]);
}
