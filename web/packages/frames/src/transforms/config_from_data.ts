// The answer of one query configures the fields of the others.
import { fieldMatchers, FieldType, reduceField, type DataFrame, type FieldConfig } from '@grafana/data';
import { isRecord, text } from '@narthex/dashmodel/json';

import { applyHandler, handlerFor } from './config_mapping';
import { type Transform } from './fields';

function configOf(frame: DataFrame, mappings: unknown): FieldConfig {
  const config: FieldConfig = {};
  for (const field of frame.fields) {
    const { key, reducer } = handlerFor(field.name, mappings);
    if (key === undefined) continue;
    applyHandler(key, config, reduceField({ field, reducers: [reducer] })[reducer]);
  }
  return config;
}

function matcherOf(applyTo: unknown) {
  if (isRecord(applyTo) && fieldMatchers.getIfExists(text(applyTo['id']))) {
    return fieldMatchers.get(text(applyTo['id'])).get(applyTo['options']);
  }
  return ({ type }: { type: FieldType }) => type === FieldType.number;
}

export const configFromData: Transform = (frames, options) => {
  const refId = text(options['configRefId'], 'config');
  const source = frames.find((frame) => frame.refId === refId);
  if (!source) return frames;
  const config = configOf(source, options['mappings']);
  const matches = matcherOf(options['applyTo']);
  return frames
    .filter((frame) => frame !== source)
    .map((frame) => ({
      ...frame,
      fields: frame.fields.map((field) => (matches(field, frame, frames) ? { ...field, config: { ...field.config, ...config } } : field)),
    }));
};
