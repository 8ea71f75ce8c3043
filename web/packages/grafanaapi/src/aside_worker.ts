// The script of the worker of aside.ts.
import { answering, type ToWorker } from './answering';

const answer = answering((message, transfer) => self.postMessage(message, { transfer }));
self.addEventListener('message', ({ data }: MessageEvent<ToWorker>) => void answer(data));
