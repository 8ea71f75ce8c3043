// What each panel of the page shows, by its key: for snapshots, and for what an editor says of the answer.
import type { DataFrame } from '@grafana/data';

const NONE: DataFrame[] = [];

export class ShownFrames {
  private readonly byKey = new Map<string, DataFrame[]>();
  private readonly listeners = new Set<() => void>();

  get(key: string): DataFrame[] {
    return this.byKey.get(key) ?? NONE;
  }

  set(key: string, frames: DataFrame[]): void {
    this.byKey.set(key, frames);
    for (const listener of this.listeners) listener();
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };
}
