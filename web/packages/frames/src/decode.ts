// Data frames as the server writes them, checked and made into the frames the panels draw.
import { dataFrameFromJSON, FieldType, type DataFrame, type DataFrameJSON } from '@grafana/data';

export interface Notice {
  severity: 'info' | 'warning' | 'error';
  text: string;
}

export interface DecodedFrames {
  frames: DataFrame[];
  /** What the data source remarked, each once. */
  notices: Notice[];
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

function isColumns(value: unknown, fieldCount: number): boolean {
  if (!isObject(value) || !('values' in value)) return fieldCount === 0;
  return Array.isArray(value.values) && value.values.length === fieldCount && value.values.every(Array.isArray);
}

function isFrameJson(value: unknown): value is DataFrameJSON {
  if (!isObject(value) || !('schema' in value) || !isObject(value.schema)) return false;
  const { schema } = value;
  const fields = 'fields' in schema && Array.isArray(schema.fields) ? schema.fields : [];
  return isColumns('data' in value ? value.data : undefined, fields.length);
}

// Frames within frames are made by transformations alone; as values of others they have no agreed form.
const TYPES = new Set<string>([FieldType.time, FieldType.number, FieldType.string, FieldType.boolean, FieldType.enum, FieldType.geo, FieldType.other]);

/** What a field is called by and holds, whatever stands there. */
function withSoundFields(frame: DataFrame): DataFrame {
  const fields = frame.fields.map((field) => ({ ...field, name: String(field.name ?? ''), type: TYPES.has(field.type) ? field.type : FieldType.other, config: isObject(field.config) ? field.config : {} }));
  return { ...frame, fields };
}

/** Undefined where the values are not those that the schema announces. */
function decoded(json: DataFrameJSON): DataFrame | undefined {
  try {
    return withSoundFields(dataFrameFromJSON(json));
  } catch {
    return undefined;
  }
}

/** A frame that does not have the agreed form is left out and named in the notices. */
export function decodeFrames(refId: string, json: readonly unknown[]): DecodedFrames {
  const notices = new Map<string, Notice>();
  const remark = (text: string, severity: Notice['severity']): void => void notices.set(text, { severity, text });
  const frames: DataFrame[] = [];
  for (const one of json) {
    const frame = isFrameJson(one) ? decoded(one) : undefined;
    if (!frame) {
      remark(`Query ${refId}: the answer holds a frame of unknown form.`, 'warning');
      continue;
    }
    frame.refId ??= refId;
    for (const notice of frame.meta?.notices ?? []) remark(notice.text, notice.severity);
    if (frame.fields.length > 0) frames.push(frame);
  }
  return { frames, notices: [...notices.values()] };
}
