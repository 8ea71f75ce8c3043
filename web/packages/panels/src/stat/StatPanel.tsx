// One big number per series, with its history behind it.
import { formattedValueToString, getDisplayValueAlignmentFactors, type DisplayValueAlignmentFactors, type FieldDisplay } from '@grafana/data';
import { PercentChangeColorMode, type VizTextDisplayOptions } from '@grafana/schema';
import { flag } from '@narthex/dashmodel/json';
import {
  BigValue,
  BigValueColorMode,
  BigValueGraphMode,
  BigValueJustifyMode,
  BigValueTextMode,
  useTheme2,
  VizRepeater,
} from '@narthex/vizkit';

import { useFieldDisplays } from '../display';
import { loweredSparkline } from './sparkline';
import { ValueLinks, type ValueLinkApi } from '../links';
import { choice, readOrientation, readText } from '../options';
import type { PanelProps } from '../props';

// Lower than this, a name above its value lies on it: both stand side by side, or the value alone where it is narrow.
const STACKED_HEIGHT_MIN_PX = 44;
const WIDE_RATIO = 2.5;

function textModeIn({ width, height, count }: { width: number; height: number; count: number }, wanted: BigValueTextMode): BigValueTextMode {
  const hasBoth = wanted === BigValueTextMode.ValueAndName || (wanted === BigValueTextMode.Auto && count > 1);
  return hasBoth && height < STACKED_HEIGHT_MIN_PX && width / height <= WIDE_RATIO ? BigValueTextMode.Value : wanted;
}

const VALUE_FONT_MIN_PX = 10;
// Of the height, and of the width for each character.
const LOW_HEIGHT_SHARE = 0.5;
const LOW_WIDTH_SHARE = 1.6;

/** The font of a value that has a low tile for itself: left to fit by itself it would take what a name above it leaves. */
export function lowValueFont({ width, height, count }: { width: number; height: number; count: number }, text: string): number | undefined {
  if (height >= STACKED_HEIGHT_MIN_PX || count > 1) return undefined;
  return Math.max(VALUE_FONT_MIN_PX, Math.min(height * LOW_HEIGHT_SHARE, (width * LOW_WIDTH_SHARE) / Math.max(4, text.length)));
}

function textIn(options: PanelProps['options'], size: { width: number; height: number; count: number }, display: FieldDisplay['display']): VizTextDisplayOptions {
  const valueSize = lowValueFont(size, formattedValueToString(display));
  return { ...(valueSize === undefined ? {} : { valueSize }), ...readText(options) };
}

/** Without a name above it, and where it is asked for, a value stands in the middle of its tile. */
function isCentred(options: PanelProps['options'], count: number): boolean {
  const textMode = choice(BigValueTextMode, options['textMode'], BigValueTextMode.Auto);
  const hasName = textMode === BigValueTextMode.ValueAndName || (textMode === BigValueTextMode.Auto && count > 1);
  return !hasName || options['justifyMode'] === 'center';
}

export default function StatPanel(props: PanelProps) {
  const { options, width, height, frames, structureRev, timeRange } = props;
  const theme = useTheme2();
  const graphMode = choice(BigValueGraphMode, options['graphMode'], BigValueGraphMode.Area);
  const hasChange = flag(options['showPercentChange']);
  const getValues = useFieldDisplays(props, graphMode !== BigValueGraphMode.None, hasChange);

  const draw = (display: FieldDisplay, size: { width: number; height: number; count: number }, aligned: DisplayValueAlignmentFactors, link: ValueLinkApi) => (
    <BigValue
      {...link}
      alignmentFactors={aligned}
      value={display.display}
      {...(display.sparkline ? { sparkline: { ...loweredSparkline(display.sparkline, { isCentred: isCentred(options, size.count), hasChange }), timeRange } } : {})}
      count={size.count}
      width={size.width}
      height={size.height}
      theme={theme}
      colorMode={choice(BigValueColorMode, options['colorMode'], BigValueColorMode.Value)}
      graphMode={graphMode}
      justifyMode={choice(BigValueJustifyMode, options['justifyMode'], BigValueJustifyMode.Auto)}
      textMode={textModeIn(size, choice(BigValueTextMode, options['textMode'], BigValueTextMode.Auto))}
      text={textIn(options, size, display.display)}
      percentChangeColorMode={choice(PercentChangeColorMode, options['percentChangeColorMode'], PercentChangeColorMode.Standard)}
      disableWideLayout={!flag(options['wideLayout'], true) && size.height >= STACKED_HEIGHT_MIN_PX}
    />
  );
  return (
    <VizRepeater<FieldDisplay, DisplayValueAlignmentFactors>
      getValues={getValues}
      // The letters of all of them are as high as those of the longest may be.
      getAlignmentFactors={(values) => getDisplayValueAlignmentFactors(values)}
      source={frames}
      renderCounter={structureRev}
      width={width}
      height={height}
      itemSpacing={3}
      autoGrid
      orientation={readOrientation(options)}
      renderValue={({ value, width: w, height: h, count, alignmentFactors }) => <ValueLinks value={value} interpolate={props.interpolate}>{(link) => draw(value, { width: w, height: h, count }, alignmentFactors, link)}</ValueLinks>}
    />
  );
}
