// The options of the panels that show one value each: stat, gauge, bar gauge, pie chart.
import type { OptionSpec } from './form';
import { choice, option, ORIENTATION, PLAIN_LEGEND, REDUCE, same, TEXT_SIZES, TOOLTIP } from './option_parts';

const TEXT_MODE = choice('options.textMode', 'Text', [['auto', 'Auto'], ['value', 'Value'], ['value_and_name', 'Value and name'], ['name', 'Name'], ['none', 'None']], 'auto');
const SIZING = choice('options.sizing', 'Size', [['auto', 'Auto'], ['manual', 'Manual']], 'auto');

// Of a panel that has none unless it is asked for.
const HIDDEN_LEGEND = PLAIN_LEGEND.map((spec) => (spec.path.endsWith('.showLegend') ? { ...spec, fallback: false } : spec));

export const VALUE_OPTIONS: Readonly<Record<string, readonly OptionSpec[]>> = {
  stat: [
    ...REDUCE,
    ORIENTATION,
    choice('options.colorMode', 'Colour', [['none', 'None'], ['value', 'Value'], ['background', 'Background'], ['background_solid', 'Solid background']], 'value'),
    choice('options.graphMode', 'Graph', same('none', 'area', 'line'), 'area'),
    choice('options.justifyMode', 'Alignment', same('auto', 'center'), 'auto'),
    TEXT_MODE,
    option('options.wideLayout', 'Wide layout', 'switch', { fallback: true }),
    option('options.showPercentChange', 'Percent change', 'switch'),
    choice('options.percentChangeColorMode', 'Colour of percent change', [['standard', 'Standard'], ['inverted', 'Inverted'], ['same_as_value', 'Same as value']], 'standard'),
    option('options.text.percentSize', 'Percent change size', 'number'),
    ...TEXT_SIZES,
  ],
  gauge: [
    ...REDUCE,
    ORIENTATION,
    choice('options.shape', 'Style', [['gauge', 'Arc'], ['circle', 'Circle']], 'gauge'),
    choice('options.barShape', 'Bar style', same('flat', 'rounded'), 'flat'),
    option('options.barWidthFactor', 'Bar width', 'number', { fallback: 0.5, hint: 'From 0.1 to 1' }),
    option('options.segmentCount', 'Segments', 'number', { fallback: 1 }),
    option('options.segmentSpacing', 'Segment spacing', 'number', { fallback: 0.3, hint: 'From 0 to 1' }),
    choice('options.endpointMarker', 'Endpoint marker', same('point', 'glow', 'none'), 'point'),
    option('options.sparkline', 'Show sparkline', 'switch', { fallback: true }),
    TEXT_MODE,
    option('options.neutral', 'Neutral value', 'number', { hint: 'Where the bar starts instead of at the minimum' }),
    option('options.effects.gradient', 'Gradient', 'switch', { fallback: true }),
    option('options.effects.barGlow', 'Bar glow', 'switch'),
    option('options.effects.centerGlow', 'Centre glow', 'switch'),
    option('options.showThresholdLabels', 'Threshold labels', 'switch'),
    option('options.showThresholdMarkers', 'Threshold markers', 'switch', { fallback: true }),
    SIZING,
    option('options.minVizWidth', 'Min width', 'number', { fallback: 75, hint: 'Of each gauge, with manual size' }),
    option('options.minVizHeight', 'Min height', 'number', { fallback: 75, hint: 'Of each gauge, with manual size' }),
    ...TEXT_SIZES,
  ],
  bargauge: [
    ...REDUCE,
    ORIENTATION,
    choice('options.displayMode', 'Bars', [['gradient', 'Gradient'], ['lcd', 'Retro LCD'], ['basic', 'Basic']], 'gradient'),
    choice('options.valueMode', 'Value', [['color', 'Coloured'], ['text', 'Text colour'], ['hidden', 'Hidden']], 'color'),
    choice('options.namePlacement', 'Names', same('auto', 'top', 'left', 'hidden'), 'auto'),
    option('options.showUnfilled', 'Show unfilled area', 'switch', { fallback: true }),
    SIZING,
    option('options.minVizWidth', 'Min width', 'number', { fallback: 8, hint: 'Of upright bars, with manual size' }),
    option('options.minVizHeight', 'Min height', 'number', { fallback: 16, hint: 'Of lying bars, with manual size' }),
    option('options.maxVizHeight', 'Max height', 'number', { fallback: 300, hint: 'Of lying bars, with manual size' }),
    ...TEXT_SIZES,
    ...HIDDEN_LEGEND,
  ],
  piechart: [
    ...REDUCE,
    choice('options.sort', 'Slice sorting', [['desc', 'Largest first'], ['asc', 'Smallest first'], ['none', 'None']], 'desc'),
    choice('options.pieType', 'Type', same('pie', 'donut'), 'pie'),
    option('options.displayLabels', 'Labels', 'choices', { choices: same('name', 'value', 'percent'), fallback: [] }),
    option('options.legend.values', 'Legend values', 'choices', { choices: same('value', 'percent'), fallback: [] }),
    ...PLAIN_LEGEND,
    ...TOOLTIP.slice(0, 2),
  ],
};
