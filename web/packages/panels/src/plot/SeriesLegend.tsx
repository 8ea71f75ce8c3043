// The legend of panels that draw their series themselves: names, colours, calculated values.
import { fieldReducers, getDisplayProcessor, getFieldSeriesColor, reduceField, type DataFrame, type DisplayValue, type Field } from '@grafana/data';
import { SeriesVisibilityChangeMode, usePanelContext, useTheme2, VizLayout, VizLegend } from '@narthex/vizkit';
import type { ComponentProps, ReactElement } from 'react';

import { readLegend } from '../options';
import type { PanelProps } from '../props';
import { nameOf } from './text';

export interface LegendSeries {
  field: Field;
  frame: DataFrame;
  /** Instead of the field's own. */
  name?: string;
}

/** The values of a legend's `calcs`. */
export function calculated(field: Field, calcs: readonly string[]): DisplayValue[] {
  const values = reduceField({ field, reducers: [...calcs] });
  return calcs.map((calc) => {
    const { preservesUnits, name } = fieldReducers.get(calc);
    const display = (preservesUnits && field.display) || getDisplayProcessor();
    return { ...display(values[calc]), title: name };
  });
}

function SeriesLegend({ series, frames, options }: { series: readonly LegendSeries[]; frames: DataFrame[]; options: PanelProps['options'] }) {
  const theme = useTheme2();
  const { onToggleSeriesVisibility } = usePanelContext();
  const { placement, displayMode, calcs, ...legend } = readLegend(options);
  const items = series
    .filter(({ field }) => !field.config.custom?.hideFrom?.legend)
    .map(({ field, frame, name }) => ({
      label: name ?? nameOf(field, frame, frames),
      color: getFieldSeriesColor(field, theme).color,
      yAxis: 1,
      disabled: field.config.custom?.hideFrom?.viz === true,
      getDisplayValues: () => calculated(field, calcs),
    }));
  return (
    <VizLegend
      items={items}
      placement={placement}
      displayMode={displayMode}
      {...legend}
      isSortable
      onLabelClick={({ label }, event) =>
        onToggleSeriesVisibility?.(
          label,
          event.ctrlKey || event.metaKey || event.shiftKey ? SeriesVisibilityChangeMode.AppendToSelection : SeriesVisibilityChangeMode.ToggleSelection,
        )
      }
    />
  );
}

/** For the `legend` of a VizLayout; null when it is switched off. */
export function seriesLegend(series: readonly LegendSeries[], { frames, options }: PanelProps): ReactElement<ComponentProps<typeof VizLayout.Legend>> | null {
  const { showLegend, placement, width } = readLegend(options);
  if (!showLegend || series.length === 0) return null;
  return (
    <VizLayout.Legend placement={placement} {...(placement === 'right' ? { maxWidth: '50%', ...(width === undefined ? {} : { width }) } : { maxHeight: '40%' })}>
      <SeriesLegend series={series} frames={frames} options={options} />
    </VizLayout.Legend>
  );
}
