// How often which values occur, over the whole range.
import { buildHistogram, formattedValueToString, getFieldDisplayName, getFieldSeriesColor, type DataFrame, type GrafanaTheme2 } from '@grafana/data';
import { flag, number } from '@narthex/dashmodel/json';
import {
  HoverMode,
  TooltipPlugin2,
  useTheme2,
  VizLayout,
  VizTooltipContent,
  VizTooltipHeader,
  VizTooltipWrapper,
} from '@narthex/vizkit';
import { useMemo, useRef } from 'react';
import type { AlignedData } from 'uplot';

import { readLegend, readTooltip } from '../options';
import { ChartImage } from '../plot/ChartImage';
import { itemLegend, type LegendItem } from '../plot/ItemLegend';
import { PlotChart } from '../plot/PlotChart';
import { calculated } from '../plot/SeriesLegend';
import type { PanelProps } from '../props';
import { buildHistogramConfig, histogramColumns, type Buckets } from './config';

const BUCKET_COUNT_DEFAULT = 30;

function useBuckets({ frames, options }: PanelProps): Buckets | null {
  const theme = useTheme2();
  return useMemo(() => {
    const bucketSize = number(options['bucketSize']);
    return buildHistogram(
      frames,
      {
        bucketCount: number(options['bucketCount'], BUCKET_COUNT_DEFAULT),
        ...(bucketSize === undefined ? {} : { bucketSize }),
        bucketOffset: number(options['bucketOffset'], 0),
        combine: flag(options['combine']),
      },
      theme,
    );
  }, [frames, options, theme]);
}

function names({ counts }: Buckets): string[] {
  const frame: DataFrame = { fields: counts, length: counts[0]?.values.length ?? 0 };
  return counts.map((field) => getFieldDisplayName(field, frame));
}

function BucketTooltip({ buckets, at }: { buckets: Buckets; at: number }) {
  const theme = useTheme2();
  const bound = (field: Buckets['xMin']): string => {
    const shown = field.display?.(field.values[at]);
    return shown ? formattedValueToString(shown) : String(field.values[at]);
  };
  const labels = names(buckets);
  const items = buckets.counts.map((field, index) => ({
    label: labels[index] ?? '',
    value: String(field.values[at] ?? 0),
    color: getFieldSeriesColor(field, theme).color,
  }));
  return (
    <VizTooltipWrapper>
      <VizTooltipHeader item={{ label: `${bound(buckets.xMin)} - ${bound(buckets.xMax)}`, value: '' }} />
      <VizTooltipContent items={items} />
    </VizTooltipWrapper>
  );
}

/** What is calculated are the counts of the buckets. */
export function legendItems(buckets: Buckets, options: PanelProps['options'], theme: GrafanaTheme2): LegendItem[] {
  const labels = names(buckets);
  const { calcs } = readLegend(options);
  return buckets.counts.map((field, index) => ({ label: labels[index] ?? '', color: getFieldSeriesColor(field, theme).color, yAxis: 1, getDisplayValues: () => calculated(field, calcs) }));
}

function Histogram({ buckets, ...props }: PanelProps & { buckets: Buckets }) {
  const { title, width, height, options, structureRev } = props;
  const theme = useTheme2();
  const latest = useRef(buckets);
  latest.current = buckets;
  const seriesCount = buckets.counts.length;
  const config = useMemo(
    () => buildHistogramConfig(() => latest.current, theme),
    // The structure and the number of series stand for what the configuration is made of.
    // eslint-disable-next-line react-hooks/exhaustive-deps
    [theme, structureRev, seriesCount],
  );
  const columns = useMemo(() => histogramColumns(buckets) as AlignedData, [buckets]);
  return (
    <VizLayout width={width} height={height} legend={itemLegend(legendItems(buckets, options, theme), options)}>
      {(chartWidth, chartHeight) => (
        <ChartImage label={`${title}: histogram of ${buckets.xMin.values.length} buckets`}>
          <PlotChart config={config} data={columns} width={chartWidth} height={chartHeight}>
            {readTooltip(options).mode !== 'none' && (
              <TooltipPlugin2
                config={config}
                hoverMode={HoverMode.all}
                render={(_plot, dataIndexes) => {
                  const at = dataIndexes.find((index) => index != null);
                  return at == null ? null : <BucketTooltip buckets={latest.current} at={at} />;
                }}
              />
            )}
          </PlotChart>
        </ChartImage>
      )}
    </VizLayout>
  );
}

export default function HistogramPanel(props: PanelProps) {
  const buckets = useBuckets(props);
  if (!buckets || buckets.counts.length === 0) return <p role="status">The answer holds no numbers to count.</p>;
  return <Histogram {...props} buckets={buckets} />;
}
