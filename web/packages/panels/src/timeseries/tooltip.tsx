// What stands in the box at the cursor: the time, and the series with their values.
import { formattedValueToString, type ActionModel, type LinkModel } from '@grafana/data';
import { usePanelContext, VizTooltipContent, VizTooltipFooter, VizTooltipHeader, VizTooltipWrapper } from '@narthex/vizkit';

import { actionsAt } from '../actions/models';
import { oneClickAt } from '../one_click';
import { ExemplarText, MarkText } from '../plot/told';
import type { PanelExemplar, PanelMark, PanelProps } from '../props';
import { tooltipRows, type TooltipRequest } from './tooltip_rows';

/** What may be done about the value nearest the cursor. */
function actionsOf({ frame, dataIndexes, nearest }: TooltipRequest, interpolate: PanelProps['interpolate']): ActionModel[] {
  const field = nearest == null ? undefined : frame.fields[nearest];
  const at = nearest == null ? null : dataIndexes[nearest];
  return field && at != null ? actionsAt({ config: field.config, frame, field, rowIndex: at }, interpolate) : [];
}

/** Its links. */
function linksOf({ frame, dataIndexes, nearest }: TooltipRequest): LinkModel[] {
  const field = nearest == null ? undefined : frame.fields[nearest];
  const at = nearest == null ? null : dataIndexes[nearest];
  if (!field?.getLinks || at == null || (field.config.links ?? []).length === 0) return [];
  return field.getLinks({ valueRowIndex: at });
}

/** Labels of the series nearest the cursor, to narrow the dashboard by. */
function labelsOf({ frame, nearest }: TooltipRequest): Array<[key: string, value: string]> {
  const labels = nearest == null ? undefined : frame.fields[nearest]?.labels;
  return Object.entries(labels ?? {}).filter(([key]) => key !== '__name__');
}

// Nobody reads more at a cursor, and each row costs time with every move of it.
const ROW_COUNT_MAX = 100;

interface SeriesTooltipProps {
  request: TooltipRequest;
  isPinned: boolean;
  interpolate: PanelProps['interpolate'];
  marks: readonly PanelMark[];
  exemplars: readonly PanelExemplar[];
  cursorMs: number;
  onAnnotate?: PanelProps['onAnnotate'];
}

export function SeriesTooltip({ request, isPinned, interpolate, marks, exemplars, cursorMs, onAnnotate }: SeriesTooltipProps) {
  const rows = tooltipRows(request);
  const { onAddAdHocFilter, canExecuteActions } = usePanelContext();
  const links = isPinned ? linksOf(request) : oneClickAt(request.frame, request.nearest, request.nearest === null ? null : request.dataIndexes[request.nearest]);
  const actions = isPinned && canExecuteActions?.() ? actionsOf(request, interpolate) : [];
  const filters = isPinned && onAddAdHocFilter ? labelsOf(request).map(([key, value]) => ({ key, operator: '=' as const, value, onClick: () => onAddAdHocFilter({ key, operator: '=', value }) })) : [];
  const [time] = request.frame.fields;
  const at = request.dataIndexes[0];
  if (!time || at == null || rows.length === 0) return null;
  const shown = time.display?.(time.values[at]);
  return (
    <VizTooltipWrapper>
      <VizTooltipHeader item={{ label: shown ? formattedValueToString(shown) : '', value: '' }} isPinned={isPinned} />
      <VizTooltipContent
        items={rows.slice(0, ROW_COUNT_MAX)}
        isPinned={isPinned}
        scrollable={isPinned}
        {...(request.options.maxHeightPx ? { maxHeight: request.options.maxHeightPx } : {})}
      />
      {rows.length > ROW_COUNT_MAX && <div style={{ padding: '4px 8px' }}>and {rows.length - ROW_COUNT_MAX} more series</div>}
      {marks.map((mark) => (
        <MarkText key={`${mark.id ?? mark.fromMs}/${mark.title}`} mark={mark} onEdit={isPinned && onAnnotate && mark.id !== undefined ? () => onAnnotate(mark) : undefined} />
      ))}
      {exemplars.map((exemplar, index) => (
        <ExemplarText key={`${exemplar.timeMs}/${index}`} exemplar={exemplar} />
      ))}
      {(links.length + actions.length + filters.length > 0 || (isPinned && onAnnotate)) && (
        <VizTooltipFooter dataLinks={links} actions={actions} adHocFilters={filters} {...(isPinned && onAnnotate ? { annotate: () => onAnnotate({ fromMs: cursorMs, toMs: cursorMs }) } : {})} />
      )}
    </VizTooltipWrapper>
  );
}
