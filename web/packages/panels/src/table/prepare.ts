// A frame as the table of @grafana/ui reads it. Pure.
import { FieldType, getFieldDisplayName, type DataFrame, type Field } from '@grafana/data';
import { flag, record, texts, type AnyRecord } from '@narthex/dashmodel/json';

interface Footer {
  reducers: string[];
  /** Which fields have one; all numeric ones for none named. */
  fields: string[];
}

/** A footer was an option of the panel before it was one of its fields. */
export function footerOf(options: AnyRecord): Footer {
  const footer = record(options['footer']);
  const named = footer['fields'];
  if (!flag(footer['show'])) return { reducers: [], fields: [] };
  return { reducers: flag(footer['countRows']) ? ['count'] : texts(footer['reducer']), fields: typeof named === 'string' && named !== '' ? [named] : texts(named) };
}

function footerFor(field: Field, displayName: string, { reducers, fields }: Footer): AnyRecord {
  const isMeant = fields.length > 0 ? fields.includes(displayName) || fields.includes(field.name) : field.type === FieldType.number;
  return reducers.length > 0 && isMeant && !field.config.custom?.footer ? { footer: { reducers } } : {};
}

const isFrames = (value: unknown): value is DataFrame[] => Array.isArray(value) && value.every((one: unknown) => typeof one === 'object' && one !== null && 'fields' in one);

/** The table reads names from the field's state, hides by `hideFrom`, sums up by `footer`: all follow from the configuration. */
export function forTable(frame: DataFrame, frames: DataFrame[], footer: Footer): DataFrame {
  const fields = frame.fields.map((field): Field => {
    const displayName = getFieldDisplayName(field, frame, frames);
    const hidden = field.config.custom?.hidden ? { hideFrom: { viz: true } } : {};
    const custom = { ...field.config.custom, ...footerFor(field, displayName, footer), ...hidden };
    const ready = { ...field, config: { ...field.config, custom }, state: { ...field.state, displayName } };
    if (field.type !== FieldType.nestedFrames) return ready;
    // The tables within rows are tables as well.
    return { ...ready, values: field.values.map((nested: unknown) => (isFrames(nested) ? nested.map((one) => forTable(one, nested, footer)) : nested)) };
  });
  return { ...frame, fields };
}
