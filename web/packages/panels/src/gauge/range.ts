// The range a gauge shows.
import type { FieldDisplay } from '@grafana/data';

const MIN_DEFAULT = 0;
const MAX_DEFAULT = 100;

export interface Bounds {
  min: number;
  max: number;
}

export function rangeOf({ field }: FieldDisplay): Bounds {
  return { min: field.min ?? MIN_DEFAULT, max: field.max ?? MAX_DEFAULT };
}
