// A value on an arc, as gauges were drawn before version 13.
import { formattedValueToString } from '@grafana/data';
import { flag } from '@narthex/dashmodel/json';

import { readText } from '../options';
import { shrunk } from '../plot/label_width';
import { arcPath, fitCircle, shareOf } from './arc';
import { GaugeFrame, type GaugeProps } from './GaugeFrame';
import { rangeOf } from './range';
import { Rim, RIM_LABEL_PX, RimLabels } from './Rim';

const NAME_HEIGHT_PX = 24;
const NAME_FONT = { min: 9, max: 13 };

export function ArcGauge({ value, width, height, theme, count, options, link }: GaugeProps) {
  const { min, max } = rangeOf(value);
  const showName = count > 1;
  const showMarkers = flag(options['showThresholdMarkers'], true);
  const showLabels = flag(options['showThresholdLabels']);
  const dialHeight = height - (showName ? NAME_HEIGHT_PX : 0);
  // The labels stand outside of the rim.
  const margin = showLabels ? RIM_LABEL_PX * 2.6 : 2;
  const rim = fitCircle(width - margin * 2, dialHeight - (showLabels ? RIM_LABEL_PX * 2 : 4));
  const thickness = rim.radius * 0.2;
  const outer = { ...rim, x: width / 2, radius: rim.radius - 2 };
  const band = { ...outer, radius: outer.radius - (showMarkers ? rim.radius * 0.07 : 0) - thickness / 2 };
  const text = formattedValueToString(value.display);
  // Wide enough for the text, never taller than the hollow allows.
  const fontSize = readText(options).valueSize ?? Math.min(band.radius * 0.52, (band.radius * 2.5) / Math.max(3, text.length));
  // The ends of the arc, and the labels there.
  const arcBottom = outer.y + outer.radius / 2 + (showLabels ? RIM_LABEL_PX : 0);
  const name = value.display.title ?? '';
  const shownName = shrunk(name, width - 8, NAME_FONT);
  const color = value.display.color ?? theme.colors.primary.main;
  if (rim.radius < 12) return <div style={{ width, height, color }}>{text}</div>;
  return (
    <GaugeFrame width={width} height={height} label={`${name} ${text}`.trim()} link={link}>
      <path d={arcPath(band, 0, 1)} stroke={theme.colors.background.secondary} strokeWidth={thickness} fill="none" />
      <path
        d={arcPath(band, 0, shareOf(value.display.numeric, min, max))}
        stroke={color}
        strokeWidth={thickness}
        fill="none"
      />
      {showMarkers && <Rim value={value} circle={outer} theme={theme} width={Math.max(2, outer.radius * 0.04)} />}
      {showLabels && <RimLabels value={value} circle={{ ...outer, radius: outer.radius + RIM_LABEL_PX * 0.7 }} theme={theme} />}
      <text x={outer.x} y={outer.y + fontSize * 0.35} textAnchor="middle" fill={color} fontSize={fontSize} fontWeight={500}>
        {text}
      </text>
      {showName && (
        <text x={outer.x} y={Math.min(height - 8, arcBottom + NAME_HEIGHT_PX)} textAnchor="middle" fill={theme.colors.text.primary} fontSize={shownName.fontPx}>
          <title>{name}</title>
          {shownName.label}
        </text>
      )}
    </GaugeFrame>
  );
}
