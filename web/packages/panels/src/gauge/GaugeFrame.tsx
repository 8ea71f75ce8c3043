// The picture a gauge is drawn in, told in words and pressed where it has links.
import type { FieldDisplay, GrafanaTheme2 } from '@grafana/data';
import type { AnyRecord } from '@narthex/dashmodel/json';
import type { KeyboardEvent, ReactNode } from 'react';

import type { ValueLinkApi } from '../links';

export interface GaugeProps {
  value: FieldDisplay;
  width: number;
  height: number;
  theme: GrafanaTheme2;
  /** How many gauges the panel holds. */
  count: number;
  options: AnyRecord;
  link: ValueLinkApi;
}

interface FrameProps extends Pick<GaugeProps, 'width' | 'height' | 'link'> {
  label: string;
  children: ReactNode;
}

/** A press of a key as one of the mouse: menus open at what was pressed. */
function pressed(event: KeyboardEvent<SVGSVGElement>): void {
  if (event.key !== 'Enter' && event.key !== ' ') return;
  event.preventDefault();
  event.currentTarget.dispatchEvent(new MouseEvent('click', { bubbles: true }));
}

export function GaugeFrame({ width, height, label, link, children }: FrameProps) {
  const press = link.onClick ? { onClick: link.onClick, onKeyDown: pressed, tabIndex: 0, style: { cursor: 'pointer' } } : {};
  return (
    <svg width={width} height={height} role={link.onClick ? 'button' : 'img'} aria-label={label} {...press}>
      {children}
    </svg>
  );
}
