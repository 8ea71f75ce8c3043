// The live channel of one dashboard: which panels want new samples, who else is there, what has been changed.
// Source: docs/formats/live.md.
import { flag, number, record, records, text, type AnyRecord } from '@narthex/dashmodel/json';
import type { DsQuery } from '@narthex/grafanaapi';
import type { TimeWindow } from '@narthex/timeutil';

export interface LivePoints {
  refId: string;
  span: TimeWindow;
  /** As the server wrote them, not yet checked. */
  frames: unknown[];
}

export interface LiveWatch {
  queries: readonly DsQuery[];
  /** Start of the range, relative: "now-1h". */
  from: string;
  /** All queries of the panel have a channel: it may be loaded once more and then waits for points. */
  onReady: () => void;
  onPoints: (points: LivePoints) => void;
  /** Points no longer come, or some were missed: the panel is to ask for itself again. */
  onLost: () => void;
}

export interface Viewer {
  login: string;
  name: string;
}

export interface LiveChange {
  action: string;
  /** Empty where a file changed. */
  by: string;
  version: number;
}

/** What is used of an EventSource. */
export interface EventStream {
  addEventListener: (type: string, listener: (event: { data?: unknown }) => void) => void;
  close: () => void;
  readonly readyState: number;
}

export interface LiveOptions {
  open: () => EventStream;
  subscribe: (body: AnyRecord) => Promise<unknown>;
  onPresence: (viewers: Viewer[]) => void;
  onChange: (change: LiveChange) => void;
  /** Calls back once after so many milliseconds; the answer takes it back. */
  later: (callback: () => void, ms: number) => () => void;
}

const CLOSED = 2;
const SETTLE_MS = 200;
const RETRY_MS = 60_000;
const HEARTBEATS_MISSED_MAX = 3;
// Points may come before the answer that names their channel.
const EARLY_MAX = 100;
const TRANSIENT: ReadonlySet<string> = new Set(['slow', 'stopping']);

interface Channel {
  watch: LiveWatch;
  refId: string;
}

function parsed(data: unknown): AnyRecord {
  try {
    return record(JSON.parse(typeof data === 'string' ? data : ''));
  } catch {
    return {};
  }
}

export class LiveConnection {
  private readonly watches = new Map<number, LiveWatch>();
  private channels = new Map<string, Channel>();
  private early: AnyRecord[] = [];
  private stream: EventStream | undefined;
  private client = '';
  private heartbeatMs = 15_000;
  private nextId = 1;
  private round = 0;
  private cancelSend: (() => void) | undefined;
  private cancelBeat: (() => void) | undefined;
  private cancelRetry: (() => void) | undefined;

  constructor(private readonly options: LiveOptions) {}

  /** Asks for new samples of a panel until the answer is called. */
  watch(watch: LiveWatch): () => void {
    const id = this.nextId;
    this.nextId += 1;
    this.watches.set(id, watch);
    this.send();
    return () => {
      this.watches.delete(id);
      this.send();
    };
  }

  open(): void {
    if (this.stream) return;
    this.cancelRetry?.();
    const stream = this.options.open();
    this.stream = stream;
    const on = (type: string, take: (event: AnyRecord) => void): void =>
      stream.addEventListener(type, ({ data }) => {
        if (this.stream !== stream) return;
        this.beat();
        take(parsed(data));
      });
    on('hello', (event) => this.hello(event));
    on('points', (event) => this.points(event));
    on('error', (event) => this.failed(event));
    on('closed', (event) => this.lose(text(event['channel'])));
    on('presence', (event) => this.options.onPresence(records(event['viewers']).map(({ login, name }) => ({ login: text(login), name: text(name) || text(login) }))));
    on('dashboard', (event) => this.options.onChange({ action: text(event['action']), by: text(event['by']), version: number(event['version'], 0) }));
    on('ping', () => {});
    on('end', (event) => this.end(text(event['reason'])));
  }

  close(): void {
    this.cancelRetry?.();
    this.drop();
  }

  private hello(event: AnyRecord): void {
    this.client = text(event['client']);
    this.heartbeatMs = number(event['heartbeatMs'], this.heartbeatMs);
    this.beat();
    this.send();
  }

  /** The browser's own errors come under the same name as those of a data source, without data. */
  private failed(event: AnyRecord): void {
    const channel = text(event['channel']);
    if (channel !== '') {
      this.channels.get(channel)?.watch.onLost();
      return;
    }
    this.loseAll();
    if (this.stream?.readyState === CLOSED) this.retry(RETRY_MS);
  }

  private end(reason: string): void {
    if (TRANSIENT.has(reason)) this.retry(0);
    else this.drop();
  }

  private drop(): void {
    this.stream?.close();
    this.stream = undefined;
    this.cancelBeat?.();
    this.cancelSend?.();
    this.loseAll();
  }

  private retry(ms: number): void {
    this.drop();
    this.cancelRetry = this.options.later(() => this.open(), Math.max(ms, SETTLE_MS));
  }

  private beat(): void {
    this.cancelBeat?.();
    this.cancelBeat = this.options.later(() => this.retry(0), this.heartbeatMs * HEARTBEATS_MISSED_MAX);
  }

  /** The list as a whole, once the changes of this moment are all in. */
  private send(): void {
    if (this.client === '') return;
    this.cancelSend?.();
    this.cancelSend = this.options.later(() => void this.subscribe(), SETTLE_MS);
  }

  private async subscribe(): Promise<void> {
    this.round += 1;
    const { round } = this;
    const watches = new Map(this.watches);
    const panels = [...watches].map(([panelId, { queries }]) => ({ panelId, queries }));
    const from = [...watches.values()][0]?.from ?? 'now-1h';
    let answer: AnyRecord;
    try {
      answer = record(await this.options.subscribe({ client: this.client, from, to: 'now', panels }));
    } catch {
      // Without channels the panels go on asking for themselves.
      if (round === this.round) this.forgetChannels();
      return;
    }
    if (round !== this.round) return;
    this.take(answer, watches);
  }

  private take(answer: AnyRecord, watches: ReadonlyMap<number, LiveWatch>): void {
    const before = new Set([...this.channels.values()].map(({ watch }) => watch));
    const named = records(answer['channels']).map((one) => ({ channel: text(one['channel']), refId: text(one['refId']), watch: watches.get(number(one['panelId'], 0)) }));
    this.channels = new Map(named.flatMap(({ channel, refId, watch }) => (watch ? [[channel, { watch, refId }] as const] : [])));
    const has = new Map<LiveWatch, number>();
    for (const { watch } of this.channels.values()) has.set(watch, (has.get(watch) ?? 0) + 1);
    for (const watch of watches.values()) {
      const isWhole = has.get(watch) === watch.queries.length;
      if (isWhole && !before.has(watch)) watch.onReady();
      if (!isWhole) watch.onLost();
    }
    const early = this.early;
    this.early = [];
    for (const event of early) this.points(event);
  }

  private points(event: AnyRecord): void {
    const channel = this.channels.get(text(event['channel']));
    if (!channel) {
      if (this.early.length < EARLY_MAX) this.early.push(event);
      return;
    }
    if (flag(event['hasGap'])) {
      channel.watch.onReady();
      return;
    }
    const frames: unknown[] = Array.isArray(event['frames']) ? event['frames'] : [];
    channel.watch.onPoints({ refId: channel.refId, span: { fromMs: number(event['from'], 0), toMs: number(event['to'], 0) }, frames });
  }

  private lose(channel: string): void {
    this.channels.get(channel)?.watch.onLost();
    this.channels.delete(channel);
  }

  private forgetChannels(): void {
    const lost = new Set([...this.channels.values()].map(({ watch }) => watch));
    this.channels = new Map();
    for (const watch of lost) watch.onLost();
  }

  private loseAll(): void {
    this.client = '';
    this.early = [];
    this.round += 1;
    this.forgetChannels();
  }
}
