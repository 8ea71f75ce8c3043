// The playlist under way: which dashboards, which of them now, when the next.
import type { PlaylistItem, SearchHit } from '@narthex/grafanaapi';

export interface Playing {
  name: string;
  urls: readonly string[];
  index: number;
}

/** The addresses of a playlist's items, those of a tag by title; what is not there any more is left out. */
export function addressesOf(items: readonly PlaylistItem[], hits: readonly SearchHit[]): string[] {
  const dashboards = hits.filter(({ type }) => type === 'dash-db');
  return items.flatMap(({ type, value }) => {
    const found = dashboards.filter((hit) => (type === 'dashboard_by_uid' ? hit.uid === value : hit.tags.includes(value)));
    return found.map(({ url }) => url);
  });
}

const withKiosk = (url: string): string => `${url}${url.includes('?') ? '&' : '?'}kiosk=true`;

export class Player {
  private playing: Playing | undefined;
  private timer: ReturnType<typeof setInterval> | undefined;
  private intervalMs = 0;
  private readonly listeners = new Set<() => void>();

  constructor(private readonly go: (url: string) => void) {}

  get current(): Playing | undefined {
    return this.playing;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  start(name: string, urls: readonly string[], intervalMs: number): void {
    this.stop();
    if (urls.length === 0) return;
    this.intervalMs = intervalMs;
    this.show({ name, urls, index: 0 });
  }

  /** To the next one, or back by -1; behind the last comes the first. A full interval is left for what is shown then. */
  step(by: number): void {
    if (!this.playing) return;
    const { urls, index } = this.playing;
    this.show({ ...this.playing, index: (index + by + urls.length) % urls.length });
  }

  stop(): void {
    clearInterval(this.timer);
    this.playing = undefined;
    this.tell();
  }

  private show(playing: Playing): void {
    this.playing = playing;
    clearInterval(this.timer);
    this.timer = setInterval(() => this.step(1), this.intervalMs);
    this.go(withKiosk(playing.urls[playing.index] ?? ''));
    this.tell();
  }

  private tell(): void {
    for (const listener of this.listeners) listener();
  }
}
