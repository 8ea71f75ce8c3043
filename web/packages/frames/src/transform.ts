// Transformations: a panel's steps from the frames of its queries to those it draws.
import {
  standardTransformers,
  standardTransformersRegistry,
  transformDataFrame,
  type DataFrame,
  type DataTransformerInfo,
  type TransformerRegistryItem,
} from '@grafana/data';
import { isRecord, record, text, type AnyRecord } from '@narthex/dashmodel/json';
import { lastValueFrom, map } from 'rxjs';

import { OWN_NAMES } from './transforms/names';

export interface Transformed {
  frames: DataFrame[];
  /** What a person should know of the steps: those left out, and why. */
  notices: string[];
}

// Names of earlier versions that still stand in dashboards.
const ALIASES: Readonly<Record<string, string>> = { append: 'merge', seriesToColumns: 'joinByField' };

function isTransformer(value: unknown): value is DataTransformerInfo {
  return isRecord(value) && typeof value['id'] === 'string' && typeof value['operator'] === 'function';
}

async function loadOwn(id: string): Promise<DataTransformerInfo> {
  const { OWN } = await import('./transforms/own');
  const transform = OWN[id] ?? ((frames: DataFrame[]) => frames);
  return { id, name: OWN_NAMES[id] ?? id, operator: (options) => (source) => source.pipe(map((frames: DataFrame[]) => transform(frames, record(options)))) };
}

interface Known {
  id: string;
  name: string;
  load: () => Promise<DataTransformerInfo>;
}

// The package lists some transformers twice, under an old name with the same id.
const BY_ID = new Map<string, Known>([
  ...Object.values(standardTransformers)
    .filter(isTransformer)
    .map((info): [string, Known] => [info.id, { id: info.id, name: info.name, load: async () => info }]),
  ...Object.entries(OWN_NAMES).map(([id, name]): [string, Known] => [id, { id, name, load: () => loadOwn(id) }]),
]);

// Steps that others are made of, not for a person to choose.
const INNER = new Set(['noop', 'append', 'order', 'rename', 'filterFields', 'filterFrames', 'ensureColumns']);

/** What a person can choose from, by name. */
export const TRANSFORMATIONS: ReadonlyArray<{ id: string; name: string }> = [...BY_ID.values()]
  .filter(({ id }) => !INNER.has(id))
  .map(({ id, name }) => ({ id, name }))
  .toSorted((a, b) => a.name.localeCompare(b.name));

let isReady = false;

function prepareRegistry(): void {
  if (isReady) return;
  isReady = true;
  standardTransformersRegistry.setInit(() =>
    [...BY_ID.values()].map(({ id, name, load }): TransformerRegistryItem => ({
      id,
      name,
      transformation: load,
      editor: () => null,
      imageDark: '',
      imageLight: '',
    })),
  );
}

type Step = AnyRecord & { id: string };

/** Names of places are found in the lists of the geomap panel, which are not here. */
function needsPlaces({ id, options }: Step): boolean {
  const { source, modify } = record(options);
  const modes = [source, record(modify)['target']].map((one) => record(one)['mode']);
  return id === 'fieldLookup' || (id === 'spatial' && modes.includes('lookup'));
}

const NO_PLACES = 'looks places up in the lists of the geomap panel, which is not supported';

function noticesOf(steps: readonly Step[], isKnown: (step: Step) => boolean): string[] {
  const unknown = steps.filter((step) => !isKnown(step) && step.id !== 'fieldLookup').map(({ id }) => id);
  const looksUp = steps.some(needsPlaces);
  return [
    ...(unknown.length > 0 ? [`Shown without the transformation ${unknown.join(', ')}`] : []),
    ...(looksUp ? [`Shown without a transformation that ${NO_PLACES}`] : []),
  ];
}

/** Steps for the annotations of the panel leave its series alone. */
const isOfMarks = (step: AnyRecord): boolean => step['topic'] === 'annotations' || step['topic'] === 'alertStates';

export async function transformFrames(
  frames: DataFrame[],
  steps: readonly AnyRecord[],
  interpolate: (text: string) => string,
): Promise<Transformed> {
  const active = steps
    .filter((step) => step['disabled'] !== true && !isOfMarks(step))
    .map((step): Step => ({ ...step, id: ALIASES[text(step['id'])] ?? text(step['id']) }));
  const marked = steps.filter((step) => step['disabled'] !== true && isOfMarks(step)).map((step) => `Annotations are shown without the transformation ${text(step['id'])}`);
  if (active.length === 0) return { frames, notices: marked };
  prepareRegistry();
  const isKnown = ({ id }: { id: string }): boolean => standardTransformersRegistry.getIfExists(id) !== undefined;
  const notices = [...noticesOf(active, isKnown), ...marked];
  let out = frames;
  for (const step of active.filter(isKnown)) {
    const { id, options, filter } = step;
    const matcher = isRecord(filter) ? { filter: { id: text(filter['id']), options: filter['options'] } } : {};
    try {
      out = await lastValueFrom(transformDataFrame([{ id, options: record(options), ...matcher }], out, { interpolate }));
    } catch (error) {
      // With options that it does not understand; the other steps may still do what they are for.
      notices.push(`Shown without the transformation ${id}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  return { frames: out, notices };
}

/** What reaches each step, and at the end what comes out of the last. */
export async function traceFrames(frames: DataFrame[], steps: readonly AnyRecord[], interpolate: (text: string) => string): Promise<DataFrame[][]> {
  const trace = [frames];
  for (const step of steps) trace.push((await transformFrames(trace.at(-1) ?? [], [step], interpolate)).frames);
  return trace;
}
