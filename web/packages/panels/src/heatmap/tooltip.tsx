// What stands in the box at a cell: its bounds and count, how the others of its time are filled, what happened there.
import { dateTimeFormat, type LinkModel } from '@grafana/data';
import { useTheme2, VizTooltipContent, VizTooltipFooter, VizTooltipHeader, VizTooltipWrapper, type TooltipRow } from '@narthex/vizkit';
import { useSyncExternalStore } from 'react';

import { followed } from '../one_click';
import { ExemplarText, MarkText } from '../plot/told';
import type { PanelExemplar, PanelMark, PanelProps } from '../props';
import { colorIndex, VISIBLE_MIN, type HeatmapData } from './cells';
import type { Cell, HoverStore } from './hover_store';

export type Format = (value: number) => string;

const SCALE_WIDTH_PX_MAX = 320;
const SPREAD_WIDTH_PX = 240;
const SPREAD_HEIGHT_PX = 48;
// As many rows as are read at a glance, those nearest the cursor.
const ROWS_MAX = 11;

/** The colours with what their ends stand for; `at` marks one value. */
export function ColorScale({ colors, data, format, at }: { colors: string[]; data: HeatmapData; format: Format; at?: number }) {
  const theme = useTheme2();
  const share = at === undefined || !(data.max > data.min) ? undefined : Math.min(1, Math.max(0, (at - data.min) / (data.max - data.min)));
  return (
    <div style={{ display: 'flex', alignItems: 'center', gap: 8, padding: '4px 0 0 8px', maxWidth: SCALE_WIDTH_PX_MAX, ...theme.typography.bodySmall }}>
      <span>{format(data.min)}</span>
      <div aria-hidden style={{ position: 'relative', flex: 1, height: 8, borderRadius: 4, background: `linear-gradient(90deg, ${colors.join(',')})` }}>
        {share !== undefined && <div style={{ position: 'absolute', left: `${share * 100}%`, top: -3, width: 2, height: 14, background: theme.colors.text.primary }} />}
      </div>
      <span>{format(data.max)}</span>
    </div>
  );
}

interface CellNames {
  formatBound: (bound: string) => string;
  formatCell: Format;
}

function boundsText({ bounds, lowest }: HeatmapData, bucket: number, formatBound: CellNames['formatBound']): string {
  const name = bounds[bucket] ?? '';
  if (Number.isNaN(name === '+Inf' ? Infinity : Number(name))) return name;
  const below = bucket > 0 ? bounds[bucket - 1] : lowest;
  const upper = formatBound(name);
  return below === undefined ? `up to ${upper}` : `${formatBound(below)} - ${upper}`;
}

/** A cell in words; empty beside all of them. */
export function describeCell(cell: Cell | undefined, data: HeatmapData, { formatBound, formatCell, timeZone }: CellNames & { timeZone: string }): string {
  if (!cell) return '';
  const { bucket, column } = cell;
  return `${dateTimeFormat(data.timesMs[column] ?? 0, { timeZone })}, ${boundsText(data, bucket, formatBound)}: ${formatCell(data.values[bucket]?.[column] ?? 0)}`;
}

/** The rows of one time around the one at the cursor that hold something, the highest first. */
export function rowsNear({ values }: HeatmapData, column: number, bucket: number): number[] {
  const filled = values.flatMap((row, index) => ((row[column] ?? 0) > VISIBLE_MIN || index === bucket ? [index] : []));
  return filled
    .toSorted((a, b) => Math.abs(a - bucket) - Math.abs(b - bucket))
    .slice(0, ROWS_MAX)
    .toSorted((a, b) => b - a);
}

/** How the observations of one time spread over the rows. */
function Spread({ data, column, bucket, colors }: { data: HeatmapData; column: number; bucket: number; colors: string[] }) {
  const theme = useTheme2();
  const counts = data.values.map((row) => Math.max(0, row[column] ?? 0));
  const most = Math.max(...counts);
  if (!(most > 0)) return null;
  const width = SPREAD_WIDTH_PX / counts.length;
  return (
    <svg width={SPREAD_WIDTH_PX} height={SPREAD_HEIGHT_PX} style={{ display: 'block', margin: '4px 8px' }} role="img" aria-label={`Spread over ${counts.length} buckets`}>
      {counts.map((count, row) => {
        const height = (count / most) * (SPREAD_HEIGHT_PX - 2);
        const color = colors[colorIndex(count, data.min, data.max, colors.length)] ?? 'transparent';
        return (
          <rect
            key={row}
            x={row * width}
            y={SPREAD_HEIGHT_PX - height}
            width={Math.max(1, width - 1)}
            height={height}
            fill={color}
            stroke={row === bucket ? theme.colors.text.primary : 'none'}
          />
        );
      })}
      <line x1={0} x2={SPREAD_WIDTH_PX} y1={SPREAD_HEIGHT_PX} y2={SPREAD_HEIGHT_PX} stroke={theme.colors.border.medium} />
    </svg>
  );
}

export interface CellTooltipProps extends CellNames {
  store: HoverStore;
  data: HeatmapData;
  colors: string[];
  timeZone: string;
  valueName: string;
  /** Every row of the time instead of the one at the cursor. */
  isAll: boolean;
  hasSpread: boolean;
  hasScale: boolean;
  maxHeightPx: number | undefined;
  isPinned: boolean;
  marks: readonly PanelMark[];
  exemplars: readonly PanelExemplar[];
  onAnnotate: PanelProps['onAnnotate'];
}

/** The link of the cell at the cursor that a single press follows; empty where it has none of that kind. */
export function oneClickOf({ fields }: HeatmapData, cell: Cell | undefined): LinkModel[] {
  const field = cell && fields?.[cell.bucket];
  return cell && field?.config.links?.some(({ oneClick }) => oneClick === true) ? followed(field.getLinks?.({ valueRowIndex: cell.column }) ?? []) : [];
}

function linksOf({ fields }: HeatmapData, bucket: number, column: number): LinkModel[] {
  const field = fields?.[bucket];
  return field?.getLinks && (field.config.links ?? []).length > 0 ? field.getLinks({ valueRowIndex: column }) : [];
}

export function CellTooltip({ store, data, colors, timeZone, formatBound, formatCell, valueName, isAll, hasSpread, hasScale, maxHeightPx, isPinned, marks, exemplars, onAnnotate }: CellTooltipProps) {
  const cell = useSyncExternalStore(store.subscribe, store.get);
  if (!cell) return null;
  const { bucket, column } = cell;
  const timeMs = data.timesMs[column] ?? 0;
  const countAt = (row: number): number => data.values[row]?.[column] ?? 0;
  const colorAt = (row: number): string | undefined => colors[colorIndex(countAt(row), data.min, data.max, colors.length)];
  const items: TooltipRow[] = isAll
    ? rowsNear(data, column, bucket).map((row) => {
        const color = colorAt(row);
        return { label: boundsText(data, row, formatBound), value: formatCell(countAt(row)), isActive: row === bucket, ...(color ? { color } : {}) };
      })
    : [
        { label: 'Bucket', value: boundsText(data, bucket, formatBound) },
        { label: valueName, value: formatCell(countAt(bucket)) },
      ];
  const links = isPinned ? linksOf(data, bucket, column) : [];
  return (
    <VizTooltipWrapper>
      <VizTooltipHeader item={{ label: dateTimeFormat(timeMs, { timeZone }), value: '' }} isPinned={isPinned} />
      <VizTooltipContent items={items} isPinned={isPinned} scrollable={isPinned} {...(maxHeightPx ? { maxHeight: maxHeightPx } : {})} />
      {hasSpread && <Spread data={data} column={column} bucket={bucket} colors={colors} />}
      {hasScale && <ColorScale colors={colors} data={data} format={formatCell} at={countAt(bucket)} />}
      {marks.map((mark) => (
        <MarkText key={`${mark.id ?? mark.fromMs}/${mark.title}`} mark={mark} onEdit={isPinned && onAnnotate && mark.id !== undefined ? () => onAnnotate(mark) : undefined} />
      ))}
      {exemplars.map((exemplar, index) => (
        <ExemplarText key={`${exemplar.timeMs}/${index}`} exemplar={exemplar} />
      ))}
      {(links.length > 0 || (isPinned && onAnnotate)) && <VizTooltipFooter dataLinks={links} {...(isPinned && onAnnotate ? { annotate: () => onAnnotate({ fromMs: timeMs, toMs: timeMs }) } : {})} />}
    </VizTooltipWrapper>
  );
}
