// Answers of frames on their way from a worker to the page. To copy them value by value would cost the page as much as
// to parse them: numbers go over in one block that changes hands, a column that repeats itself - the time of frames
// of one query - goes once. Pure.
import { isRecord, record } from '@narthex/dashmodel/json';

/** Numbers from..to of the block, but for nulls at these places; or whatever else stood there. */
type Column = { from: number; to: number; nulls: number[] } | { raw: unknown };

/** Some frames of one query; in them, columns are named by their number. */
export interface Piece {
  refId: string;
  frames: unknown[];
  columns: Column[];
  numbers: Float64Array<ArrayBuffer>;
}

export interface Packed {
  /** Without the frames. */
  body: unknown;
  pieces: Piece[];
}

// So that to take a piece in leaves the page free in between.
const PIECE_FRAMES_MAX = 200;
const PIECE_NUMBERS_MAX = 60_000;
const NULL_SHARE_MAX = 0.5;

/** Where the nulls are; undefined for a column that does not consist of numbers. */
function nullsOf(values: readonly unknown[]): number[] | undefined {
  const nulls: number[] = [];
  for (let at = 0; at < values.length; at += 1) {
    const value = values[at];
    if (value === null) nulls.push(at);
    else if (typeof value !== 'number') return undefined;
  }
  return nulls.length > values.length * NULL_SHARE_MAX ? undefined : nulls;
}

function isSame(a: readonly unknown[], b: readonly unknown[]): boolean {
  // The newest value differs first.
  if (a.length !== b.length || a.at(-1) !== b.at(-1)) return false;
  for (let at = 0; at < a.length; at += 1) if (a[at] !== b[at]) return false;
  return true;
}

class PieceBuilder {
  private readonly frames: unknown[] = [];
  private readonly columns: Column[] = [];
  private readonly numeric: (readonly unknown[])[] = [];
  /** Of the frame before, by place. */
  private before: { values: readonly unknown[]; column: number }[] = [];
  private length = 0;

  constructor(private readonly refId: string) {}

  get isFull(): boolean {
    return this.frames.length >= PIECE_FRAMES_MAX || this.length >= PIECE_NUMBERS_MAX;
  }

  get isEmpty(): boolean {
    return this.frames.length === 0;
  }

  add(frame: unknown): void {
    this.frames.push(frame);
    if (!isRecord(frame) || !isRecord(frame['data']) || !Array.isArray(frame['data']['values'])) return;
    const { before } = this;
    this.before = [];
    frame['data']['values'] = frame['data']['values'].map((values: unknown, at) => this.columnOf(values, before[at]));
  }

  private columnOf(values: unknown, before: { values: readonly unknown[]; column: number } | undefined): number {
    if (!Array.isArray(values)) return this.columns.push({ raw: values }) - 1;
    const column = before && isSame(before.values, values) ? before.column : this.columnWith(values);
    this.before.push({ values, column });
    return column;
  }

  private columnWith(values: readonly unknown[]): number {
    const nulls = nullsOf(values);
    if (!nulls) return this.columns.push({ raw: values }) - 1;
    const from = this.length;
    this.numeric.push(values);
    this.length += values.length;
    return this.columns.push({ from, to: this.length, nulls }) - 1;
  }

  done(): Piece {
    const numbers = new Float64Array(this.length);
    let at = 0;
    for (const values of this.numeric) for (const value of values) numbers[at++] = Number(value);
    return { refId: this.refId, frames: this.frames, columns: this.columns, numbers };
  }
}

/** Takes the frames out of `body`. */
export function pack(body: unknown): Packed {
  const pieces: Piece[] = [];
  for (const [refId, result] of Object.entries(record(record(body)['results']))) {
    if (!isRecord(result) || !Array.isArray(result['frames'])) continue;
    let builder = new PieceBuilder(refId);
    for (const frame of result['frames']) {
      if (builder.isFull) {
        pieces.push(builder.done());
        builder = new PieceBuilder(refId);
      }
      builder.add(frame);
    }
    if (!builder.isEmpty) pieces.push(builder.done());
    result['frames'] = [];
  }
  return { body, pieces };
}

function valuesOf(column: Column, numbers: Float64Array): unknown {
  if ('raw' in column) return column.raw;
  const values: (number | null)[] = [];
  for (let at = column.from; at < column.to; at += 1) values.push(numbers[at] ?? null);
  for (const at of column.nulls) values[at] = null;
  return values;
}

/** The frames of a piece as they were; columns that were the same are one array. */
export function unpackFrames({ frames, columns, numbers }: Piece): unknown[] {
  const values = columns.map((column) => valuesOf(column, numbers));
  for (const frame of frames) {
    if (!isRecord(frame) || !isRecord(frame['data']) || !Array.isArray(frame['data']['values'])) continue;
    frame['data']['values'] = frame['data']['values'].map((column) => values[Number(column)]);
  }
  return frames;
}

/** Puts frames back to where `pack` took them. */
export function putBack(body: unknown, frames: ReadonlyMap<string, unknown[]>): unknown {
  const results = record(record(body)['results']);
  for (const [refId, list] of frames) {
    const result = results[refId];
    if (isRecord(result)) result['frames'] = list;
  }
  return body;
}
