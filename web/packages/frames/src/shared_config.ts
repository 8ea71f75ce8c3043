// The configuration of many fields of one kind, worked out once: a panel of 5,000 series has two kinds.
import {
  colorManipulator,
  FieldType,
  getDisplayProcessor,
  getLinksSupplier,
  type DataFrame,
  type DataLinkPostProcessor,
  type DisplayProcessor,
  type DisplayValue,
  type Field,
  type FieldConfig,
  type FieldConfigSource,
  type GrafanaTheme2,
  type InterpolateFunction,
  type NumericRange,
} from '@grafana/data';

const PLAIN_TYPES = new Set([FieldType.time, FieldType.number, FieldType.string, FieldType.boolean]);
/** What a data source says of a field alone, and what nothing else is worked out from. */
const OWN_KEYS = new Set(['displayNameFromDS', 'interval']);
// As many as @grafana/data keeps.
const CACHED_VALUES_MAX = 2500;

export interface SharedRequest {
  frames: DataFrame[];
  fieldConfig: FieldConfigSource;
  theme: GrafanaTheme2;
  timeZone: string;
  replaceVariables: InterpolateFunction;
  dataLinkPostProcessor: DataLinkPostProcessor | undefined;
}

/** True where each property means the same for all fields of a type. */
function meansTheSame({ defaults, overrides }: FieldConfigSource): boolean {
  if (overrides.length > 0 || defaults.fieldMinMax === true || defaults.nullValueMode !== undefined) return false;
  return !/\$|\[\[/.test(JSON.stringify(defaults));
}

const isPlain = ({ type, config }: Field): boolean => PLAIN_TYPES.has(type) && Object.keys(config).every((key) => OWN_KEYS.has(key));

/** Of all numbers, once; nothing where there are none. */
function rangeOf(frames: readonly DataFrame[]): { min: number | null; max: number | null } {
  let min = Infinity;
  let max = -Infinity;
  for (const { fields } of frames) {
    for (const { type, values } of fields) {
      if (type !== FieldType.number) continue;
      for (let at = 0; at < values.length; at += 1) {
        const value: unknown = values[at];
        if (typeof value !== 'number') continue;
        if (value < min) min = value;
        if (value > max) max = value;
      }
    }
  }
  return { min: min === Infinity ? null : min, max: max === -Infinity ? null : max };
}

function rangeWithin(config: FieldConfig, frames: readonly DataFrame[]): NumericRange {
  const isGiven = typeof config.min === 'number' && typeof config.max === 'number';
  const found = isGiven ? { min: null, max: null } : rangeOf(frames);
  const min = config.min ?? found.min;
  const max = config.max ?? found.max;
  return { min, max, delta: (max ?? 0) - (min ?? 0) };
}

/** Made when it is first asked: most of many series never show a value. */
function lazyDisplay(field: Field, { theme, timeZone }: SharedRequest): DisplayProcessor {
  let made: DisplayProcessor | undefined;
  const caches = new Map<unknown, Map<unknown, DisplayValue>>();
  return (value, decimals) => {
    made ??= getDisplayProcessor({ field, theme, timeZone });
    // A distance from now is another one each time.
    if (field.config.unit === 'dateTimeFromNow') return made(value, decimals);
    const cache = caches.get(decimals ?? null) ?? new Map<unknown, DisplayValue>();
    caches.set(decimals ?? null, cache);
    const known = cache.get(value);
    if (known) return known;
    const shown = made(value, decimals);
    if (shown.color) shown.color = colorManipulator.asHexString(shown.color);
    if (cache.size >= CACHED_VALUES_MAX) cache.clear();
    cache.set(value, shown);
    return shown;
  };
}

const NO_LINKS: NonNullable<Field['getLinks']> = () => [];

/**
 * The frames with their configuration, as `workOut` gives it for one field of each type; undefined where it hangs
 * on more than the type. Fields of one type share the parts of their configuration: nobody may change those.
 */
export function applyShared(request: SharedRequest, workOut: (frames: DataFrame[]) => DataFrame[]): DataFrame[] | undefined {
  const { frames, fieldConfig, timeZone, replaceVariables, dataLinkPostProcessor } = request;
  if (!meansTheSame(fieldConfig) || !frames.every(({ fields }) => fields.every(isPlain))) return undefined;
  const configs = new Map<FieldType, FieldConfig>();
  const configOf = (field: Field): FieldConfig => {
    const known = configs.get(field.type);
    if (known) return known;
    const [worked] = workOut([{ fields: [{ ...field, config: {}, values: [] }], length: 0 }]);
    const config = worked?.fields[0]?.config ?? {};
    configs.set(field.type, config);
    return config;
  };
  let range: NumericRange | undefined;
  let seriesIndex = 0;
  return frames.map((original, frameIndex) => {
    const frame: DataFrame = { ...original };
    frame.fields = original.fields.map((from) => {
      const config: FieldConfig = { ...configOf(from), ...from.config };
      const field: Field = { ...from, config, state: null };
      const isNumber = from.type === FieldType.number;
      if (isNumber) range ??= rangeWithin(config, frames);
      const scopedVars = { __dataContext: { value: { data: frames, frame, frameIndex, field } } };
      field.state = { ...from.state, scopedVars, displayName: null, seriesIndex, ...(isNumber ? { range } : {}) };
      if (from.type !== FieldType.time) seriesIndex += 1;
      field.display = lazyDisplay(field, request);
      field.getLinks = config.links?.length ? getLinksSupplier(frame, field, scopedVars, replaceVariables, timeZone, dataLinkPostProcessor) : NO_LINKS;
      return field;
    });
    return frame;
  });
}
