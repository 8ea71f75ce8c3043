// What the transformations of this folder share: finding fields by the name a person sees, guessing types.
import { FieldType, getFieldDisplayName, type DataFrame, type Field } from '@grafana/data';

export type Transform = (frames: DataFrame[], options: Record<string, unknown>) => DataFrame[];

export function fieldNamed(frame: DataFrame, name: string, frames: DataFrame[] = [frame]): Field | undefined {
  return frame.fields.find((field) => field.name === name || getFieldDisplayName(field, frame, frames) === name);
}

/** The type that all values share; text where they differ or none is there. */
export function typeOfValues(values: readonly unknown[]): FieldType {
  const filled = values.filter((value) => value !== null && value !== undefined);
  if (filled.length === 0) return FieldType.string;
  if (filled.every((value) => typeof value === 'number')) return FieldType.number;
  if (filled.every((value) => typeof value === 'boolean')) return FieldType.boolean;
  return filled.some((value) => typeof value === 'object') ? FieldType.other : FieldType.string;
}

export const makeField = (name: string, values: unknown[], more: Partial<Field> = {}): Field => ({
  name,
  type: typeOfValues(values),
  values,
  config: {},
  ...more,
});
