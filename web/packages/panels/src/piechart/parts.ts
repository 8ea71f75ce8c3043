// The parts of a pie: their names, values, colours, and what is told of them. Pure.
import { FieldColorModeId, formattedValueToString, type FieldDisplay, type GrafanaTheme2 } from '@grafana/data';

import { sortSlices, type SliceInput, type SliceSort } from './slices';

export interface Part extends SliceInput {
  text: string;
  /** Without a slice, but with a name in the legend. */
  isHidden: boolean;
  isInLegend: boolean;
  /** What it is drawn from. */
  source: FieldDisplay;
}

interface HideFrom {
  viz?: boolean;
  legend?: boolean;
}

/** Colours follow the order of the series, whatever is hidden or sorted. */
export function partsOf(values: readonly FieldDisplay[], sort: SliceSort, theme: GrafanaTheme2): Part[] {
  const parts = values.map((source, index): Part => {
    const { display, field } = source;
    const isFixed = field.color?.mode === FieldColorModeId.Fixed || field.color?.mode === FieldColorModeId.Thresholds;
    const { palette } = theme.visualization;
    const own = isFixed ? display.color : theme.visualization.getColorByName(palette[index % palette.length] ?? 'green');
    const hideFrom: HideFrom = field.custom?.hideFrom ?? {};
    return {
      label: display.title ?? '',
      value: display.numeric,
      text: formattedValueToString(display),
      color: own ?? theme.colors.primary.main,
      isHidden: hideFrom.viz === true,
      isInLegend: hideFrom.legend !== true,
      source,
    };
  });
  return sortSlices(parts, sort);
}

export const percent = (share: number): string => `${(share * 100).toFixed(share > 0 && share < 0.1 ? 1 : 0)}%`;

/** The lines of a slice's label. */
export function labelLines(part: Omit<Part, 'source'>, share: number, shown: readonly string[]): string[] {
  return [
    ...(shown.includes('name') && part.label !== '' ? [part.label] : []),
    ...(shown.includes('value') ? [part.text] : []),
    ...(shown.includes('percent') ? [percent(share)] : []),
  ];
}
