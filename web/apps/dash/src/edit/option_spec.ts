// What an option is: where it lies in the JSON, what it is called, which control edits it.

import type { Check } from './checks';

export type OptionKind =
  | 'text'
  | 'number'
  | 'switch'
  | 'choice'
  | 'choices'
  | 'lines'
  | 'json'
  /** A unit by its name, or one of the person's own. */
  | 'unit'
  /** A colour by its name or as CSS. */
  | 'color'
  /** How a field gets its colour: `{mode, fixedColor, seriesBy}`. */
  | 'colorScheme'
  | 'thresholds'
  | 'mappings'
  | 'links'
  | 'panelLinks'
  /** Classic conditions of an expression; the choices are the queries. */
  | 'conditions'
  /** The name of a field of the panel's data. */
  | 'fieldName'
  /** The name of a variable of the dashboard. */
  | 'variable'
  /** How long a gap is bridged: false, true, or milliseconds; `gapFrom` is never true. */
  | 'gap'
  | 'gapFrom'
  /** A list of texts; the choices are offered, others can be written. */
  | 'tags'
  /** Several options in one value, such as `lineStyle`: see `parts`. */
  | 'parts';

export interface OptionSpec {
  path: string;
  label: string;
  kind: OptionKind;
  choices?: ReadonlyArray<readonly [value: string, label: string]>;
  /** The file has a number where the choice is one of its texts. */
  isNumeric?: boolean;
  fallback?: unknown;
  hint?: string;
  /** Of a text: what is wrong with it. */
  check?: Check;
  /** The heading it stands under, where its path does not tell. */
  group?: string;
  /** Of a number; with both ends it has a slider. */
  min?: number;
  max?: number;
  step?: number;
  /** Of the kind `parts`: their paths are within the value. */
  parts?: readonly OptionSpec[];
  /** Of the kind `colorScheme`: lines are drawn, which have many values and one colour. */
  isOfSeries?: boolean;
}
