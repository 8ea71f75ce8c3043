// States over time, one row for each series: as stretches of one state, or sample by sample.
import { FALLBACK_COLOR, FieldColorModeId, type Field, type GrafanaTheme2 } from '@grafana/data';
import { flag, number } from '@narthex/dashmodel/json';
import { Button, getTextColorForBackground, usePanelContext, useTheme2, VizLayout } from '@narthex/vizkit';
import { useMemo, useState, type PointerEvent } from 'react';

import { readTooltip } from '../options';
import { fitted, labelWidth, type Box } from '../plot/Axes';
import { HoverBox, hoverAt, type Hover } from '../plot/HoverBox';
import { itemLegend } from '../plot/ItemLegend';
import { readMarkStyle } from '../plot/mark_style';
import { useMarks } from '../plot/Marks';
import { linear } from '../plot/scales';
import { fullTime, nameOf, valueText } from '../plot/text';
import type { PanelProps } from '../props';
import { readZones } from '../timeseries/time_axes';
import { choicesAt, hasChoices } from '../value_choices';
import { ValueMenu, type PressFor } from '../ValueMenu';
import { sampleIndexOf, timelineRows, type Row, type Span } from './spans';
import { axisWidthOf, rowName, statesToTell, type Shown } from './told';
import { AXIS_PX, ZoneAxes } from './ZoneAxes';

const PAGER_PX = 40;
const PER_PAGE_DEFAULT = 20;
const CHARACTER_PX = 7.5;
// A legend of more names nothing any more.
const LEGEND_MAX = 30;

interface State {
  text: string;
  color: string;
}

/** By mapping or threshold where the field is coloured so; undefined where each state has a colour of its own. */
function ownColor(field: Field, value: unknown, theme: GrafanaTheme2): string | undefined {
  const shown = field.display?.(value);
  const mode = field.config.color?.mode;
  const isMapped = (field.config.mappings ?? []).length > 0 && shown?.color !== undefined && shown.color !== FALLBACK_COLOR;
  const isPalette = mode?.startsWith('palette') ?? true;
  const isByValue = !isPalette && mode !== undefined && typeof value === 'number';
  return isMapped || isByValue || mode === FieldColorModeId.Fixed ? (shown?.color ?? theme.colors.primary.main) : undefined;
}

interface States {
  of: (span: Span) => State;
  /** Each text once, in the order of their first time. */
  all: State[];
}

/** Text and colour of every span, worked out once: a chart of measured values has thousands. */
function statesOf(rows: readonly Row[], theme: GrafanaTheme2): States {
  const byText = new Map<string, State>();
  const bySpan = new Map<Span, State>();
  const { palette } = theme.visualization;
  for (const { field, spans } of rows) {
    for (const span of spans) {
      const text = valueText(field, span.value);
      const next = theme.visualization.getColorByName(palette[byText.size % palette.length] ?? 'green');
      const state = { text, color: ownColor(field, span.value, theme) ?? byText.get(text)?.color ?? next };
      if (!byText.has(text)) byText.set(text, state);
      bySpan.set(span, state);
    }
  }
  const none = { text: '', color: theme.colors.primary.main };
  return { of: (span) => bySpan.get(span) ?? none, all: [...byText.values()] };
}

interface RowsProps extends PanelProps {
  rows: readonly Row[];
  states: States;
  isChanges: boolean;
}

function useRows(props: PanelProps, isChanges: boolean): Row[] {
  const { frames, options, timeRange } = props;
  return useMemo(
    () =>
      timelineRows({
        frames,
        isChanges,
        isMerged: flag(options['mergeValues'], true),
        untilMs: timeRange.to.valueOf(),
      }),
    [frames, options, isChanges, timeRange],
  );
}

interface BarsProps {
  row: Row;
  top: number;
  height: number;
  box: Box;
  props: RowsProps;
  onHover: (hover: Hover<Shown> | undefined) => void;
  mayAct: boolean;
  pressFor: PressFor;
}

function Bars({ row, top, height, box, props, onHover, mayAct, pressFor }: BarsProps) {
  const { timeRange, options, states, isChanges, interpolate, frames } = props;
  const hasMenu = hasChoices(row.field.config, mayAct);
  const choicesFor = (span: Span) => (hasMenu ? () => choicesAt(row.frame, row.field, sampleIndexOf(row, span, isChanges), { interpolate, mayAct }) : undefined);
  const min = timeRange.from.valueOf();
  const place = linear({ min, max: timeRange.to.valueOf() }, box.left, box.left + box.width);
  const timeAt = ({ clientX, currentTarget }: PointerEvent<SVGGElement>): number => {
    const x = clientX - (currentTarget.ownerSVGElement?.getBoundingClientRect().left ?? 0);
    return min + ((x - box.left) / box.width) * (timeRange.to.valueOf() - min);
  };
  const gap = isChanges ? 0 : 1 - number(options['colWidth'], 0.9);
  const opacity = (number(row.field.config.custom?.fillOpacity) ?? 70) / 100;
  const lineWidth = number(row.field.config.custom?.lineWidth, isChanges ? 0 : 1);
  return row.spans.map((span) => {
    const from = Math.max(box.left, place(span.fromMs));
    const to = Math.min(box.left + box.width, place(span.toMs));
    if (to <= from) return null;
    const width = Math.max(1, (to - from) * (1 - gap));
    const { text: label, color } = states.of(span);
    const isLabelled = options['showValue'] === 'always' || (options['showValue'] !== 'never' && label.length * CHARACTER_PX < width && height > 14);
    const x = options['alignValue'] === 'center' ? from + width / 2 : options['alignValue'] === 'right' ? from + width - 4 : from + 4;
    const anchor = options['alignValue'] === 'center' ? 'middle' : options['alignValue'] === 'right' ? 'end' : 'start';
    return (
      <g
        key={span.fromMs}
        onPointerMove={(event) => onHover(hoverAt(event, { row, span, timeMs: timeAt(event) }))}
        onPointerLeave={() => onHover(undefined)}
        {...(hasMenu ? pressFor(`${nameOf(row.field, row.frame, frames)}: ${label}`, choicesFor(span)) : {})}
      >
        <rect x={from} y={top} width={width} height={height} fill={color} fillOpacity={opacity} stroke={color} strokeWidth={lineWidth} />
        {isLabelled && (
          <text x={x} y={top + height / 2} dominantBaseline="central" textAnchor={anchor} fontSize={12} fill={getTextColorForBackground(color)} pointerEvents="none">
            {label}
          </text>
        )}
      </g>
    );
  });
}

function Rows(props: RowsProps) {
  const { rows, width, height, timeRange, timeZone, options, frames } = props;
  const theme = useTheme2();
  const [hover, setHover] = useState<Hover<Shown>>();
  const names = rows.map(({ field, frame }) => nameOf(field, frame, frames));
  const shownNames = rows.map((row, index) => rowName(row, names[index] ?? ''));
  const left = Math.min(width * 0.35, axisWidthOf(rows) ?? (shownNames.every((name) => name === '') ? 0 : labelWidth(shownNames)));
  const zones = readZones(options, timeZone);
  const tooltip = readTooltip(options);
  const box: Box = { left, top: 0, width: Math.max(1, width - left - 8), height: Math.max(1, height - AXIS_PX * zones.length) };
  const extent = { min: timeRange.from.valueOf(), max: timeRange.to.valueOf() };
  const pitch = box.height / Math.max(1, rows.length);
  const bar = pitch * Math.min(1, Math.max(0.1, number(options['rowHeight'], 0.9)));
  const marks = useMarks({ marks: props.marks, place: linear(extent, box.left, box.left + box.width), box, timeZone, style: readMarkStyle(props.options) });
  const mayAct = usePanelContext().canExecuteActions?.() ?? false;
  const hasMenus = rows.some(({ field }) => hasChoices(field.config, mayAct));
  return (
    <>
      <ValueMenu>
        {(pressFor) => (
          <svg width={width} height={height} role={hasMenus ? 'group' : 'img'} aria-label={`${props.title}: states of ${names.join(', ')}`}>
            <ZoneAxes zones={zones} extent={extent} box={box} theme={theme} />
            {rows.map((row, index) => (
              <g key={`${names[index]}/${index}`}>
                <text x={left - 8} y={pitch * (index + 0.5)} textAnchor="end" dominantBaseline="central" fontSize={12} fill={theme.colors.text.primary}>
                  <title>{names[index]}</title>
                  {fitted(shownNames[index] ?? '', left - 10)}
                </text>
                <Bars row={row} top={pitch * index + (pitch - bar) / 2} height={bar} box={box} props={props} onHover={setHover} mayAct={mayAct} pressFor={pressFor} />
              </g>
            ))}
            {marks.drawn}
          </svg>
        )}
      </ValueMenu>
      {marks.told}
      {hover && tooltip.mode !== 'none' && (
        <HoverBox
          at={hover}
          title={`${fullTime(hover.item.span.fromMs, timeZone)} to ${fullTime(hover.item.span.toMs, timeZone)}`}
          rows={statesToTell(rows, hover.item, tooltip.mode === 'multi').map(({ row, span, isActive }) => ({
            label: nameOf(row.field, row.frame, frames),
            value: props.states.of(span).text,
            color: props.states.of(span).color,
            isActive,
          }))}
        />
      )}
    </>
  );
}

function Pager({ page, count, onPage }: { page: number; count: number; onPage: (page: number) => void }) {
  return (
    <div style={{ height: PAGER_PX, display: 'flex', gap: 8, alignItems: 'center', justifyContent: 'center' }}>
      <Button size="sm" variant="secondary" icon="angle-left" aria-label="Previous page" disabled={page === 0} onClick={() => onPage(page - 1)} />
      <span>
        {page + 1} / {count}
      </span>
      <Button size="sm" variant="secondary" icon="angle-right" aria-label="Next page" disabled={page >= count - 1} onClick={() => onPage(page + 1)} />
    </div>
  );
}

/** All of them on one page where pages are switched off. */
export function rowsOnPage(perPage: unknown, count: number): number {
  const asked = number(perPage, PER_PAGE_DEFAULT);
  return asked > 0 ? Math.max(1, Math.floor(asked)) : Math.max(1, count);
}

export function TimelinePanel({ isChanges, ...props }: PanelProps & { isChanges: boolean }) {
  const { options, width, height } = props;
  const theme = useTheme2();
  const all = useRows(props, isChanges);
  const [page, setPage] = useState(0);
  const perPage = rowsOnPage(options['perPage'], all.length);
  const pageCount = Math.ceil(all.length / perPage);
  const rows = all.slice(page * perPage, (page + 1) * perPage);
  const states = useMemo(() => statesOf(all, theme), [all, theme]);
  if (all.length === 0) return <p role="status">The answer holds no states over time.</p>;
  const items = states.all.length > LEGEND_MAX ? [] : states.all.map(({ text: label, color }) => ({ label, color, yAxis: 1 }));
  const hasPager = pageCount > 1;
  return (
    <>
      <VizLayout width={width} height={height - (hasPager ? PAGER_PX : 0)} legend={itemLegend(items, options)}>
        {(chartWidth, chartHeight) => <Rows {...props} rows={rows} states={states} isChanges={isChanges} width={chartWidth} height={chartHeight} />}
      </VizLayout>
      {hasPager && <Pager page={page} count={pageCount} onPage={setPage} />}
    </>
  );
}
