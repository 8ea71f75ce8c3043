// Hours of the day and days of the week that come again: which stretches of a window they cover.
// Source: Grafana's query "Time regions" of its built-in data source.
import { isRecord, number, text, type AnyRecord } from '@narthex/dashmodel/json';
import { parseDurationMs, type TimeWindow } from '@narthex/timeutil';

/** When a region begins, as minute, hour, day, month, day of the week, and how long it lasts; 0 for a moment. */
export interface TimeRegion {
  cron: string;
  durationMs: number;
  /** An IANA name; undefined for the browser's own. */
  zone: string | undefined;
}

const MINUTE_MS = 60_000;
const DAY_MINUTES = 24 * 60;
const WEEK_MINUTES = 7 * DAY_MINUTES;
// A line each minute for half a day; more would paint the chart over.
export const REGION_COUNT_MAX = 720;

const TIME = /^(\d{1,2}):(\d{1,2})/;

/** Minutes since midnight; undefined for what is no time of day. */
function minutesOf(value: unknown): number | undefined {
  const match = TIME.exec(text(value));
  return match ? Number(match[1]) * 60 + Number(match[2]) : undefined;
}

function dayOf(value: unknown): number | undefined {
  const day = number(value);
  return day !== undefined && day >= 1 && day <= 7 ? day : undefined;
}

function zoneOf(value: unknown, standard: string): string | undefined {
  const zone = text(value) || standard;
  if (zone === '' || zone === 'browser') return undefined;
  return zone === 'utc' ? 'Etc/UTC' : zone;
}

/** How long from the first to the second, both minutes of a week; over its end where the second is earlier. */
function weekMinutes(from: number, to: number): number {
  return (((to - from) % WEEK_MINUTES) + WEEK_MINUTES) % WEEK_MINUTES;
}

function bySchedule(json: AnyRecord): Omit<TimeRegion, 'zone'> | undefined {
  const [fromDay, toDay] = [dayOf(json['fromDayOfWeek']), dayOf(json['toDayOfWeek'])];
  const [from, to] = [minutesOf(json['from']), minutesOf(json['to'])];
  if (fromDay === undefined && from === undefined) return undefined;
  const start = from ?? 0;
  const cron = `${start % 60} ${Math.floor(start / 60)} * * ${fromDay ?? '*'}`;
  // Days without a time reach to the end of the last.
  if (fromDay !== undefined && from === undefined && to === undefined) {
    return { cron, durationMs: (weekMinutes(fromDay * DAY_MINUTES, ((toDay ?? fromDay) + 1) * DAY_MINUTES) || WEEK_MINUTES) * MINUTE_MS };
  }
  const end = to ?? start;
  if (fromDay === undefined && toDay === undefined) return { cron, durationMs: ((end - start + DAY_MINUTES) % DAY_MINUTES) * MINUTE_MS };
  const day = fromDay ?? 1;
  return { cron, durationMs: weekMinutes(day * DAY_MINUTES + start, (toDay ?? day) * DAY_MINUTES + end) * MINUTE_MS };
}

/** Undefined for what names no time. */
export function timeRegion(json: unknown, zone: string): TimeRegion | undefined {
  if (!isRecord(json)) return undefined;
  const found = json['mode'] === 'cron' ? { cron: text(json['cronExpr']).trim(), durationMs: parseDurationMs(text(json['duration'])) ?? 0 } : bySchedule(json);
  return found && found.cron !== '' ? { ...found, zone: zoneOf(json['timezone'], zone) } : undefined;
}

/** The stretches that overlap the window, also those that began before it. An expression that is none has none. */
export async function regionsWithin({ cron, durationMs, zone }: TimeRegion, window: TimeWindow): Promise<TimeWindow[]> {
  const { Cron } = await import('croner');
  const out: TimeWindow[] = [];
  try {
    const job = new Cron(cron, { paused: true, ...(zone === undefined ? {} : { timezone: zone }) });
    // The next run is later than what is given: a moment at the window's start counts, a stretch that ends there does not.
    let next = job.nextRun(new Date(window.fromMs - Math.max(durationMs, 1)));
    while (next && next.valueOf() <= window.toMs && out.length < REGION_COUNT_MAX) {
      out.push({ fromMs: next.valueOf(), toMs: next.valueOf() + durationMs });
      next = job.nextRun(next);
    }
    job.stop();
  } catch {
    return [];
  }
  return out;
}
