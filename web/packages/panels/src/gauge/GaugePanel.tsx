// A value on an arc, with its thresholds along the rim.
import { formattedValueToString, getValueFormat, ThresholdsMode, type FieldDisplay, type GrafanaTheme2 } from '@grafana/data';
import { flag, number } from '@narthex/dashmodel/json';
import { useTheme2, VizRepeater } from '@narthex/vizkit';

import { useFieldDisplays } from '../display';
import { ValueLinks, type ValueLinkApi } from '../links';
import { readOrientation, readText } from '../options';
import type { PanelProps } from '../props';
import { fitted } from '../plot/Axes';
import { arcPath, fitCircle, pointOn, shareOf, thresholdBands } from './arc';

const NAME_HEIGHT_PX = 24;
const RIM_LABEL_PX = 11;
const MIN_DEFAULT = 0;
const MAX_DEFAULT = 100;

function rangeOf({ field }: FieldDisplay): { min: number; max: number } {
  return { min: field.min ?? MIN_DEFAULT, max: field.max ?? MAX_DEFAULT };
}

interface GaugeProps {
  value: FieldDisplay;
  width: number;
  height: number;
  theme: GrafanaTheme2;
  showName: boolean;
  showMarkers: boolean;
  showLabels: boolean;
  valueSize: number | undefined;
  link: ValueLinkApi;
}

function Rim({ value, circle, theme }: { value: FieldDisplay; circle: { x: number; y: number; radius: number }; theme: GrafanaTheme2 }) {
  const { thresholds } = value.field;
  const { min, max } = rangeOf(value);
  const steps = thresholds?.steps ?? [];
  const bands = thresholdBands(steps, thresholds?.mode === ThresholdsMode.Percentage, min, max);
  return bands.map(({ from, to, color }) => (
    <path
      key={from}
      d={arcPath(circle, from, to)}
      stroke={theme.visualization.getColorByName(color)}
      strokeWidth={Math.max(2, circle.radius * 0.04)}
      fill="none"
    />
  ));
}

/** The values at which the colour changes, and the ends of the range, around the rim. */
function RimLabels({ value, circle, theme }: { value: FieldDisplay; circle: { x: number; y: number; radius: number }; theme: GrafanaTheme2 }) {
  const { thresholds } = value.field;
  const { min, max } = rangeOf(value);
  const isPercentage = thresholds?.mode === ThresholdsMode.Percentage;
  const inner = (thresholds?.steps ?? []).map(({ value: at }) => (isPercentage ? min + ((max - min) * at) / 100 : at)).filter((at) => at > min && at < max);
  const format = getValueFormat(value.field.unit ?? 'none');
  return [min, ...inner, max].map((at) => {
    const share = shareOf(at, min, max);
    const { x, y } = pointOn(circle, share);
    return (
      <text key={at} x={x} y={y} textAnchor={share < 0.45 ? 'end' : share > 0.55 ? 'start' : 'middle'} dominantBaseline="central" fontSize={RIM_LABEL_PX} fill={theme.colors.text.secondary}>
        {formattedValueToString(format(at, value.field.decimals))}
      </text>
    );
  });
}

function Gauge({ value, width, height, theme, showName, showMarkers, showLabels, valueSize, link }: GaugeProps) {
  const { min, max } = rangeOf(value);
  const dialHeight = height - (showName ? NAME_HEIGHT_PX : 0);
  // The labels stand outside of the rim.
  const margin = showLabels ? RIM_LABEL_PX * 2.6 : 2;
  const rim = fitCircle(width - margin * 2, dialHeight - (showLabels ? RIM_LABEL_PX * 2 : 4));
  const thickness = rim.radius * 0.2;
  const outer = { ...rim, x: width / 2, radius: rim.radius - 2 };
  const band = { ...outer, radius: outer.radius - (showMarkers ? rim.radius * 0.07 : 0) - thickness / 2 };
  const text = formattedValueToString(value.display);
  // Wide enough for the text, never taller than the hollow allows.
  const fontSize = valueSize ?? Math.min(band.radius * 0.52, (band.radius * 2.5) / Math.max(3, text.length));
  // The ends of the arc, and the labels there.
  const arcBottom = outer.y + outer.radius / 2 + (showLabels ? RIM_LABEL_PX : 0);
  const name = value.display.title ?? '';
  const color = value.display.color ?? theme.colors.primary.main;
  if (rim.radius < 12) return <div style={{ width, height, color }}>{text}</div>;
  return (
    <svg width={width} height={height} role={link.onClick ? 'button' : 'img'} aria-label={`${name} ${text}`.trim()} {...(link.onClick ? { onClick: link.onClick, style: { cursor: 'pointer' } } : {})}>
      <path d={arcPath(band, 0, 1)} stroke={theme.colors.background.secondary} strokeWidth={thickness} fill="none" />
      <path
        d={arcPath(band, 0, shareOf(value.display.numeric, min, max))}
        stroke={color}
        strokeWidth={thickness}
        fill="none"
      />
      {showMarkers && <Rim value={value} circle={outer} theme={theme} />}
      {showLabels && <RimLabels value={value} circle={{ ...outer, radius: outer.radius + RIM_LABEL_PX * 0.7 }} theme={theme} />}
      <text x={outer.x} y={outer.y + fontSize * 0.35} textAnchor="middle" fill={color} fontSize={fontSize} fontWeight={500}>
        {text}
      </text>
      {showName && (
        <text x={outer.x} y={Math.min(height - 8, arcBottom + NAME_HEIGHT_PX)} textAnchor="middle" fill={theme.colors.text.primary} fontSize={13}>
          <title>{name}</title>
          {fitted(name, width - 8)}
        </text>
      )}
    </svg>
  );
}

export default function GaugePanel(props: PanelProps) {
  const { options, width, height, frames, structureRev } = props;
  const theme = useTheme2();
  const getValues = useFieldDisplays(props, false);
  return (
    <VizRepeater
      getValues={getValues}
      source={frames}
      renderCounter={structureRev}
      width={width}
      height={height}
      itemSpacing={12}
      autoGrid
      {...(options['sizing'] === 'manual' ? { minVizWidth: number(options['minVizWidth'], 75), minVizHeight: number(options['minVizHeight'], 75) } : {})}
      orientation={readOrientation(options)}
      renderValue={({ value, width: w, height: h, count }) => (
        <ValueLinks value={value}>{(link) => <Gauge
          link={link}
          value={value}
          width={w}
          height={h}
          theme={theme}
          showName={count > 1}
          showMarkers={flag(options['showThresholdMarkers'], true)}
          showLabels={flag(options['showThresholdLabels'])}
          valueSize={readText(options).valueSize}
        />}</ValueLinks>
      )}
    />
  );
}
