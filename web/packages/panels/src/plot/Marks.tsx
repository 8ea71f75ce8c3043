// Annotations on the time axis of panels that are drawn as SVG: a line where something happened, a band while it
// lasted, told of at the triangle below.
import { colorManipulator, type GrafanaTheme2 } from '@grafana/data';
import { useTheme2 } from '@narthex/vizkit';
import { useState } from 'react';

import type { PanelMark } from '../props';
import type { Box } from './Axes';
import { HoverBox, hoverAt, type Hover } from './HoverBox';
import type { MarkStyle } from './mark_style';
import type { Scale } from './scales';
import { fullTime } from './text';

const HEAD_PX = 5;

/** The colour of a mark, and the same one thin enough to see what it lies on. */
export function markColors(color: string, theme: GrafanaTheme2, bandOpacity: number): { line: string; band: string } {
  const line = theme.visualization.getColorByName(color);
  try {
    return { line, band: colorManipulator.alpha(line, bandOpacity) };
  } catch {
    // A name that only the browser knows.
    return { line, band: `color-mix(in srgb, ${line} ${bandOpacity * 100}%, transparent)` };
  }
}

function when({ fromMs, toMs }: PanelMark, timeZone: string): string {
  return toMs > fromMs ? `${fullTime(fromMs, timeZone)} to ${fullTime(toMs, timeZone)}` : fullTime(fromMs, timeZone);
}

interface MarksProps {
  marks: readonly PanelMark[];
  place: Scale;
  box: Box;
  timeZone: string;
  style: MarkStyle;
  onHover: (hover: Hover<PanelMark> | undefined) => void;
}

function Marks({ marks, place, box, style, onHover }: MarksProps) {
  const theme = useTheme2();
  const bottom = box.top + box.height;
  const within = (x: number): number => Math.min(box.left + box.width, Math.max(box.left, x));
  return marks.map((mark, index) => {
    const [rawFrom, rawTo] = [place(mark.fromMs), place(mark.toMs)];
    if (rawTo < box.left || rawFrom > box.left + box.width) return null;
    const [from, to] = [within(rawFrom), within(rawTo)];
    const { line, band } = markColors(mark.color, theme, style.bandOpacity);
    const ends = mark.toMs > mark.fromMs ? [rawFrom, rawTo] : [rawFrom];
    return (
      <g key={`${mark.fromMs}/${index}`} pointerEvents="none">
        {to > from && <rect x={from} y={box.top} width={to - from} height={box.height} fill={band} />}
        {to > from && <rect x={from} y={bottom - 2} width={to - from} height={2} fill={line} />}
        {ends.map((x) => (x === within(x) ? <line key={x} x1={x} x2={x} y1={box.top} y2={bottom} stroke={line} strokeWidth={style.linePx} strokeDasharray="3 3" /> : null))}
        <path
          d={`M${from - HEAD_PX} ${bottom + HEAD_PX}h${HEAD_PX * 2}l${-HEAD_PX} ${-HEAD_PX * 2}z`}
          fill={line}
          pointerEvents="all"
          onPointerMove={(event) => onHover(hoverAt(event, mark))}
          onPointerLeave={() => onHover(undefined)}
        />
      </g>
    );
  });
}

/** To stand inside of the panel's SVG, and what is told of the mark under the cursor beside it. */
export function useMarks(props: Omit<MarksProps, 'onHover'>): { drawn: React.ReactNode; told: React.ReactNode } {
  const [hover, setHover] = useState<Hover<PanelMark>>();
  const mark = hover?.item;
  return {
    drawn: props.marks.length > 0 ? <Marks {...props} onHover={setHover} /> : null,
    told: hover && mark && <HoverBox at={hover} title={when(mark, props.timeZone)} rows={[{ label: mark.title, value: [mark.text, ...mark.tags].filter((one) => one !== '').join(' ') }]} />,
  };
}
