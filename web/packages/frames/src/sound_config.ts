// Field configuration as a file holds it, made sound: @grafana/data takes each value to be of its declared type and
// throws where one is not. What is none is left out, as if it were not there.
import { fieldColorModeRegistry, fieldMatchers, MappingType, ThresholdsMode, type FieldConfig, type FieldConfigSource, type Threshold, type ThresholdsConfig, type ValueMapping } from '@grafana/data';
import { isRecord, number, record, records, text } from '@narthex/dashmodel/json';

type Read = (value: unknown) => unknown;

const asText: Read = (value) => (typeof value === 'string' || typeof value === 'number' ? String(value) : undefined);
const asNumber: Read = (value) => number(value);
const asFlag: Read = (value) => (typeof value === 'boolean' ? value : undefined);
const asRecord: Read = (value) => (isRecord(value) ? value : undefined);
const asIs: Read = (value) => value;

function asThresholds(value: unknown): ThresholdsConfig | undefined {
  if (!isRecord(value) || !Array.isArray(value['steps'])) return undefined;
  const steps = records(value['steps']).flatMap((step, index): Threshold[] => {
    // The lowest step holds from minus infinity, which JSON cannot write.
    const at = index === 0 && number(step['value']) === undefined ? -Infinity : (number(step['value']) ?? -Infinity);
    return [{ ...step, value: at, color: text(step['color'], 'green') }];
  });
  if (steps.length === 0) return undefined;
  return { mode: value['mode'] === 'percentage' ? ThresholdsMode.Percentage : ThresholdsMode.Absolute, steps };
}

function asColor(value: unknown): FieldConfig['color'] | undefined {
  const { mode, fixedColor, seriesBy } = record(value);
  if (fieldColorModeRegistry.getIfExists(text(mode)) === undefined) return undefined;
  return {
    mode: text(mode),
    ...(text(fixedColor) === '' ? {} : { fixedColor: text(fixedColor) }),
    ...(seriesBy === 'last' || seriesBy === 'min' || seriesBy === 'max' ? { seriesBy } : {}),
  };
}

const asResult = (value: unknown) => {
  const { text: shown, color, icon, index } = record(value);
  return {
    ...(asText(shown) === undefined ? {} : { text: text(shown) }),
    ...(typeof color === 'string' && color !== '' ? { color } : {}),
    ...(typeof icon === 'string' ? { icon } : {}),
    ...(number(index) === undefined ? {} : { index: number(index, 0) }),
  };
};

function isPattern(pattern: string): boolean {
  try {
    RegExp(pattern.replace(/^\/(.*)\/[a-z]*$/s, '$1'));
    return true;
  } catch {
    return false;
  }
}

function asMapping(value: Record<string, unknown>): ValueMapping[] {
  const options = record(value['options']);
  const result = asResult(options['result']);
  switch (value['type']) {
    case MappingType.ValueToText:
      return [{ type: MappingType.ValueToText, options: Object.fromEntries(Object.entries(options).map(([key, one]) => [key, asResult(one)])) }];
    case MappingType.RangeToText:
      return [{ type: MappingType.RangeToText, options: { from: number(options['from']) ?? null, to: number(options['to']) ?? null, result } }];
    case MappingType.RegexToText:
      return isPattern(text(options['pattern'])) ? [{ type: MappingType.RegexToText, options: { pattern: text(options['pattern']), result } }] : [];
    case MappingType.SpecialValue: {
      const match: unknown = options['match'];
      return typeof match === 'string' ? [{ type: MappingType.SpecialValue, options: { match: match as never, result } }] : [];
    }
    default:
      return [];
  }
}

const asLinks: Read = (value) =>
  Array.isArray(value) ? records(value).map((link) => ({ ...link, title: text(link['title']), url: text(link['url']) })) : undefined;

const STANDARD: Readonly<Record<string, Read>> = {
  unit: asText,
  min: asNumber,
  max: asNumber,
  fieldMinMax: asFlag,
  decimals: (value) => {
    const decimals = number(value);
    // What numbers can be written with; more throws.
    return decimals === undefined ? undefined : Math.min(20, Math.max(0, Math.round(decimals)));
  },
  displayName: asText,
  noValue: asText,
  thresholds: asThresholds,
  mappings: (value) => (Array.isArray(value) ? records(value).flatMap(asMapping) : undefined),
  links: asLinks,
  actions: (value) => (Array.isArray(value) ? records(value) : undefined),
  color: asColor,
  filterable: asFlag,
  description: asText,
};

const RECORDS = ['stacking', 'hideFrom', 'thresholdsStyle', 'scaleDistribution', 'lineStyle', 'cellOptions', 'footer', 'tooltip'];
const NUMBERS = ['axisSoftMin', 'axisSoftMax', 'axisWidth', 'barAlignment', 'barMaxWidth', 'barWidth', 'barWidthFactor', 'fillOpacity', 'lineWidth', 'minWidth', 'width', 'pointStrokeWidth'];
const TEXTS = ['align', 'axisColorMode', 'axisLabel', 'axisPlacement', 'drawStyle', 'fillBelowTo', 'gradientMode', 'lineColor', 'lineInterpolation', 'pointShape', 'show', 'showPoints', 'styleField', 'transform'];
const FLAGS = ['axisBorderShow', 'axisCenteredZero', 'axisGridShow', 'hidden', 'hideHeader', 'inspect', 'showValues', 'sortable', 'wrapHeaderText', 'wrapText', 'filterable'];
const CUSTOM: Readonly<Record<string, Read>> = Object.fromEntries([
  ...RECORDS.map((key) => [key, asRecord] as const),
  ...NUMBERS.map((key) => [key, asNumber] as const),
  ...TEXTS.map((key) => [key, asText] as const),
  ...FLAGS.map((key) => [key, asFlag] as const),
  ['spanNulls', (value: unknown) => (typeof value === 'boolean' ? value : number(value))] as const,
  ['insertNulls', (value: unknown) => (typeof value === 'boolean' ? value : number(value))] as const,
  // A size alone, or one with its bounds.
  ['pointSize', (value: unknown) => (isRecord(value) ? { ...value, fixed: number(value['fixed']), min: number(value['min']), max: number(value['max']) } : number(value))] as const,
]);

/** The innermost values that the chart library computes with. */
function asNested(key: string, value: unknown): unknown {
  if (!isRecord(value)) return value;
  if (key === 'scaleDistribution') {
    const log = number(value['log']);
    const type = ['linear', 'log', 'symlog', 'ordinal'].find((one) => one === value['type']) ?? 'linear';
    return { type, ...(log === 10 || log === 2 ? { log } : {}), ...(number(value['linearThreshold']) ? { linearThreshold: number(value['linearThreshold']) } : {}) };
  }
  if (key === 'lineStyle') {
    const dash = Array.isArray(value['dash']) ? value['dash'].filter((one: unknown): one is number => typeof one === 'number' && one >= 0 && one < 1e4) : undefined;
    return { ...value, fill: text(value['fill'], 'solid'), dash };
  }
  if (key === 'footer') return { ...value, reducers: Array.isArray(value['reducers']) ? value['reducers'].filter((one: unknown) => typeof one === 'string') : [] };
  return value;
}

function read(readers: Readonly<Record<string, Read>>, values: Record<string, unknown>): Record<string, unknown> {
  const entries = Object.entries(values).map(([key, value]) => [key, asNested(key, (readers[key] ?? asIs)(value))] as const);
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined && value !== null));
}

export function soundDefaults(defaults: unknown): FieldConfig {
  const { custom, ...standard } = record(defaults);
  return { ...read(STANDARD, standard), custom: read(CUSTOM, record(custom)) };
}

/** Undefined for a value that is none; a property without one is taken back to nothing by an override. */
function soundProperty({ id, value }: { id: string; value?: unknown }): { id: string; value?: unknown } | undefined {
  if (value === undefined || value === null) return id === 'thresholds' || id === 'color' ? undefined : { id };
  const [first = '', ...rest] = id.split('.');
  const key = rest[0] ?? '';
  const reader = first === 'custom' ? (rest.length === 1 ? CUSTOM[key] : undefined) : STANDARD[first];
  const sound = asNested(first === 'custom' ? key : first, (reader ?? asIs)(value));
  return sound === undefined ? undefined : { id, value: sound };
}

function isMatcher({ id, options }: { id: string; options?: unknown }): boolean {
  try {
    const info = fieldMatchers.getIfExists(id);
    return info !== undefined && typeof info.get(options) === 'function';
  } catch {
    return false;
  }
}

/** Rules for fields that cannot be told are left out. */
export function soundConfig({ defaults, overrides }: FieldConfigSource): FieldConfigSource {
  const rules = overrides.filter(({ matcher }) => isMatcher(matcher)).map((rule) => ({ ...rule, properties: rule.properties.flatMap((one) => soundProperty(one) ?? []) }));
  return { defaults: soundDefaults(defaults), overrides: rules };
}
