// A value on an arc or a circle as gauges are drawn since version 13: segments, rounded ends, glow, history.
import { colorManipulator, formattedValueToString } from '@grafana/data';
import { useId, useMemo } from 'react';

import { arcPath, pointOn } from './arc';
import { GaugeFrame, type GaugeProps } from './GaugeFrame';
import { barSpan, colorAt, colorStops, layoutOf, segments, slices, type ColorStop, type Layout } from './radial';
import { readRadial, shownText, type RadialOptions } from './radial_options';
import { RadialText } from './RadialText';
import { rangeOf } from './range';
import { Rim, RimLabels } from './Rim';

const RADIUS_MIN_PX = 12;
const NO_SPAN = { from: 0, to: 0 };

interface BarProps {
  layout: Layout;
  span: { from: number; to: number; end: number };
  options: RadialOptions;
  stops: ColorStop[];
  color: string;
}

function Track({ layout, options, color }: Pick<BarProps, 'layout' | 'options' | 'color'>) {
  const { bar, sweep, barWidth } = layout;
  const shown = options.segmentCount > 1 ? segments(NO_SPAN, options, layout) : [{ from: 0, to: 1 }];
  const cap = options.isRounded && options.segmentCount === 1 && sweep.degrees < 360 ? 'round' : 'butt';
  return shown.map(({ from, to }) => <path key={from} d={arcPath(bar, from, to, sweep)} stroke={color} strokeWidth={barWidth} strokeLinecap={cap} fill="none" />);
}

function SegmentedBar({ layout, span, options, stops, color }: BarProps) {
  return segments(span, options, layout)
    .filter(({ isFilled }) => isFilled)
    .map(({ from, to, at }) => (
      <path key={from} d={arcPath(layout.bar, from, to, layout.sweep)} stroke={options.hasGradient ? colorAt(stops, at, color) : color} strokeWidth={layout.barWidth} fill="none" />
    ));
}

/** A round end, drawn as the dot it is: a line cap would round every slice. */
function RoundEnd({ layout, at, fill }: { layout: Layout; at: number; fill: string }) {
  const { x, y } = pointOn(layout.bar, at, layout.sweep);
  return <circle cx={x} cy={y} r={layout.barWidth / 2} fill={fill} />;
}

/** What marks the end of a rounded bar. */
function EndMarker({ layout, span, options, glowId, fill }: { layout: Layout; span: BarProps['span']; options: RadialOptions; glowId: string; fill: string }) {
  const { x, y } = pointOn(layout.bar, span.end, layout.sweep);
  if (options.endpointMarker === 'glow') return <circle cx={x} cy={y} r={layout.barWidth * 0.9} fill={`url(#${glowId})`} />;
  if (options.endpointMarker === 'none') return null;
  const isLight = colorManipulator.getLuminance(colorManipulator.asHexString(fill)) > 0.4;
  return <circle cx={x} cy={y} r={Math.max(1, layout.barWidth * 0.18)} fill={isLight ? '#111217' : '#fbfbfb'} opacity={0.85} />;
}

function SolidBar({ layout, span, options, stops, color, glowId }: BarProps & { glowId: string }) {
  const { bar, sweep, barWidth } = layout;
  const colorOf = (at: number): string => (options.hasGradient ? colorAt(stops, at, color) : color);
  return (
    <>
      {options.isRounded && <RoundEnd layout={layout} at={span.from} fill={colorOf(span.from)} />}
      {slices(span, options.hasGradient).map(({ from, to, at }) => (
        <path key={from} d={arcPath(bar, from, to, sweep)} stroke={colorOf(at)} strokeWidth={barWidth} fill="none" />
      ))}
      {options.isRounded && <RoundEnd layout={layout} at={span.to} fill={colorOf(span.to)} />}
      {options.isRounded && <EndMarker layout={layout} span={span} options={options} glowId={glowId} fill={colorOf(span.end)} />}
    </>
  );
}

function Glows({ id, color, layout }: { id: string; color: string; layout: Layout }) {
  return (
    <defs>
      <filter id={`${id}-bar`} x="-30%" y="-30%" width="160%" height="160%">
        <feGaussianBlur stdDeviation={layout.barWidth / 5} result="blur" />
        <feMerge>
          <feMergeNode in="blur" />
          <feMergeNode in="SourceGraphic" />
        </feMerge>
      </filter>
      <radialGradient id={`${id}-center`}>
        <stop offset="0%" stopColor={color} stopOpacity={0.28} />
        <stop offset="90%" stopColor={color} stopOpacity={0} />
      </radialGradient>
      <radialGradient id={`${id}-end`}>
        <stop offset="0%" stopColor="#ffffff" stopOpacity={0.65} />
        <stop offset="100%" stopColor="#ffffff" stopOpacity={0} />
      </radialGradient>
    </defs>
  );
}

export function RadialGauge({ value, width, height, theme, count, options: json, link }: GaugeProps) {
  const id = useId();
  const options = useMemo(() => readRadial(json), [json]);
  const bounds = rangeOf(value);
  const layout = layoutOf(width, height, options);
  const { bar, inner, rim, labels, sweep } = layout;
  const text = formattedValueToString(value.display);
  const name = value.display.title ?? '';
  const color = value.display.color ?? theme.colors.primary.main;
  if (bar.radius < RADIUS_MIN_PX) return <div style={{ width, height, color, overflow: 'hidden' }}>{text}</div>;
  const parts: BarProps = {
    layout,
    span: barSpan(value.display.numeric, bounds, options.neutral),
    options,
    stops: options.hasGradient ? colorStops(value.field, color, bounds, theme) : [],
    color,
  };
  return (
    <GaugeFrame width={width} height={height} label={`${name} ${text}`.trim()} link={link}>
      <Glows id={id} color={color} layout={layout} />
      {options.hasCenterGlow && <circle cx={inner.x} cy={inner.y} r={inner.radius} fill={`url(#${id}-center)`} />}
      <Track layout={layout} options={options} color={theme.colors.action.hover} />
      <g {...(options.hasBarGlow ? { filter: `url(#${id}-bar)` } : {})}>{options.segmentCount > 1 ? <SegmentedBar {...parts} /> : <SolidBar {...parts} glowId={`${id}-end`} />}</g>
      {rim && <Rim value={value} circle={rim} theme={theme} sweep={sweep} width={rim.width} />}
      {options.hasLabels && <RimLabels value={value} circle={labels} theme={theme} sweep={sweep} more={options.neutral === undefined ? [] : [options.neutral]} />}
      <RadialText value={value} color={color} theme={theme} inner={inner} shape={options.shape} shown={shownText(options, count)} hasSparkline={options.hasSparkline} options={json} height={height} />
    </GaugeFrame>
  );
}
