import type { TooltipPlugin2 } from '@grafana/ui';
import type { ComponentProps } from 'react';

type Mode = ComponentProps<typeof TooltipPlugin2>['hoverMode'];

// The enum is const in the package and cannot be imported one file at a time.
export const HoverMode: Readonly<Record<'nearest' | 'all' | 'point', Mode>> = { nearest: 0, all: 1, point: 2 };
