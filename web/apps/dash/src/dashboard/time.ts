// The range of the page: from the address, else from the dashboard, as instants and as the picker wants it.
import { dateMath, dateTimeForTimeZone, isDateTime, type DateTime, type TimeRange } from '@grafana/data';
import { parseDurationMs, parseRawTime, rawTimeToUrl, type RawTime, type TimeWindow } from '@narthex/timeutil';

export interface RawRange {
  from: RawTime;
  to: RawTime;
}

export function rawRange(search: URLSearchParams, fallback: { from: string; to: string }): RawRange {
  return {
    from: parseRawTime(search.get('from')) ?? parseRawTime(fallback.from) ?? 'now-6h',
    to: parseRawTime(search.get('to')) ?? parseRawTime(fallback.to) ?? 'now',
  };
}

function instant(raw: RawTime, options: { timezone: string; fiscalYearStartMonth: number; now: number; roundUp: boolean }): DateTime {
  if (typeof raw === 'number') return dateTimeForTimeZone(options.timezone, raw);
  return dateMath.toDateTime(raw, options) ?? dateTimeForTimeZone(options.timezone, options.now);
}

export interface Clock {
  timeZone: string;
  /** 0 for January: where the years of a company begin. */
  fiscalYearStartMonth?: number;
  /** A duration: how long before now a range up to now ends. */
  nowDelay?: string;
}

export function resolveRange(raw: RawRange, { timeZone, fiscalYearStartMonth = 0, nowDelay = '' }: Clock): TimeRange {
  // One now for both ends: five minutes are five minutes.
  const options = { timezone: timeZone, fiscalYearStartMonth, now: Date.now() };
  const until = raw.to === 'now' && parseDurationMs(nowDelay) !== undefined ? `now-${nowDelay}` : raw.to;
  const from = instant(raw.from, { ...options, roundUp: false });
  const to = instant(until, { ...options, roundUp: true });
  const shown = (time: RawTime, at: DateTime) => (typeof time === 'string' ? time : at);
  return { from, to, raw: { from: shown(raw.from, from), to: shown(raw.to, to) } };
}

export function windowOf({ from, to }: TimeRange): TimeWindow {
  return { fromMs: from.valueOf(), toMs: to.valueOf() };
}

export function windowRange({ fromMs, toMs }: TimeWindow, timeZone: string): TimeRange {
  return resolveRange({ from: fromMs, to: toMs }, { timeZone });
}

/** What the picker gives back, as it goes into the address. */
export function rangeToUrl({ raw }: TimeRange): { from: string; to: string } {
  const one = (time: DateTime | string): string => rawTimeToUrl(isDateTime(time) ? time.valueOf() : time);
  return { from: one(raw.from), to: one(raw.to) };
}

export function windowToUrl({ fromMs, toMs }: TimeWindow): { from: string; to: string } {
  return { from: String(Math.round(fromMs)), to: String(Math.round(toMs)) };
}

export const isRelative = (raw: RawRange): boolean => typeof raw.to === 'string';
