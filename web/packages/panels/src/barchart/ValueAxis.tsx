// The axis of values of a bar chart: its numbers, grid, border and label, as the fields ask for it.
import { getFieldSeriesColor, type Field, type GrafanaTheme2 } from '@grafana/data';
import { flag, number, record, text } from '@narthex/dashmodel/json';

import { labelWidth, type Box } from '../plot/Axes';
import type { Scale } from '../plot/scales';
import { axisText } from '../plot/text';

export const LABEL_PX = 20;
const TITLE_PX = 16;
const RIGHT_PX = 12;
// Beside an axis at the right, or without any.
const EDGE_PX = 8;

export interface AxisLook {
  placement: 'left' | 'right' | 'hidden';
  title: string;
  /** Instead of what the numbers need. */
  widthPx: number | undefined;
  hasGrid: boolean;
  hasBorder: boolean;
  color: string;
}

/** Of the first field: bars have one axis. */
export function axisLook(field: Field | undefined, theme: GrafanaTheme2): AxisLook {
  const custom = record(field?.config.custom);
  const placement = text(custom['axisPlacement']);
  const isColoured = custom['axisColorMode'] === 'series' && field !== undefined;
  return {
    placement: placement === 'hidden' ? 'hidden' : placement === 'right' || placement === 'top' ? 'right' : 'left',
    title: text(custom['axisLabel']),
    widthPx: number(custom['axisWidth']),
    hasGrid: flag(custom['axisGridShow'], true),
    hasBorder: flag(custom['axisBorderShow']),
    color: isColoured ? getFieldSeriesColor(field, theme).color : theme.colors.text.primary,
  };
}

export interface AxisRoom {
  left: number;
  right: number;
  bottom: number;
}

/** What numbers and title take beside the bars, without the names of the categories. */
export function axisRoom(look: AxisLook, isHorizontal: boolean, labels: readonly string[]): AxisRoom {
  const title = look.title === '' ? 0 : TITLE_PX;
  if (isHorizontal) return { left: 0, right: RIGHT_PX, bottom: look.placement === 'hidden' ? EDGE_PX : (look.widthPx ?? LABEL_PX) + title };
  if (look.placement === 'hidden') return { left: EDGE_PX, right: RIGHT_PX, bottom: 0 };
  const width = (look.widthPx ?? labelWidth(labels)) + title;
  return look.placement === 'right' ? { left: EDGE_PX, right: width, bottom: 0 } : { left: width, right: RIGHT_PX, bottom: 0 };
}

interface AxisProps {
  axis: readonly number[];
  look: AxisLook;
  room: AxisRoom;
  isHorizontal: boolean;
  box: Box;
  values: Scale;
  field: Field | undefined;
  theme: GrafanaTheme2;
}

function Title({ look, room, isHorizontal, box }: Pick<AxisProps, 'look' | 'room' | 'isHorizontal' | 'box'>) {
  if (look.title === '' || look.placement === 'hidden') return null;
  if (isHorizontal) {
    return (
      <text x={box.left + box.width / 2} y={box.top + box.height + LABEL_PX + TITLE_PX - 5} textAnchor="middle">
        {look.title}
      </text>
    );
  }
  const isRight = look.placement === 'right';
  // At the outer edge of the panel, read upwards at the left and downwards at the right.
  const at = `translate(${isRight ? box.left + box.width + room.right - TITLE_PX + 4 : TITLE_PX - 4} ${box.top + box.height / 2}) rotate(${isRight ? 90 : -90})`;
  return (
    <text transform={at} textAnchor="middle">
      {look.title}
    </text>
  );
}

export function ValueAxis({ axis, look, room, isHorizontal, box, values, field, theme }: AxisProps) {
  const isRight = look.placement === 'right';
  const edge = isRight ? box.left + box.width : box.left;
  const border = isHorizontal ? { x1: box.left, x2: box.left + box.width, y1: box.top + box.height, y2: box.top + box.height } : { x1: edge, x2: edge, y1: box.top, y2: box.top + box.height };
  return (
    <g fontSize={12} fill={look.color}>
      {axis.map((value) => {
        const at = values(value);
        const line = isHorizontal ? { x1: at, x2: at, y1: box.top, y2: box.top + box.height } : { x1: box.left, x2: box.left + box.width, y1: at, y2: at };
        const place = isHorizontal ? { x: at, y: box.top + box.height + 14, textAnchor: 'middle' as const } : { x: isRight ? edge + 6 : edge - 6, y: at + 4, textAnchor: isRight ? ('start' as const) : ('end' as const) };
        return (
          <g key={value}>
            {(look.hasGrid || value === 0) && <line {...line} stroke={value === 0 ? theme.colors.border.medium : theme.colors.border.weak} />}
            {look.placement !== 'hidden' && <text {...place}>{axisText(field, value)}</text>}
          </g>
        );
      })}
      {look.hasBorder && <line {...border} stroke={look.color} />}
      <Title look={look} room={room} isHorizontal={isHorizontal} box={box} />
    </g>
  );
}
