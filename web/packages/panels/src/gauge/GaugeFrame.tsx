// The picture a gauge is drawn in, told in words and pressed where it has links.
import type { FieldDisplay, GrafanaTheme2 } from '@grafana/data';
import type { AnyRecord } from '@narthex/dashmodel/json';
import type { ReactNode } from 'react';

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

export function GaugeFrame({ width, height, label, link, children }: FrameProps) {
  return (
    <svg width={width} height={height} role={link.onClick ? 'button' : 'img'} aria-label={label} {...(link.onClick ? { onClick: link.onClick, style: { cursor: 'pointer' } } : {})}>
      {children}
    </svg>
  );
}
