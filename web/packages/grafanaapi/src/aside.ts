// Asks beside the page, in a worker: answers of many megabytes are read and parsed there while the page goes on.
import { fetchAnswer, type Answer, type Call } from './fetch_answer';
import type { FromWorker, ToWorker } from './answering';
import { putBack, unpackFrames } from './packed';

interface Pending {
  call: Call;
  signal: AbortSignal | null;
  frames: Map<string, unknown[]>;
  resolve: (answer: Answer | Promise<Answer>) => void;
  reject: (reason: unknown) => void;
}

type Start = () => Worker;

export class Aside {
  private worker: Worker | undefined;
  private isBroken = false;
  private readonly pending = new Map<number, Pending>();
  private lastId = 0;

  constructor(private readonly start: Start) {}

  /** As fetchAnswer. */
  fetch(call: Call, signal: AbortSignal | null): Promise<Answer> {
    const worker = this.running();
    if (!worker) return fetchAnswer(call, signal);
    return new Promise((resolve, reject) => {
      if (signal?.aborted) {
        reject(signal.reason);
        return;
      }
      this.lastId += 1;
      const id = this.lastId;
      this.pending.set(id, { call, signal, frames: new Map(), resolve, reject });
      const send = (message: ToWorker): void => worker.postMessage(message);
      send({ id, call: { ...call, url: new URL(call.url, document.baseURI).href } });
      signal?.addEventListener('abort', () => {
        if (!this.pending.delete(id)) return;
        send({ id, isGivenUp: true });
        reject(signal.reason);
      });
    });
  }

  private running(): Worker | undefined {
    if (this.worker || this.isBroken || typeof Worker === 'undefined') return this.worker;
    try {
      this.worker = this.start();
      this.worker.addEventListener('message', ({ data }: MessageEvent<FromWorker>) => this.take(data));
      this.worker.addEventListener('error', () => this.giveUp());
    } catch {
      this.isBroken = true;
    }
    return this.worker;
  }

  private take(message: FromWorker): void {
    const { id } = message;
    const pending = this.pending.get(id);
    if (!pending) return;
    if ('piece' in message) {
      const { refId } = message.piece;
      const frames = pending.frames.get(refId) ?? [];
      for (const frame of unpackFrames(message.piece)) frames.push(frame);
      pending.frames.set(refId, frames);
      return;
    }
    this.pending.delete(id);
    if ('isUnreachable' in message) pending.reject(new TypeError('no answer came'));
    else pending.resolve({ ...message.answer, body: putBack(message.answer.body, pending.frames) });
  }

  /** A worker that a policy forbids, or whose script does not arrive: the page asks for itself. */
  private giveUp(): void {
    this.worker?.terminate();
    this.worker = undefined;
    this.isBroken = true;
    for (const { call, signal, resolve } of this.pending.values()) resolve(fetchAnswer(call, signal));
    this.pending.clear();
  }
}

export const aside = new Aside(() => new Worker(new URL('./aside_worker.ts', import.meta.url), { type: 'module' }));
