// Shares of a whole, as a pie or a ring.
import { number, record, texts } from '@narthex/dashmodel/json';
import { getTextColorForBackground, usePanelContext, useTheme2, VizLayout } from '@narthex/vizkit';
import { useMemo, useState } from 'react';

import { useFieldDisplays } from '../display';
import { readTooltip } from '../options';
import { HoverBox, hoverAt, type Hover } from '../plot/HoverBox';
import { itemLegend, type LegendItem } from '../plot/ItemLegend';
import { orderedByValue } from '../plot/tooltip_order';
import type { PanelProps } from '../props';
import { choicesOf, hasChoices } from '../value_choices';
import { ValueMenu } from '../ValueMenu';
import { placeLabels, type PlacedLabel } from './labels';
import { labelLines, partsOf, percent, type Part } from './parts';
import { slicesOf, type Slice, type SliceSort } from './slices';

const HOLE = 0.6;

function sortOf(value: unknown): SliceSort {
  return value === 'asc' || value === 'none' ? value : 'desc';
}

function legendItems(parts: readonly Part[], options: PanelProps['options']): LegendItem[] {
  const legend = record(options['legend']);
  const values = texts(legend['values']);
  const total = parts.reduce((sum, { value, isHidden }) => sum + (isHidden ? 0 : Math.max(0, value)), 0);
  // One number needs no name beside each slice; a column of a table does.
  const titled = (title: string): { title?: string } => (values.length > 1 || legend['displayMode'] === 'table' ? { title } : {});
  return parts
    .filter(({ isInLegend }) => isInLegend)
    .map((part) => ({
      label: part.label,
      color: part.color,
      yAxis: 1,
      disabled: part.isHidden,
      getDisplayValues: () => [
        ...(values.includes('value') ? [{ text: part.text, numeric: part.value, ...titled('Value') }] : []),
        ...(values.includes('percent') ? [{ text: part.isHidden ? '-' : percent(total > 0 ? part.value / total : 0), numeric: part.value, ...titled('Percent') }] : []),
      ],
    }));
}

function Label({ label, slice, color }: { label: PlacedLabel; slice: Slice; color: string }) {
  const { x, y, lines, fontPx, isInside } = label;
  return (
    <text x={x} y={y} textAnchor="middle" fontSize={fontPx} fill={isInside ? getTextColorForBackground(slice.color) : color} pointerEvents="none">
      {lines.map((line, index) => (
        <tspan key={line} x={x} y={y + (index - (lines.length - 1) / 2) * fontPx * 1.2} dominantBaseline="central">
          {line}
        </tspan>
      ))}
    </text>
  );
}

interface PieProps extends PanelProps {
  parts: readonly Part[];
}

function Pie({ parts, options, width, height, title, interpolate }: PieProps) {
  const theme = useTheme2();
  const [hover, setHover] = useState<Hover<Slice>>();
  const radius = Math.max(8, Math.min(width, height) / 2 - 8);
  const inner = options['pieType'] === 'donut' ? radius * HOLE : 0;
  const drawn = parts.filter(({ value }) => value > 0);
  const slices = slicesOf(drawn, radius, inner);
  const shownLabels = texts(options['displayLabels']);
  const labels = placeLabels(slices, { outer: radius, inner, width, height }, (index) => {
    const part = drawn[index];
    return part ? labelLines(part, slices[index]?.share ?? 0, shownLabels) : [];
  });
  const mayAct = usePanelContext().canExecuteActions?.() ?? false;
  const choicesFor = ({ source }: Part) => (hasChoices(source.field, mayAct) ? () => choicesOf(source, { interpolate, mayAct }) : undefined);
  const hasMenus = drawn.some(({ source }) => hasChoices(source.field, mayAct));
  const tooltip = readTooltip(options);
  const shown = tooltip.mode === 'multi' ? orderedByValue(slices, ({ value }) => value, tooltip) : slices.filter(({ label }) => label === hover?.item.label);
  return (
    <>
      <ValueMenu>
        {(pressFor) => (
          <svg width={width} height={height} role={hasMenus ? 'group' : 'img'} aria-label={`${title}: ${slices.map((slice) => `${slice.label} ${percent(slice.share)}`).join(', ')}`}>
            <g transform={`translate(${width / 2} ${height / 2})`}>
              {slices.map((slice, index) => {
                const part = drawn[index];
                return (
                  <path
                    key={`${slice.label}/${index}`}
                    d={slice.path}
                    fill={slice.color}
                    opacity={hover && hover.item.label !== slice.label ? 0.5 : 1}
                    stroke={theme.colors.background.primary}
                    strokeWidth={number(options['strokeWidth'], 1)}
                    onPointerMove={(event) => setHover(hoverAt(event, slice))}
                    onPointerLeave={() => setHover(undefined)}
                    {...(part ? pressFor(`${slice.label} ${percent(slice.share)}`, choicesFor(part)) : {})}
                  />
                );
              })}
              {slices.map((slice, index) => {
                const label = labels[index];
                return label && <Label key={`${slice.label}/${index}`} label={label} slice={slice} color={theme.colors.text.primary} />;
              })}
            </g>
          </svg>
        )}
      </ValueMenu>
      {hover && tooltip.mode !== 'none' && (
        <HoverBox
          at={hover}
          title=""
          rows={shown.map((slice) => ({
            label: slice.label,
            value: `${parts.find(({ label }) => label === slice.label)?.text ?? ''} (${percent(slice.share)})`,
            color: slice.color,
            isActive: tooltip.mode === 'multi' && slice.label === hover.item.label,
          }))}
        />
      )}
    </>
  );
}

export default function PieChartPanel(props: PanelProps) {
  const { options, width, height } = props;
  const theme = useTheme2();
  const getValues = useFieldDisplays(props, false);
  const parts = useMemo(() => partsOf(getValues(), sortOf(options['sort']), theme), [getValues, options, theme]);
  if (parts.length === 0) return <p role="status">The answer holds no numbers to share out.</p>;
  const shown = parts.filter(({ isHidden }) => !isHidden);
  return (
    <VizLayout width={width} height={height} legend={itemLegend(legendItems(parts, options), options, true)}>
      {(chartWidth, chartHeight) => <Pie {...props} parts={shown} width={chartWidth} height={chartHeight} />}
    </VizLayout>
  );
}
