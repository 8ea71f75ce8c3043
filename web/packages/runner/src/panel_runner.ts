// Keeps the data of one panel: sends its queries, drops answers that came too late, tells its listener.
import { compareArrayValues, compareDataFrameStructures, type DataFrame } from '@grafana/data';
import { decodeFrames, hasRows, shapeFrames, type Notice, type Transformed } from '@narthex/frames';
import type { DsQueryRequest, DsResult } from '@narthex/grafanaapi';
import type { TimeWindow } from '@narthex/timeutil';

import type { LivePoints } from './live_connection';
import { withPoints } from './live_points';

export interface PanelData {
  state: 'loading' | 'done' | 'empty' | 'error' | 'unsupported';
  /** A query is under way; older frames stay in sight meanwhile. */
  isFetching: boolean;
  frames: DataFrame[];
  /** Grows when fields, labels or configuration differ from before: only then a chart is built anew. */
  structureRev: number;
  /** Why a query failed; with frames present the rest of the panel still stands. */
  error: string;
  notices: Notice[];
  /** The window the frames were asked for. */
  window: TimeWindow | undefined;
  /** The frames before the panel's transformations; the same ones where it has none. */
  queried: DataFrame[];
  /** How long the last answer took. */
  took: Took | undefined;
}

export interface Took {
  queryCount: number;
  /** From sending the queries to having the whole answer. */
  requestMs: number;
  /** What was done to it from there on: decoding, shaping, transforming. */
  processingMs: number;
}

export interface RunRequest extends DsQueryRequest {
  /** Frames that need no asking, before those of the answers. */
  local?: DataFrame[] | Promise<DataFrame[]>;
  /** Frames behind those of the answers. */
  compared?: Promise<DataFrame[]>;
  /** From the frames of the queries to those to draw. */
  transform?: (frames: DataFrame[]) => Promise<Transformed>;
}
type Answer = Pick<PanelData, 'frames' | 'error' | 'notices' | 'queried'>;

/** What a query answered, before it is shaped and transformed: new samples are put in here. */
interface Decoded {
  refId: string;
  frames: DataFrame[];
  notices: Notice[];
  error: string;
}
type Send = (request: DsQueryRequest, signal: AbortSignal) => Promise<DsResult[]>;

// A query is under way for seconds, and points come at most once a second for each of a few queries.
const RECENT_MAX = 64;

export const NO_DATA: PanelData = {
  state: 'loading',
  isFetching: false,
  frames: [],
  structureRev: 0,
  error: '',
  notices: [],
  window: undefined,
  queried: [],
  took: undefined,
};

/** The same question about a window of the same width: what a refresh asks. */
function isRefreshOf(before: RunRequest, next: RunRequest): boolean {
  const width = ({ fromMs, toMs }: RunRequest): number => toMs - fromMs;
  return width(before) === width(next) && JSON.stringify(before.queries) === JSON.stringify(next.queries);
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

function decode(request: RunRequest, results: readonly DsResult[]): Decoded[] {
  const order = request.queries.map(({ refId }) => refId);
  const sorted = results.toSorted((a, b) => order.indexOf(a.refId) - order.indexOf(b.refId));
  return sorted.map(({ refId, frames, error }) => ({ refId, error, ...decodeFrames(refId, frames) }));
}

async function shape(request: RunRequest, decoded: readonly Decoded[]): Promise<Answer> {
  const formats = new Map(request.queries.map((query) => [query.refId, query['format']]));
  const answered = decoded.flatMap((one) => shapeFrames(formats.get(one.refId), one.frames, decoded.length > 1));
  const shaped = [...((await request.local) ?? []), ...answered, ...((await request.compared) ?? [])];
  const { frames, notices } = (await request.transform?.(shaped)) ?? { frames: shaped, notices: [] };
  const error = decoded.map((one) => one.error).find((text) => text !== '') ?? '';
  return { frames, queried: shaped, error, notices: [...decoded.flatMap((one) => one.notices), ...notices.map((text) => ({ severity: 'warning' as const, text }))] };
}

export class PanelRunner {
  private abort: AbortController | undefined;
  private running: RunRequest | undefined;
  private waiting: RunRequest | undefined;
  private current: PanelData = NO_DATA;
  private decoded: readonly Decoded[] = [];
  private answered: RunRequest | undefined;
  /** The newest points: an answer may be older than they are, even one that was asked for after they came. */
  private recent: LivePoints[] = [];
  private merging: Promise<void> = Promise.resolve();

  constructor(
    private readonly send: Send,
    private readonly tell: (data: PanelData) => void,
    private readonly nowMs: () => number = () => performance.now(),
  ) {}

  get data(): PanelData {
    return this.current;
  }

  /**
   * Asks anew. An answer still under way to another question is given up; one to the same question is
   * waited for, or a source slower than the refresh would never be heard.
   */
  async run(request: RunRequest): Promise<void> {
    if (this.running && isRefreshOf(this.running, request)) {
      this.waiting = request;
      return;
    }
    this.abort?.abort();
    const abort = new AbortController();
    this.abort = abort;
    this.running = request;
    this.waiting = undefined;
    if (!this.answered || !isRefreshOf(this.answered, request)) this.recent = [];
    const before = new Set(this.recent);
    const window = { fromMs: request.fromMs, toMs: request.toMs };
    this.set({ ...this.current, isFetching: true });
    try {
      const sentMs = this.nowMs();
      const results = request.queries.length > 0 ? await this.send(request, abort.signal) : [];
      const answeredMs = this.nowMs();
      const decoded = decode(request, results);
      const answer = await shape(request, decoded);
      const took = { queryCount: request.queries.length, requestMs: answeredMs - sentMs, processingMs: this.nowMs() - answeredMs };
      if (!abort.signal.aborted) {
        this.decoded = decoded;
        this.answered = request;
        this.accept(answer, window, took);
      }
    } catch (error) {
      if (!abort.signal.aborted) this.fail(messageOf(error));
    }
    if (abort.signal.aborted) return;
    this.running = undefined;
    // The window of a request that had to wait ends before points that came meanwhile.
    this.recent = this.recent.filter((points) => !before.has(points) || points.span.toMs > request.toMs);
    for (const points of this.recent) this.enqueue(points);
    if (this.waiting) await this.run(this.waiting);
  }

  /** Puts new samples into what was answered; the window moves on to the newest of them, its width kept. */
  add(points: LivePoints): void {
    this.recent = [...this.recent, points].slice(-RECENT_MAX);
    if (!this.running) this.enqueue(points);
  }

  private enqueue(points: LivePoints): void {
    // One after the other: each begins with what the one before left.
    this.merging = this.merging.then(() => this.merge(points)).catch(() => {});
  }

  private async merge({ refId, span, frames }: LivePoints): Promise<void> {
    const request = this.answered;
    const before = this.current.window;
    if (!request || !before || this.running) return;
    const toMs = Math.max(before.toMs, span.toMs);
    const window = { fromMs: toMs - (request.toMs - request.fromMs), toMs };
    const arrived = decodeFrames(refId, frames).frames;
    const decoded = this.decoded.map((one) => (one.refId === refId ? { ...one, frames: withPoints(one.frames, arrived, span, window.fromMs) } : one));
    const answer = await shape(request, decoded);
    if (this.running || this.answered !== request) return;
    this.decoded = decoded;
    this.accept(answer, window);
  }

  /** For a fault found before anything could be asked. Frames of before are no longer what was asked for. */
  fail(message: string, state: 'error' | 'unsupported' = 'error'): void {
    this.set({ ...this.current, state, isFetching: false, frames: [], queried: [], error: message, notices: [] });
  }

  cancel(): void {
    this.abort?.abort();
    this.abort = undefined;
    this.running = undefined;
    this.waiting = undefined;
    if (this.current.isFetching) this.set({ ...this.current, isFetching: false });
  }

  private accept({ frames, queried, error, notices }: Answer, window: TimeWindow, took = this.current.took): void {
    const state = hasRows(frames) ? 'done' : error ? 'error' : 'empty';
    const isSame = compareArrayValues(this.current.frames, frames, compareDataFrameStructures);
    this.set({
      state,
      isFetching: false,
      frames,
      structureRev: isSame ? this.current.structureRev : this.current.structureRev + 1,
      error,
      notices,
      window,
      queried,
      took,
    });
  }

  private set(data: PanelData): void {
    this.current = data;
    this.tell(data);
  }
}
