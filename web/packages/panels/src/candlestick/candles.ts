// Which fields of an answer open, close, rise and fall. Pure.
import { FieldType, type DataFrame, type Field } from '@grafana/data';
import { record, text, type AnyRecord } from '@narthex/dashmodel/json';

import { alignFrames } from '../timeseries/align';

export interface Candles {
  frame: DataFrame;
  time: Field;
  open: Field;
  high: Field;
  low: Field;
  close: Field;
  volume: Field | undefined;
  /** What else the answer measures, to be drawn as lines where the panel asks for it. */
  others: Field[];
}

const NAMES: Readonly<Record<string, RegExp>> = {
  open: /^(o|open)$/i,
  high: /^(h|high|max)$/i,
  low: /^(l|low|min)$/i,
  close: /^(c|close|last)$/i,
  volume: /^(v|volume)$/i,
};

const nameOf = (field: Field): string => field.state?.displayName ?? field.config.displayName ?? field.config.displayNameFromDS ?? field.name;

/** One frame with the fields of all, by their times: a query may give each price apart. */
const joined = (frames: readonly DataFrame[]): DataFrame | undefined => (frames.length > 1 ? alignFrames(frames) : frames[0]);

/** Undefined when the answer has no time or nothing to measure. Without an opening price each candle opens where the last closed. */
export function candlesOf(frames: readonly DataFrame[], options: AnyRecord): Candles | undefined {
  const frame = joined(frames);
  const time = frame?.fields.find(({ type }) => type === FieldType.time);
  if (!frame || !time) return undefined;
  const chosen = record(options['fields']);
  const numeric = frame.fields.filter(({ type }) => type === FieldType.number);
  const find = (role: string): Field | undefined => {
    const name = text(chosen[role]);
    return numeric.find((field) => (name ? nameOf(field) === name || field.name === name : NAMES[role]?.test(nameOf(field))));
  };
  const close = find('close') ?? numeric[0];
  if (!close) return undefined;
  const open = find('open') ?? { ...close, values: close.values.map((_: unknown, index: number): unknown => close.values[Math.max(0, index - 1)]) };
  const extreme = (pick: (a: number, b: number) => number): Field => ({
    ...close,
    values: close.values.map((value: unknown, index: number) => pick(Number(value), Number(open.values[index]))),
  });
  const known = { open: find('open'), close, high: find('high'), low: find('low'), volume: find('volume') };
  const taken = new Set<Field | undefined>(Object.values(known));
  const others = options['includeAllFields'] === true ? numeric.filter((field) => !taken.has(field) && !field.config.custom?.hideFrom?.viz) : [];
  return { frame, time, open, close, high: known.high ?? extreme(Math.max), low: known.low ?? extreme(Math.min), volume: known.volume, others };
}

/** Whether candle `index` counts as risen: within itself, or against the close before. */
export function hasRisen({ open, close }: Candles, index: number, strategy: 'open-close' | 'close-close'): boolean {
  const now = Number(close.values[index]);
  if (strategy === 'open-close' || index === 0) return now >= Number(open.values[index]);
  return now >= Number(close.values[index - 1]);
}

/** Neither risen nor fallen. */
export function isFlat({ open, close }: Candles, index: number, strategy: 'open-close' | 'close-close'): boolean {
  const before: unknown = strategy === 'open-close' || index === 0 ? open.values[index] : close.values[index - 1];
  return close.values[index] === before;
}
