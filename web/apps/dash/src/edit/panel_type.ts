// A panel that becomes one of another kind. Pure.
import { valueAt, withValue, type AnyRecord } from '@narthex/dashmodel';
import { record, text } from '@narthex/dashmodel/json';

import type { OptionSpec } from './option_spec';
import { fieldOptions, panelOptions } from './specs';

/** A choice that the other kind does not offer under the same name: `mode` is the way of a text, and of candles. */
function isForeign(root: AnyRecord, { path, kind, choices = [] }: OptionSpec): boolean {
  const value = valueAt(root, path);
  return kind === 'choice' && typeof value === 'string' && value !== '' && !choices.some(([one]) => one === value);
}

const without = (root: AnyRecord, specs: readonly OptionSpec[]): AnyRecord => specs.filter((spec) => isForeign(root, spec)).reduce((rest, { path }) => withValue(rest, path, undefined), root);

/**
 * What both kinds know stays: queries, fields, links, legend. What only the one before knew stays in the file, so that
 * going back finds it again; what means something else there goes.
 */
export function withType(panel: AnyRecord, type: string): AnyRecord {
  if (text(panel['type']) === type) return panel;
  const { pluginVersion: _version, ...rest } = panel;
  const next = without({ ...rest, type }, panelOptions(type));
  const fieldConfig = record(next['fieldConfig']);
  const defaults = record(fieldConfig['defaults']);
  const custom = record(defaults['custom']);
  const kept = without(custom, fieldOptions(type));
  return kept === custom ? next : { ...next, fieldConfig: { overrides: [], ...fieldConfig, defaults: { ...defaults, custom: kept } } };
}
