// New values in fields that are configured already: a refresh need not apply the configuration again.
import { fieldColorModeRegistry, FieldType, ThresholdsMode, type DataFrame, type Field, type FieldConfigSource } from '@grafana/data';
import { record, text } from '@narthex/dashmodel/json';

const PLAIN_TYPES = new Set([FieldType.time, FieldType.number, FieldType.string, FieldType.boolean]);
const colorsByValue = (mode: string | undefined): boolean => mode !== undefined && fieldColorModeRegistry.getIfExists(mode)?.isByValue === true;

/** False where what a field says follows from the values of all: its colour, its range, its links. */
function isSteady({ type, config }: Field): boolean {
  return (
    PLAIN_TYPES.has(type) &&
    !colorsByValue(config.color?.mode) &&
    config.thresholds?.mode !== ThresholdsMode.Percentage &&
    config.fieldMinMax !== true &&
    (config.links ?? []).length === 0 &&
    !text(config.displayName).includes('$')
  );
}

/** Overrides that match by value, or that this file does not know, are applied anew each time. */
const STEADY_MATCHERS = new Set(['byName', 'byNames', 'byRegexp', 'byRegexpOrNames', 'byType', 'byTypes', 'byFrameRefID', 'numeric', 'time']);

function hasSteadyOverrides({ overrides }: FieldConfigSource): boolean {
  return overrides.every((rule) => STEADY_MATCHERS.has(text(record(rule.matcher)['id'])));
}

/** What was reckoned from the values before - sums, the last one - is not of the new ones. */
function withoutCalcs({ state }: Field): Field['state'] {
  if (!state?.calcs) return state ?? null;
  const { calcs: _old, ...kept } = state;
  return kept;
}

/**
 * `frames` with the configuration that `applied` has, or undefined where it must be applied anew. Only for
 * frames of the same structure, and for panels that do not read the range of all values from a field's state.
 */
export function refill(applied: readonly DataFrame[], frames: readonly DataFrame[], fieldConfig: FieldConfigSource): DataFrame[] | undefined {
  if (applied.length !== frames.length || !hasSteadyOverrides(fieldConfig)) return undefined;
  const filled: DataFrame[] = [];
  for (const [index, frame] of frames.entries()) {
    const before = applied[index];
    if (!before || before.fields.length !== frame.fields.length || !before.fields.every(isSteady)) return undefined;
    const fields = before.fields.map((field, at) => ({ ...field, state: withoutCalcs(field), values: frame.fields[at]?.values ?? [] }));
    filled.push({ ...frame, fields });
  }
  return filled;
}
