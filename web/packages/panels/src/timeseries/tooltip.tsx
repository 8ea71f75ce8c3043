// What stands in the box at the cursor: the time, and the series with their values.
import { formattedValueToString, type LinkModel } from '@grafana/data';
import { usePanelContext, VizTooltipContent, VizTooltipFooter, VizTooltipHeader, VizTooltipWrapper } from '@narthex/vizkit';

import type { PanelExemplar, PanelMark } from '../props';
import { tooltipRows, type TooltipRequest } from './tooltip_rows';

/** Links of the value nearest the cursor. */
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
  marks: readonly PanelMark[];
  exemplars: readonly PanelExemplar[];
}

function ExemplarText({ exemplar }: { exemplar: PanelExemplar }) {
  return (
    <div style={{ padding: '4px 8px', borderTop: '1px solid var(--border-weak)' }}>
      <strong>Exemplar</strong> {exemplar.value}{' '}
      {Object.entries(exemplar.labels)
        .map(([name, value]) => `${name}=${value}`)
        .join(' ')}{' '}
      {exemplar.url !== '' && <a href={exemplar.url}>Trace</a>}
    </div>
  );
}

export function SeriesTooltip({ request, isPinned, marks, exemplars }: SeriesTooltipProps) {
  const rows = tooltipRows(request);
  const { onAddAdHocFilter } = usePanelContext();
  const links = isPinned ? linksOf(request) : [];
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
        <div key={`${mark.fromMs}/${mark.title}`} style={{ padding: '4px 8px', borderTop: '1px solid var(--border-weak)' }}>
          <strong>{mark.title}</strong> {mark.text} {mark.tags.join(', ')}
        </div>
      ))}
      {exemplars.map((exemplar, index) => (
        <ExemplarText key={`${exemplar.timeMs}/${index}`} exemplar={exemplar} />
      ))}
      {links.length + filters.length > 0 && <VizTooltipFooter dataLinks={links} adHocFilters={filters} />}
    </VizTooltipWrapper>
  );
}
