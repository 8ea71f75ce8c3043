// Reading of JSON whose shape is not known: each function gives a value of the wanted kind or the fallback.
export type { AnyRecord } from './types';
import type { AnyRecord } from './types';

export const isRecord = (value: unknown): value is AnyRecord =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const record = (value: unknown): AnyRecord => (isRecord(value) ? value : {});

export const records = (value: unknown): AnyRecord[] =>
  Array.isArray(value) ? value.filter(isRecord) : [];

export const text = (value: unknown, fallback = ''): string =>
  typeof value === 'string' ? value : typeof value === 'number' ? String(value) : fallback;

export const texts = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : [];

export const flag = (value: unknown, fallback = false): boolean =>
  typeof value === 'boolean' ? value : fallback;

export function number(value: unknown, fallback: number): number;
export function number(value: unknown, fallback?: undefined): number | undefined;
export function number(value: unknown, fallback?: number): number | undefined {
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  if (typeof value === 'string' && value.trim() !== '' && Number.isFinite(Number(value))) return Number(value);
  return fallback;
}

/** A copy that shares nothing with the original, so that a migration may change it in place. */
export const copy = (value: AnyRecord): AnyRecord => structuredClone(value);
