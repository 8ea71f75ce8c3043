// What stands in the box at the cursor: the time, and the series with their values.
import { formattedValueToString } from '@grafana/data';
import { VizTooltipContent, VizTooltipHeader, VizTooltipWrapper } from '@narthex/vizkit';

import { tooltipRows, type TooltipRequest } from './tooltip_rows';

export function SeriesTooltip({ request, isPinned }: { request: TooltipRequest; isPinned: boolean }) {
  const rows = tooltipRows(request);
  const [time] = request.frame.fields;
  const at = request.dataIndexes[0];
  if (!time || at == null || rows.length === 0) return null;
  const shown = time.display?.(time.values[at]);
  return (
    <VizTooltipWrapper>
      <VizTooltipHeader item={{ label: shown ? formattedValueToString(shown) : '', value: '' }} isPinned={isPinned} />
      <VizTooltipContent
        items={rows}
        isPinned={isPinned}
        scrollable={isPinned}
        {...(request.options.maxHeightPx ? { maxHeight: request.options.maxHeightPx } : {})}
      />
    </VizTooltipWrapper>
  );
}
