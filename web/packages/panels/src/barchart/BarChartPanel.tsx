// Values by category.
import { FieldType, getFieldSeriesColor, getValueFormat, type Field, type GrafanaTheme2 } from '@grafana/data';
import { flag, number, text } from '@narthex/dashmodel/json';
import { usePanelContext, useTheme2, VizLayout } from '@narthex/vizkit';
import { useId, useMemo, useState } from 'react';

import { readText, readTooltip } from '../options';
import { labelWidth, type Box } from '../plot/Axes';
import { HoverBox, hoverAt, type Hover } from '../plot/HoverBox';
import { linear, ticks, type Extent, type Scale } from '../plot/scales';
import { seriesLegend } from '../plot/SeriesLegend';
import { orderedByValue } from '../plot/tooltip_order';
import { axisText, nameOf, timeText, valueColor, valueText } from '../plot/text';
import type { PanelProps } from '../props';
import { choicesAt, hasChoices } from '../value_choices';
import { ValueMenu } from '../ValueMenu';
import { barExtent, barsAt, categoriesOf, type Bar, type Categories, type Stacking } from './bars';
import { barStops, Gradient, Thresholds } from './paints';
import { axisLook, axisRoom, LABEL_PX, ValueAxis, type AxisLook, type AxisRoom } from './ValueAxis';

// Shares of a stack.
const PERCENT: Field = {
  name: '',
  type: FieldType.number,
  config: {},
  values: [],
  display: (share, decimals) => ({ ...getValueFormat('percentunit')(Number(share), decimals), numeric: Number(share) }),
};

const CHARACTER_PX = 7;
const LABEL_GAP_PX = 8;

function stackingOf(value: unknown): Stacking {
  return value === 'normal' || value === 'percent' ? value : 'none';
}

interface Geometry {
  isHorizontal: boolean;
  box: Box;
  values: Scale;
  extent: Extent;
  /** Width of one category along its axis. */
  pitch: number;
  rotation: number;
}

function colorOf(bar: Bar, { colorBy }: Categories, theme: GrafanaTheme2): string {
  if (colorBy) return valueColor(colorBy, colorBy.values[bar.index]) ?? theme.colors.primary.main;
  const mode = bar.field.config.color?.mode ?? '';
  const isByValue = mode === 'thresholds' || mode.startsWith('continuous');
  return (isByValue ? valueColor(bar.field, bar.field.values[bar.index]) : undefined) ?? getFieldSeriesColor(bar.field, theme).color;
}

function categoryText(x: Field, index: number, { timeZone, timeRange }: PanelProps): string {
  const value: unknown = x.values[index];
  if (x.type !== FieldType.time || typeof value !== 'number' || x.config.unit) return valueText(x, value);
  return timeText(value, timeZone, timeRange.to.valueOf() - timeRange.from.valueOf());
}

function shortened(label: string, max: number | undefined): string {
  return max && max > 0 && label.length > max ? `${label.slice(0, max)}...` : label;
}

/** Bars lie where names are long or the panel is higher than wide. */
function isLying(orientation: unknown, labels: readonly string[], width: number, height: number): boolean {
  if (orientation === 'horizontal') return true;
  if (orientation === 'vertical') return false;
  const longest = Math.max(0, ...labels.map(({ length }) => length));
  return longest * CHARACTER_PX * labels.length > width * 1.6 && height > width * 0.6;
}

function geometryOf(props: PanelProps, categories: Categories, labels: readonly string[], look: AxisLook): Geometry & { axis: number[]; room: AxisRoom } {
  const { options, width, height } = props;
  const stacking = stackingOf(options['stacking']);
  const isHorizontal = isLying(options['orientation'], labels, width, height);
  const rotation = number(options['xTickLabelRotation'], 0);
  const tickCount = Math.max(2, Math.floor((isHorizontal ? width / 90 : height / 45)));
  const extent = barExtent(categories, stacking, tickCount);
  const axis = ticks(extent, tickCount);
  const valueLabels = axis.map((value) => axisText(stacking === 'percent' ? PERCENT : categories.values[0], value));
  const longest = Math.min(width * 0.4, labelWidth(labels));
  const room = axisRoom(look, isHorizontal, valueLabels);
  const left = isHorizontal ? longest : room.left;
  const bottom = isHorizontal ? room.bottom : Math.max(LABEL_PX, Math.abs(Math.sin((rotation * Math.PI) / 180)) * longest + (rotation ? 10 : 0));
  const box: Box = { left, top: 8, width: Math.max(1, width - left - room.right), height: Math.max(1, height - bottom - 8) };
  // Room for the values that stand at the ends of the bars.
  const hasLabels = options['showValue'] !== 'never';
  const ends = !hasLabels ? 0 : isHorizontal ? Math.min(box.width * 0.2, labelWidth(valueLabels)) : LABEL_PX;
  const low = extent.min < 0 ? ends : 0;
  const values = isHorizontal ? linear(extent, box.left + low, box.left + box.width - ends) : linear(extent, box.top + box.height - low, box.top + (hasLabels ? LABEL_PX / 2 : 0));
  const pitch = (isHorizontal ? box.height : box.width) / Math.max(1, categories.frame.length);
  return { isHorizontal, box, values, extent, pitch, rotation, axis, room };
}

function barBox(bar: Bar, { isHorizontal, box, values, pitch }: Geometry, options: PanelProps['options']): Box {
  const group = pitch * number(options['groupWidth'], 0.7);
  const slot = group / bar.slotCount;
  const thick = Math.max(1, slot * number(options['barWidth'], 0.97));
  const along = pitch * bar.index + (pitch - group) / 2 + slot * bar.slot + (slot - thick) / 2;
  const [a, b] = [values(bar.from), values(bar.to)];
  const size = Math.abs(a - b);
  if (isHorizontal) return { left: Math.min(a, b), top: box.top + along, width: size, height: thick };
  return { left: box.left + along, top: Math.min(a, b), width: thick, height: size };
}

interface ChartProps extends PanelProps {
  categories: Categories;
}

interface LabelsProps {
  labels: readonly string[];
  geometry: Geometry;
  /** At least so many pixels from one to the next. */
  spacingPx: number;
  isBackwards: boolean;
  theme: GrafanaTheme2;
}

/** Every how many labels stand side by side without touching. */
export function fittingStep(labels: readonly string[], pitchPx: number): number {
  const widths = labels.map((label) => labelWidth([label]) - 10);
  for (let step = 1; step < labels.length; step += 1) {
    const shown = widths.filter((_, index) => index % step === 0);
    if (shown.every((width, index) => index === 0 || (width + (shown[index - 1] ?? 0)) / 2 + LABEL_GAP_PX <= step * pitchPx)) return step;
  }
  return Math.max(1, labels.length);
}

function CategoryLabels({ labels, geometry, spacingPx, isBackwards, theme }: LabelsProps) {
  const { isHorizontal, box, pitch, rotation } = geometry;
  const least = Math.max(1, Math.ceil(spacingPx / pitch));
  const fitting = isHorizontal ? Math.max(1, Math.ceil(14 / pitch)) : rotation ? Math.max(1, Math.ceil(12 / pitch)) : fittingStep(labels, pitch);
  const every = Math.max(least, fitting);
  return (
    <g fontSize={12} fill={theme.colors.text.primary}>
      {labels.map((label, index) => {
        // A spacing below zero keeps the last one and counts backwards.
        if ((isBackwards ? labels.length - 1 - index : index) % every !== 0) return null;
        const middle = pitch * (index + 0.5);
        if (isHorizontal) {
          return (
            <text key={index} x={box.left - 6} y={box.top + middle} textAnchor="end" dominantBaseline="central">
              {label}
            </text>
          );
        }
        const x = box.left + middle;
        const y = box.top + box.height + 14;
        return (
          <text key={index} x={x} y={y} textAnchor={rotation === 0 ? 'middle' : rotation < 0 ? 'end' : 'start'} {...(rotation ? { transform: `rotate(${rotation} ${x} ${y})` } : {})}>
            {label}
          </text>
        );
      })}
    </g>
  );
}

interface ValueLabelProps {
  bar: Bar;
  place: Box;
  label: string;
  isHorizontal: boolean;
  isForced: boolean;
  fontPx: number;
  theme: GrafanaTheme2;
}

/** In the middle of its part of a stack, where it fits. */
function StackedLabel({ bar, place, label, isForced, fontPx, theme }: ValueLabelProps) {
  const fits = place.height >= fontPx && place.width >= label.length * fontPx * 0.55;
  if (bar.field.values[bar.index] == null || bar.from === bar.to || (!fits && !isForced)) return null;
  return (
    <text x={place.left + place.width / 2} y={place.top + place.height / 2} textAnchor="middle" dominantBaseline="central" fontSize={fontPx} fill={theme.colors.text.primary} pointerEvents="none">
      {label}
    </text>
  );
}

function ValueLabel({ bar, place, label, isHorizontal, isForced, fontPx, theme }: ValueLabelProps) {
  const room = isHorizontal ? place.height : place.width;
  if (bar.field.values[bar.index] == null || (!isForced && (isHorizontal ? room < 10 : label.length * CHARACTER_PX > room + 8))) return null;
  const isDown = bar.to < bar.from;
  const at = isHorizontal
    ? { x: isDown ? place.left - 4 : place.left + place.width + 4, y: place.top + place.height / 2 + 4, textAnchor: isDown ? ('end' as const) : ('start' as const) }
    : { x: place.left + place.width / 2, y: isDown ? place.top + place.height + 12 : place.top - 4, textAnchor: 'middle' as const };
  return (
    <text {...at} fontSize={fontPx} fill={theme.colors.text.primary} pointerEvents="none">
      {label}
    </text>
  );
}

/** Above all bars: those of a stack lie on one another. */
function Values({ bars, geometry, options, theme }: { bars: readonly Bar[]; geometry: Geometry; options: PanelProps['options']; theme: GrafanaTheme2 }) {
  const stacking = stackingOf(options['stacking']);
  const showValue = text(options['showValue'], 'auto');
  if (showValue === 'never') return null;
  const Label = stacking === 'none' ? ValueLabel : StackedLabel;
  return bars.map((bar, index) => (
    <Label
      key={index}
      bar={bar}
      place={barBox(bar, geometry, options)}
      label={stacking === 'percent' ? valueText(PERCENT, bar.to - bar.from) : valueText(bar.field, bar.field.values[bar.index])}
      isHorizontal={geometry.isHorizontal}
      isForced={showValue === 'always'}
      fontPx={readText(options).valueSize ?? 12}
      theme={theme}
    />
  ));
}

/** What a press on a bar offers. */
function useChoices(frame: Categories['frame'], { interpolate }: PanelProps) {
  const mayAct = usePanelContext().canExecuteActions?.() ?? false;
  const hasMenu = ({ config }: Field): boolean => hasChoices(config, mayAct);
  const choicesFor = ({ field, index }: Bar) => (hasMenu(field) ? () => choicesAt(frame, field, index, { interpolate, mayAct }) : undefined);
  return { hasMenu, choicesFor };
}

function Chart({ categories, ...props }: ChartProps) {
  const { options, width, height, frames } = props;
  const theme = useTheme2();
  const [hover, setHover] = useState<Hover<Bar>>();
  const { frame, x, values } = categories;
  const stacking = stackingOf(options['stacking']);
  const full = Array.from({ length: frame.length }, (_, index) => categoryText(x, index, props));
  const labels = full.map((label) => shortened(label, number(options['xTickLabelMaxLength'])));
  const look = axisLook(values[0], theme);
  const geometry = geometryOf(props, categories, labels, look);
  const bars = useMemo(() => Array.from({ length: frame.length }, (_, index) => barsAt(values, index, stacking)).flat(), [frame, values, stacking]);
  const tooltip = readTooltip(options);
  const shown = hover ? bars.filter((bar) => bar.index === hover.item.index && (tooltip.mode === 'multi' || bar.field === hover.item.field)) : [];
  // Everything but what the cursor is at steps back where the panel asks for it.
  const id = useId();
  const opacityOf = (field: Field): number => (number(field.config.custom?.fillOpacity) ?? 80) / 100;
  const gradients = values.map((field) => (categories.colorBy ? undefined : barStops(field, getFieldSeriesColor(field, theme).color, opacityOf(field), geometry.extent, theme)));
  const { hasMenu, choicesFor } = useChoices(frame, props);
  const isDimmed = (bar: Bar): boolean => flag(options['fullHighlight']) && hover !== undefined && !shown.includes(bar);
  return (
    <>
      <ValueMenu>
        {(pressFor) => (
          <svg width={width} height={height} role={values.some(hasMenu) ? 'group' : 'img'} aria-label={`${props.title}: bars of ${full.join(', ')}`}>
            <defs>{gradients.map((stops, index) => stops && <Gradient key={index} id={`${id}${index}`} stops={stops} {...geometry} />)}</defs>
            <ValueAxis {...geometry} look={look} field={stacking === 'percent' ? PERCENT : values[0]} theme={theme} />
            {values[0] && stacking !== 'percent' && <Thresholds field={values[0]} {...geometry} theme={theme} />}
            {bars.map((bar) => {
              const place = barBox(bar, geometry, options);
              const color = colorOf(bar, categories, theme);
              const series = values.indexOf(bar.field);
              const hasGradient = gradients[series] !== undefined;
              return (
                <rect
                  key={`${bar.index}/${series}`}
                  x={place.left}
                  y={place.top}
                  width={place.width}
                  height={place.height}
                  rx={number(options['barRadius'], 0) * Math.min(place.width, place.height)}
                  fill={hasGradient ? `url(#${id}${series})` : color}
                  fillOpacity={(hasGradient ? 1 : opacityOf(bar.field)) * (isDimmed(bar) ? 0.4 : 1)}
                  stroke={color}
                  strokeWidth={number(bar.field.config.custom?.lineWidth) ?? 1}
                  onPointerMove={(event) => setHover(hoverAt(event, bar))}
                  onPointerLeave={() => setHover(undefined)}
                  {...pressFor(`${full[bar.index] ?? ''} ${nameOf(bar.field, frame, frames)}: ${valueText(bar.field, bar.field.values[bar.index])}`, choicesFor(bar))}
                />
              );
            })}
            <Values bars={bars} geometry={geometry} options={options} theme={theme} />
            <CategoryLabels labels={labels} geometry={geometry} spacingPx={Math.abs(number(options['xTickLabelSpacing'], 0))} isBackwards={number(options['xTickLabelSpacing'], 0) < 0} theme={theme} />
          </svg>
        )}
      </ValueMenu>
      {hover && tooltip.mode !== 'none' && (
        <HoverBox
          at={hover}
          title={full[hover.item.index] ?? ''}
          rows={(tooltip.mode === 'multi' ? orderedByValue(shown, (bar) => Number(bar.field.values[bar.index]), tooltip) : shown).map((bar) => ({
            label: nameOf(bar.field, frame, frames),
            value: valueText(bar.field, bar.field.values[bar.index]),
            color: colorOf(bar, categories, theme),
            isActive: tooltip.mode === 'multi' && bar.field === hover.item.field,
          }))}
        />
      )}
    </>
  );
}

export default function BarChartPanel(props: PanelProps) {
  const { frames, options, width, height } = props;
  const categories = useMemo(() => categoriesOf(frames, text(options['xField']), text(options['colorByField'])), [frames, options]);
  if (!categories) return <p role="status">The answer holds no numbers by category.</p>;
  const legend = seriesLegend(
    categories.frame.fields.filter(({ type }) => type === FieldType.number).filter((field) => field !== categories.x).map((field) => ({ field, frame: categories.frame })),
    props,
  );
  return (
    <VizLayout width={width} height={height} legend={legend}>
      {(chartWidth, chartHeight) => <Chart {...props} categories={categories} width={chartWidth} height={chartHeight} />}
    </VizLayout>
  );
}
