// Values as bars against their range.
import { getDisplayValueAlignmentFactors, type DisplayProcessor, type DisplayValueAlignmentFactors, type FieldDisplay } from '@grafana/data';
import { BarGaugeNamePlacement, BarGaugeValueMode } from '@grafana/schema';
import { flag, number, record, type AnyRecord } from '@narthex/dashmodel/json';
import { BarGauge, BarGaugeDisplayMode, useTheme2, VizLayout, VizRepeater } from '@narthex/vizkit';
import { useCallback } from 'react';

import { useFieldDisplays } from '../display';
import { ValueLinks } from '../links';
import { choice, readOrientation, readText } from '../options';
import { itemLegend, type LegendItem } from '../plot/ItemLegend';
import type { PanelProps } from '../props';

// Between bars; between the cells of an LCD bar the same setting is the gap.
const BAR_SPACING_PX = 10;
const CELL_SPACING_PX = 2;

/** Lit and unlit cells take their colour from the field's own processor. */
function cellColours({ view, colIndex }: FieldDisplay): { display?: DisplayProcessor } {
  const display = colIndex === undefined ? undefined : view?.getFieldDisplayProcessor(colIndex);
  return display ? { display } : {};
}

const hideFromOf = (field: FieldDisplay['field']): AnyRecord => record(field.custom?.hideFrom);

/** Of all bars, also those that are hidden. */
function legendItems(values: readonly FieldDisplay[]): LegendItem[] {
  return values
    .filter(({ field }) => hideFromOf(field).legend !== true)
    .map(({ display, field }) => ({
      label: display.title ?? '',
      yAxis: 1,
      disabled: hideFromOf(field).viz === true,
      ...(display.color === undefined ? {} : { color: display.color }),
    }));
}

function Bars({ getAll, ...props }: PanelProps & { getAll: () => FieldDisplay[] }) {
  const { options, width, height, frames, structureRev } = props;
  const theme = useTheme2();
  const getValues = useCallback(() => getAll().filter(({ field }) => hideFromOf(field).viz !== true), [getAll]);
  const displayMode = choice(BarGaugeDisplayMode, options['displayMode'], BarGaugeDisplayMode.Gradient);
  const isManual = options['sizing'] === 'manual';
  return (
    <VizRepeater<FieldDisplay, DisplayValueAlignmentFactors>
      getValues={getValues}
      getAlignmentFactors={(values) => getDisplayValueAlignmentFactors(values)}
      source={frames}
      renderCounter={structureRev}
      width={width}
      height={height}
      itemSpacing={BAR_SPACING_PX}
      minVizWidth={isManual ? number(options['minVizWidth'], 8) : 8}
      minVizHeight={isManual ? number(options['minVizHeight'], 16) : 16}
      maxVizHeight={isManual ? number(options['maxVizHeight'], 300) : 300}
      orientation={readOrientation(options)}
      renderValue={({ value, width: w, height: h, orientation, alignmentFactors, count }) => (
        <ValueLinks value={value} interpolate={props.interpolate}>{(link) => <BarGauge
          {...link}
          value={value.display}
          field={value.field}
          {...cellColours(value)}
          width={w}
          height={h}
          orientation={orientation}
          alignmentFactors={alignmentFactors}
          theme={theme}
          itemSpacing={displayMode === BarGaugeDisplayMode.Lcd ? CELL_SPACING_PX : BAR_SPACING_PX}
          lcdCellWidth={12}
          isOverflow={count > 1 && h < 12}
          text={readText(options)}
          displayMode={displayMode}
          valueDisplayMode={choice(BarGaugeValueMode, options['valueMode'], BarGaugeValueMode.Color)}
          namePlacement={choice(BarGaugeNamePlacement, options['namePlacement'], BarGaugeNamePlacement.Auto)}
          showUnfilled={flag(options['showUnfilled'], true)}
        />}</ValueLinks>
      )}
    />
  );
}

export default function BarGaugePanel(props: PanelProps) {
  const { options, width, height } = props;
  const getAll = useFieldDisplays(props, false);
  // Files of before have none: there it was no option.
  const hasLegend = flag(record(options['legend'])['showLegend']);
  if (!hasLegend) return <Bars {...props} getAll={getAll} />;
  return (
    <VizLayout width={width} height={height} legend={itemLegend(legendItems(getAll()), options, true)}>
      {(barsWidth, barsHeight) => <Bars {...props} width={barsWidth} height={barsHeight} getAll={getAll} />}
    </VizLayout>
  );
}
