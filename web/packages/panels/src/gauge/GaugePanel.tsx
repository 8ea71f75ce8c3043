// A value on an arc, with its thresholds along the rim.
import { formattedValueToString, ThresholdsMode, type FieldDisplay, type GrafanaTheme2 } from '@grafana/data';
import { flag } from '@narthex/dashmodel/json';
import { useTheme2, VizRepeater } from '@narthex/vizkit';

import { useFieldDisplays } from '../display';
import { ValueLinks, type ValueLinkApi } from '../links';
import { readOrientation, readText } from '../options';
import type { PanelProps } from '../props';
import { arcPath, fitCircle, shareOf, thresholdBands } from './arc';

const NAME_HEIGHT_PX = 24;
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

function Gauge({ value, width, height, theme, showName, showMarkers, valueSize, link }: GaugeProps) {
  const { min, max } = rangeOf(value);
  const dialHeight = height - (showName ? NAME_HEIGHT_PX : 0);
  const rim = fitCircle(width - 4, dialHeight - 4);
  const thickness = rim.radius * 0.2;
  const outer = { ...rim, x: width / 2, radius: rim.radius - 2 };
  const band = { ...outer, radius: outer.radius - (showMarkers ? rim.radius * 0.07 : 0) - thickness / 2 };
  const text = formattedValueToString(value.display);
  // Wide enough for the text, never taller than the hollow allows.
  const fontSize = valueSize ?? Math.min(band.radius * 0.52, (band.radius * 2.5) / Math.max(3, text.length));
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
      <text x={outer.x} y={outer.y + fontSize * 0.35} textAnchor="middle" fill={color} fontSize={fontSize} fontWeight={500}>
        {text}
      </text>
      {showName && (
        <text x={outer.x} y={height - 8} textAnchor="middle" fill={theme.colors.text.primary} fontSize={13}>
          {name}
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
          valueSize={readText(options).valueSize}
        />}</ValueLinks>
      )}
    />
  );
}
