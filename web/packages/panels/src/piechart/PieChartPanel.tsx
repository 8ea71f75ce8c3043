// Shares of a whole, as a pie or a ring.
import { FieldColorModeId, formattedValueToString, type FieldDisplay } from '@grafana/data';
import { number, record, texts } from '@narthex/dashmodel/json';
import { getTextColorForBackground, useTheme2, VizLayout, VizLegend } from '@narthex/vizkit';
import { useMemo, useState } from 'react';

import { useFieldDisplays } from '../display';
import { readLegend, readTooltip } from '../options';
import { HoverBox, hoverAt, type Hover } from '../plot/HoverBox';
import type { PanelProps } from '../props';
import { slicesOf, sortSlices, type Slice, type SliceInput, type SliceSort } from './slices';

interface Part extends SliceInput {
  text: string;
}

const LABEL_SHARE_MIN = 0.03;
const HOLE = 0.6;

function sortOf(value: unknown): SliceSort {
  return value === 'asc' || value === 'none' ? value : 'desc';
}

function useParts(props: PanelProps): Part[] {
  const theme = useTheme2();
  const getValues = useFieldDisplays(props, false);
  const { options } = props;
  return useMemo(() => {
    const parts = getValues().map(({ display, field }: FieldDisplay, index): Part => {
      const isFixed = field.color?.mode === FieldColorModeId.Fixed || field.color?.mode === FieldColorModeId.Thresholds;
      const palette = theme.visualization.palette;
      const own = isFixed ? display.color : theme.visualization.getColorByName(palette[index % palette.length] ?? 'green');
      return { label: display.title ?? '', value: display.numeric, text: formattedValueToString(display), color: own ?? theme.colors.primary.main };
    });
    return sortSlices(parts, sortOf(options['sort']));
  }, [getValues, theme, options]);
}

const percent = (share: number): string => `${(share * 100).toFixed(share > 0 && share < 0.1 ? 1 : 0)}%`;

function labelOf(part: Part, share: number, shown: readonly string[]): string {
  const pieces = [
    ...(shown.includes('name') ? [part.label] : []),
    ...(shown.includes('value') ? [part.text] : []),
    ...(shown.includes('percent') ? [percent(share)] : []),
  ];
  return pieces.join(' ');
}

function Legend({ parts, options }: { parts: readonly Part[]; options: PanelProps['options'] }) {
  const { placement, displayMode } = readLegend(options);
  const values = texts(record(options['legend'])['values']);
  const total = parts.reduce((sum, { value }) => sum + Math.max(0, value), 0);
  // One number needs no name beside each slice.
  const titled = (title: string): { title?: string } => (values.length > 1 ? { title } : {});
  const items = parts.map((part) => ({
    label: part.label,
    color: part.color,
    yAxis: 1,
    getDisplayValues: () => [
      ...(values.includes('value') ? [{ text: part.text, numeric: part.value, ...titled('Value') }] : []),
      ...(values.includes('percent') ? [{ text: percent(total > 0 ? part.value / total : 0), numeric: part.value, ...titled('Percent') }] : []),
    ],
  }));
  return <VizLegend items={items} placement={placement} displayMode={displayMode} readonly />;
}

interface PieProps extends PanelProps {
  parts: readonly Part[];
}

function Pie({ parts, options, width, height, title }: PieProps) {
  const theme = useTheme2();
  const [hover, setHover] = useState<Hover<Slice>>();
  const radius = Math.max(8, Math.min(width, height) / 2 - 8);
  const slices = slicesOf(parts, radius, options['pieType'] === 'donut' ? radius * HOLE : 0);
  const labels = texts(options['displayLabels']);
  const tooltip = readTooltip(options);
  const shown = tooltip.mode === 'multi' ? slices : slices.filter(({ label }) => label === hover?.item.label);
  return (
    <>
      <svg width={width} height={height} role="img" aria-label={`${title}: ${slices.map((slice) => `${slice.label} ${percent(slice.share)}`).join(', ')}`}>
        <g transform={`translate(${width / 2} ${height / 2})`}>
          {slices.map((slice, index) => (
            <path
              key={`${slice.label}/${index}`}
              d={slice.path}
              fill={slice.color}
              opacity={hover && hover.item.label !== slice.label ? 0.5 : 1}
              stroke={theme.colors.background.primary}
              strokeWidth={number(options['strokeWidth'], 1)}
              onPointerMove={(event) => setHover(hoverAt(event, slice))}
              onPointerLeave={() => setHover(undefined)}
            />
          ))}
          {labels.length > 0 &&
            slices.map((slice, index) =>
              slice.share < LABEL_SHARE_MIN ? null : (
                <text key={`${slice.label}/${index}`} x={slice.at.x} y={slice.at.y} textAnchor="middle" dominantBaseline="middle" fontSize={Math.max(10, radius / 9)} fill={getTextColorForBackground(slice.color)} pointerEvents="none">
                  {labelOf(parts[index] ?? { ...slice, text: '' }, slice.share, labels)}
                </text>
              ),
            )}
        </g>
      </svg>
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
  const parts = useParts(props);
  const { showLegend, placement } = readLegend(options);
  if (parts.length === 0) return <p role="status">The answer holds no numbers to share out.</p>;
  const legend = showLegend ? (
    <VizLayout.Legend placement={placement} {...(placement === 'right' ? { maxWidth: '50%' } : { maxHeight: '40%' })}>
      <Legend parts={parts} options={options} />
    </VizLayout.Legend>
  ) : null;
  return (
    <VizLayout width={width} height={height} legend={legend}>
      {(chartWidth, chartHeight) => <Pie {...props} parts={parts} width={chartWidth} height={chartHeight} />}
    </VizLayout>
  );
}
