// Parses a large answer of frames piece by piece, so that the page can be used meanwhile. What is not made of many
// frames, or not written as frames usually are, is parsed whole: the result is always that of JSON.parse.
import { isRecord, record } from '@narthex/dashmodel/json';

export const LARGE_LENGTH = 1 << 18;
// Within a text quotes are escaped, so this is never one.
const FRAME_BEGIN = '{"schema":';
const LIST_BEGIN = '"frames":[';
const PIECE_LENGTH = 1 << 16;
// Half a frame of a screen.
const TURN_MS = 8;

/** Lets the browser do what waits, once a turn is over. */
export function turns(): () => Promise<void> {
  let began = performance.now();
  return async () => {
    if (performance.now() - began < TURN_MS) return;
    await new Promise((resolve) => setTimeout(resolve, 0));
    began = performance.now();
  };
}

function* beginnings(raw: string): Generator<number> {
  for (let at = raw.indexOf(FRAME_BEGIN); at !== -1; at = raw.indexOf(FRAME_BEGIN, at + FRAME_BEGIN.length)) yield at;
}

interface Pieces {
  /** The answer with a number in place of all frames of a list but its last; the number counts the lists. */
  frame: string;
  /** Of each list, texts of frames with commas between them. */
  lists: string[][];
}

/** Undefined where a frame does not end before the next begins. */
function cut(raw: string): Pieces | undefined {
  const starts = [...beginnings(raw), raw.length];
  const first = starts[0] ?? raw.length;
  if (starts.length < 3 || !raw.startsWith(LIST_BEGIN, first - LIST_BEGIN.length)) return undefined;
  const lists: string[][] = [];
  let frame = raw.slice(0, first);
  let list: string[] = [];
  let from = first;
  for (let index = 0; index + 1 < starts.length; index += 1) {
    const start = starts[index] ?? 0;
    const end = starts[index + 1] ?? 0;
    const isLast = end === raw.length || raw.startsWith(LIST_BEGIN, end - LIST_BEGIN.length);
    if (!isLast && !raw.startsWith('},', end - 2)) return undefined;
    if (isLast && from < start) list.push(raw.slice(from, start - 1));
    if (isLast) {
      frame += `${lists.length},${raw.slice(start, end)}`;
      lists.push(list);
      list = [];
      from = end;
    } else if (end - from >= PIECE_LENGTH) {
      list.push(raw.slice(from, end - 1));
      from = end;
    }
  }
  return { frame, lists };
}

/** Puts each list where its number stands; how many were. */
function fill(body: unknown, lists: readonly unknown[][]): number {
  let count = 0;
  for (const result of Object.values(record(record(body)['results']))) {
    if (!isRecord(result) || !Array.isArray(result['frames'])) continue;
    const [number, ...last]: unknown[] = result['frames'];
    if (typeof number !== 'number') continue;
    result['frames'] = [...(lists[number] ?? []), ...last];
    count += 1;
  }
  return count;
}

/** As JSON.parse, its exception included. */
export async function parseLarge(raw: string): Promise<unknown> {
  const pieces = raw.length < LARGE_LENGTH ? undefined : cut(raw);
  if (!pieces) {
    const whole: unknown = JSON.parse(raw);
    return whole;
  }
  try {
    const lists: unknown[][] = [];
    const endTurn = turns();
    for (const texts of pieces.lists) {
      const frames: unknown[] = [];
      for (const piece of texts) {
        const parsed: unknown = JSON.parse(`[${piece}]`);
        if (Array.isArray(parsed)) for (const one of parsed) frames.push(one);
        await endTurn();
      }
      lists.push(frames);
    }
    const body: unknown = JSON.parse(pieces.frame);
    if (fill(body, lists) === lists.length) return body;
  } catch {
    // Parsed whole below, for its exception.
  }
  const whole: unknown = JSON.parse(raw);
  return whole;
}
