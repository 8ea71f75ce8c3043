// Which kinds of panel suit the data at hand, the best first, each with its reason. Pure. Source: spec grafana.md, UI-3.
import { FieldType, type DataFrame, type Field } from '@grafana/data';

export interface Suggestion {
  type: string;
  /** Why it suits. */
  reason: string;
  score: number;
}

interface Shape {
  frameCount: number;
  /** Rows of the longest frame. */
  rows: number;
  hasTime: boolean;
  numbers: Field[];
  texts: Field[];
  flags: Field[];
  /** More than one row along a time. */
  isOverTime: boolean;
}

const VALUES_READ_MAX = 200;

const ofType = (frames: DataFrame[], type: FieldType): Field[] => frames.flatMap(({ fields }) => fields.filter((field) => field.type === type));

function shapeOf(frames: DataFrame[]): Shape {
  const rows = Math.max(0, ...frames.map(({ length }) => length));
  const hasTime = ofType(frames, FieldType.time).length > 0;
  return { frameCount: frames.length, rows, hasTime, numbers: ofType(frames, FieldType.number), texts: ofType(frames, FieldType.string), flags: ofType(frames, FieldType.boolean), isOverTime: hasTime && rows > 1 };
}

const distinctCount = ({ values }: Field): number => new Set(values.slice(0, VALUES_READ_MAX)).size;
const isNeverNegative = (fields: readonly Field[]): boolean => fields.every(({ values }) => values.slice(0, VALUES_READ_MAX).every((value: unknown) => typeof value !== 'number' || value >= 0));

const hasBuckets = (numbers: readonly Field[]): boolean => numbers.length > 2 && numbers.every(({ labels, name }) => labels?.['le'] !== undefined || /^(\+Inf|[\d.e+-]+)$/.test(name));

function overTime({ numbers, texts, flags, rows }: Shape): Suggestion[] {
  const count = numbers.length;
  const states = [...texts, ...flags].filter((field) => distinctCount(field) <= 12);
  const steps = numbers.filter((field) => distinctCount(field) <= 4);
  return [
    ...(count > 0 ? [{ type: 'timeseries', reason: 'Numbers over time', score: 100 }] : []),
    ...(hasBuckets(numbers) ? [{ type: 'heatmap', reason: 'Buckets of a histogram over time', score: 110 }] : []),
    ...(states.length > 0 ? [{ type: 'state-timeline', reason: 'A few states over time', score: count > 0 ? 80 : 105 }, { type: 'status-history', reason: 'A state at each time', score: count > 0 ? 50 : 85 }] : []),
    ...(states.length === 0 && count > 0 && steps.length === count ? [{ type: 'state-timeline', reason: 'Numbers that take a few values', score: 90 }] : []),
    ...(count > 0 && count <= 30 ? [{ type: 'stat', reason: count === 1 ? 'The last value, with its course' : 'The last value of each series', score: 88 }] : []),
    ...(count > 0 && count <= 30 ? [{ type: 'gauge', reason: 'The last value between its bounds', score: 70 }] : []),
    ...(count > 1 && count <= 60 ? [{ type: 'bargauge', reason: 'The last values beside each other', score: 75 }] : []),
    ...(count > 1 && count <= 12 && isNeverNegative(numbers) ? [{ type: 'piechart', reason: 'Shares of the last values', score: 60 }] : []),
    ...(count > 0 && rows > 20 ? [{ type: 'histogram', reason: 'How often which value comes', score: 55 }] : []),
    ...(count > 8 ? [{ type: 'heatmap', reason: 'Many series as one picture', score: 45 }] : []),
    ...(count === 0 && texts.length > 0 ? [{ type: 'logs', reason: 'Lines of text over time', score: 100 }] : []),
    { type: 'table', reason: 'All values', score: 40 },
  ];
}

function ofRows({ numbers, texts, rows, frameCount }: Shape): Suggestion[] {
  // Of one row each: what an instant query answers.
  const values = rows === 1 ? numbers.length : rows;
  const hasNames = texts.length > 0 || rows === 1;
  return [
    ...(texts.length > 0 && (rows > 1 || frameCount > 1) ? [{ type: 'table', reason: 'Rows with names', score: 100 }] : [{ type: 'table', reason: 'All values', score: 40 }]),
    ...(numbers.length > 0 && values <= 30 ? [{ type: 'stat', reason: values === 1 ? 'One value' : 'A few values', score: rows === 1 ? 105 : 70 }] : []),
    ...(numbers.length > 0 && values <= 30 ? [{ type: 'gauge', reason: 'A value between its bounds', score: rows === 1 ? 85 : 55 }] : []),
    ...(numbers.length > 0 && values > 1 && hasNames ? [{ type: 'bargauge', reason: 'Values beside each other', score: 90 }] : []),
    ...(numbers.length > 0 && values > 1 && values <= 12 && hasNames && isNeverNegative(numbers) ? [{ type: 'piechart', reason: 'Shares of a whole', score: 80 }] : []),
    ...(numbers.length > 0 && texts.length > 0 && rows > 1 ? [{ type: 'barchart', reason: 'A bar for each name', score: 95 }] : []),
    ...(numbers.length > 1 && rows > 2 ? [{ type: 'xychart', reason: 'One number against another', score: 65 }] : []),
    ...(numbers.length > 0 && rows > 20 ? [{ type: 'histogram', reason: 'How often which value comes', score: 60 }] : []),
  ];
}

const PRICES = ['open', 'high', 'low', 'close'];

/** Without data there is nothing to go by. */
export function suggestions(frames: DataFrame[]): Suggestion[] {
  const shape = shapeOf(frames);
  if (shape.rows === 0) return [];
  const names = new Set(shape.numbers.map(({ name }) => name.toLowerCase()));
  const prices = shape.hasTime && PRICES.every((name) => names.has(name)) ? [{ type: 'candlestick', reason: 'Open, high, low and close', score: 120 }] : [];
  const all = [...prices, ...(shape.isOverTime ? overTime(shape) : ofRows(shape))].toSorted((a, b) => b.score - a.score);
  return all.filter(({ type }, index) => all.findIndex((one) => one.type === type) === index);
}
