import type { UPlotConfigBuilder, VizTooltipContent } from '@grafana/ui';
import type { ComponentProps } from 'react';

export type StackGroup = Parameters<UPlotConfigBuilder['setStackingGroups']>[0][number];
export type TooltipRow = ComponentProps<typeof VizTooltipContent>['items'][number];
