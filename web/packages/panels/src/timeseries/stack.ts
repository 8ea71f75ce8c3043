// Stacking: which series lie on one another, and the heights they are drawn at.
import type { DataFrame, Field } from '@grafana/data';
import type { StackGroup } from '@narthex/vizkit';
import { number, record, text } from '@narthex/dashmodel/json';

type Column = Array<number | null | undefined>;

interface Stacking {
  mode: string;
  group: string;
}

const custom = (field: Field) => record(field.config.custom);

function stackingOf(field: Field): Stacking {
  const stacking = record(custom(field)['stacking']);
  // Dashboards say `"group": false` of a series that is to stand by itself.
  return { mode: text(stacking['mode'], 'none'), group: String(stacking['group'] ?? 'A') };
}

const isHidden = (field: Field): boolean => record(custom(field)['hideFrom'])['viz'] === true;
const isNegated = (field: Field): boolean => custom(field)['transform'] === 'negative-Y';

function mostlyNegative(column: Column): boolean {
  let balance = 0;
  for (const value of column) if (value) balance += Math.sign(value);
  return balance < 0;
}

const isDrawn = (value: number | null | undefined): boolean => value == null || Number.isFinite(value);

function areDrawn(values: Column): boolean {
  // Of every value of every refresh: a call for each would take several times as long.
  for (let at = 0; at < values.length; at += 1) {
    const value = values[at];
    // What is not a number differs from itself; so does the difference of infinities.
    if (value != null && value - value !== 0) return false;
  }
  return true;
}

/** The line goes on over what is missing for no longer than `spanMs`: a null breaks it, what is undefined does not. */
export function spanned(values: Column, times: readonly number[], spanMs: number): Column {
  const out = [...values];
  let before = -1;
  values.forEach((value, at) => {
    if (value == null) return;
    if (before >= 0 && (times[at] ?? 0) - (times[before] ?? 0) <= spanMs) out.fill(undefined, before + 1, at);
    before = at;
  });
  return out;
}

/**
 * The numbers of a field as drawn alone: turned upside down where the panel says so. What has no place on an
 * axis is no point: a single NaN would leave the scale, and so every series on it, without a range.
 */
function ownColumn(field: Field, times: readonly number[]): Column {
  const given: Column = field.values;
  const drawn = areDrawn(given) ? given : given.map((value) => (isDrawn(value) ? value : null));
  const spanMs = number(custom(field)['spanNulls']);
  const values = spanMs === undefined ? drawn : spanned(drawn, times, spanMs);
  return isNegated(field) ? values.map((value) => (value == null ? value : -value)) : values;
}

/** Series of one kind, group and direction stack; positive ones grow up and negative ones down. */
export function stackGroups(frame: DataFrame): StackGroup[] {
  const groups = new Map<string, StackGroup>();
  const times: readonly number[] = frame.fields[0]?.values ?? [];
  frame.fields.forEach((field, index) => {
    const { mode, group } = stackingOf(field);
    if (index === 0 || mode === 'none' || isHidden(field)) return;
    const dir = mostlyNegative(ownColumn(field, times)) ? -1 : 1;
    const { drawStyle, lineInterpolation } = custom(field);
    const key = [dir, mode, group, field.config.unit, text(drawStyle), text(lineInterpolation)].join('|');
    const found: StackGroup = groups.get(key) ?? { series: [], dir };
    found.series.push(index);
    groups.set(key, found);
  });
  return [...groups.values()];
}

function stackOne(group: StackGroup, columns: Column[], length: number): void {
  const sums = Array.from({ length }, () => 0);
  const hasAny = Array.from({ length }, (_, at) => group.series.some((index) => columns[index]?.[at] != null));
  for (const index of group.series) {
    const column = columns[index] ?? [];
    // A series without a point where others have one counts as nothing there, so the stack does not tear.
    columns[index] = sums.map((sum, at) => {
      const value = column[at];
      if (value == null) return hasAny[at] ? sum : value;
      sums[at] = sum + value;
      return sums[at];
    });
  }
}

function toPercent(group: StackGroup, columns: Column[]): void {
  const top = columns[group.series.at(-1) ?? 0] ?? [];
  for (const index of group.series) {
    columns[index] = (columns[index] ?? []).map((value, at) => {
      if (value == null) return value;
      const total = top[at];
      return total ? group.dir * (value / total) : 0;
    });
  }
}

/** The columns for the chart: time, then each series at the height it is drawn at. */
export function chartColumns(frame: DataFrame, groups: readonly StackGroup[]): Column[] {
  const columns: Column[] = frame.fields.map((field, index) => (index === 0 ? field.values : ownColumn(field, frame.fields[0]?.values ?? [])));
  for (const group of groups) {
    stackOne(group, columns, frame.length);
    const [first] = group.series;
    const field = first === undefined ? undefined : frame.fields[first];
    if (field && stackingOf(field).mode === 'percent') toPercent(group, columns);
  }
  return columns;
}
