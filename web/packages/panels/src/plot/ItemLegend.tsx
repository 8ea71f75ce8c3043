// A legend of whatever has names and colours, laid out as the panel's options say.
import { SeriesVisibilityChangeMode, usePanelContext, VizLayout, VizLegend } from '@narthex/vizkit';
import type { ComponentProps, ReactElement } from 'react';

import { readLegend } from '../options';
import type { PanelProps } from '../props';

export type LegendItem = ComponentProps<typeof VizLegend>['items'][number];

interface ListProps {
  items: readonly LegendItem[];
  options: PanelProps['options'];
  /** A press on a name shows what it stands for alone, or hides it. */
  isPressed: boolean;
}

function ItemList({ items, options, isPressed }: ListProps) {
  const { onToggleSeriesVisibility } = usePanelContext();
  const { placement, displayMode, sortBy, sortDesc, limit, overflow } = readLegend(options);
  const press = isPressed
    ? {
        onLabelClick: ({ label }: LegendItem, event: { ctrlKey: boolean; metaKey: boolean; shiftKey: boolean }) =>
          onToggleSeriesVisibility?.(label, event.ctrlKey || event.metaKey || event.shiftKey ? SeriesVisibilityChangeMode.AppendToSelection : SeriesVisibilityChangeMode.ToggleSelection),
      }
    : { readonly: true };
  return (
    <VizLegend
      items={[...items]}
      placement={placement}
      {...(displayMode ? { displayMode } : {})}
      {...(sortBy === undefined ? {} : { sortBy, sortDesc: sortDesc === true })}
      {...(limit === undefined ? {} : { limit })}
      {...(overflow === undefined ? {} : { overflow })}
      isSortable
      {...press}
    />
  );
}

/** For the `legend` of a VizLayout; null when it is switched off or would be empty. */
export function itemLegend(items: readonly LegendItem[], options: PanelProps['options'], isPressed = false): ReactElement<ComponentProps<typeof VizLayout.Legend>> | null {
  const { showLegend, placement, width } = readLegend(options);
  if (!showLegend || items.length === 0) return null;
  const room = placement === 'right' ? { maxWidth: '50%', ...(width === undefined ? {} : { width }) } : { maxHeight: '40%' };
  return (
    <VizLayout.Legend placement={placement} {...room}>
      <ItemList items={items} options={options} isPressed={isPressed} />
    </VizLayout.Legend>
  );
}
