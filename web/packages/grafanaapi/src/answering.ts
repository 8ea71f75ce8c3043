// The worker's half of aside.ts.
import { fetchAnswer, type Answer, type Call } from './fetch_answer';
import { pack, type Piece } from './packed';

export type ToWorker = { id: number; call: Call } | { id: number; isGivenUp: true };
/** Pieces first, the rest of the answer last. */
export type FromWorker = { id: number; piece: Piece } | { id: number; answer: Answer } | { id: number; isUnreachable: true };

type Post = (message: FromWorker, transfer: Transferable[]) => void;

/** What is to be called with each message of the page. */
export function answering(post: Post): (message: ToWorker) => Promise<void> {
  const underWay = new Map<number, AbortController>();
  return async (message) => {
    const { id } = message;
    if ('isGivenUp' in message) {
      underWay.get(id)?.abort();
      return;
    }
    const abort = new AbortController();
    underWay.set(id, abort);
    try {
      const answer = await fetchAnswer(message.call, abort.signal);
      const { body, pieces } = pack(answer.body);
      for (const piece of pieces) post({ id, piece }, [piece.numbers.buffer]);
      post({ id, answer: { ...answer, body } }, []);
    } catch {
      // Of one that was given up nobody hears.
      post({ id, isUnreachable: true }, []);
    }
    underWay.delete(id);
  };
}
