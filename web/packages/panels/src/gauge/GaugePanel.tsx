// Values on arcs or circles, with their thresholds along the rim.
import { number } from '@narthex/dashmodel/json';
import { useTheme2, VizRepeater } from '@narthex/vizkit';

import { useFieldDisplays } from '../display';
import { ValueLinks } from '../links';
import { readOrientation } from '../options';
import type { PanelProps } from '../props';
import { ArcGauge } from './ArcGauge';
import { RadialGauge } from './RadialGauge';
import { isRadial, readRadial } from './radial_options';

const VIZ_SIZE_DEFAULT_PX = 75;

export default function GaugePanel(props: PanelProps) {
  const { options, width, height, frames, structureRev } = props;
  const theme = useTheme2();
  const isNew = isRadial(options);
  const getValues = useFieldDisplays(props, isNew && readRadial(options).hasSparkline);
  const Gauge = isNew ? RadialGauge : ArcGauge;
  return (
    <VizRepeater
      getValues={getValues}
      source={frames}
      renderCounter={structureRev}
      width={width}
      height={height}
      itemSpacing={12}
      autoGrid
      {...(options['sizing'] === 'manual'
        ? { minVizWidth: number(options['minVizWidth'], VIZ_SIZE_DEFAULT_PX), minVizHeight: number(options['minVizHeight'], VIZ_SIZE_DEFAULT_PX) }
        : {})}
      orientation={readOrientation(options)}
      renderValue={({ value, width: w, height: h, count }) => (
        <ValueLinks value={value} interpolate={props.interpolate}>{(link) => <Gauge link={link} value={value} width={w} height={h} theme={theme} count={count} options={options} />}</ValueLinks>
      )}
    />
  );
}
