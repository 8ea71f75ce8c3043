// Each row of a table becomes a field: one column names it, one is its value, others configure it.
import { FieldType, type DataFrame, type Field, type FieldConfig } from '@grafana/data';

import { applyHandler, handlerFor } from './config_mapping';
import { makeField, type Transform } from './fields';

interface Roles {
  name: Field;
  value: Field;
  rest: Array<{ field: Field; key: string | undefined }>;
}

function rolesOf(frame: DataFrame, mappings: unknown): Roles | undefined {
  const keyed = frame.fields.map((field) => ({ field, key: handlerFor(field.name, mappings).key }));
  const name = keyed.find(({ key }) => key === 'field.name')?.field ?? frame.fields.find(({ type }) => type === FieldType.string);
  const value =
    keyed.find(({ key }) => key === 'field.value')?.field ??
    keyed.find(({ field, key }) => field.type === FieldType.number && key === undefined && field !== name)?.field;
  if (!name || !value) return undefined;
  return { name, value, rest: keyed.filter(({ field }) => field !== name && field !== value) };
}

function fieldAt({ name, value, rest }: Roles, index: number): Field {
  const config: FieldConfig = { ...value.config };
  const labels: Record<string, string> = {};
  for (const { field, key } of rest) {
    const own: unknown = field.values[index];
    if (key !== undefined && key !== 'field.label') applyHandler(key, config, own);
    else if (field.type === FieldType.string && own != null) labels[field.name] = String(own);
  }
  return makeField(String(name.values[index] ?? ''), [value.values[index]], { config, labels, type: value.type });
}

export const rowsToFields: Transform = (frames, options) =>
  frames.map((frame) => {
    const roles = rolesOf(frame, options['mappings']);
    if (!roles) return frame;
    return { ...frame, fields: Array.from({ length: frame.length }, (_, index) => fieldAt(roles, index)), length: 1 };
  });
