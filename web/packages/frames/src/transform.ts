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
import { lastValueFrom } from 'rxjs';

import { OWN_TRANSFORMERS } from './transforms/own';

export interface Transformed {
  frames: DataFrame[];
  /** Steps that are left out because nothing here knows them. */
  unknown: string[];
}

// Names of earlier versions that still stand in dashboards.
const ALIASES: Readonly<Record<string, string>> = { append: 'merge', seriesToColumns: 'joinByField' };

function isTransformer(value: unknown): value is DataTransformerInfo {
  return isRecord(value) && typeof value['id'] === 'string' && typeof value['operator'] === 'function';
}

// The package lists some transformers twice, under an old name with the same id.
const BY_ID = new Map([...Object.values(standardTransformers).filter(isTransformer), ...OWN_TRANSFORMERS].map((one) => [one.id, one]));

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
    [...BY_ID.values()].map((info): TransformerRegistryItem => ({
      id: info.id,
      name: info.name,
      ...(info.description ? { description: info.description } : {}),
      transformation: async () => info,
      editor: () => null,
      imageDark: '',
      imageLight: '',
    })),
  );
}

export async function transformFrames(
  frames: DataFrame[],
  steps: readonly AnyRecord[],
  interpolate: (text: string) => string,
): Promise<Transformed> {
  const active = steps
    .filter(({ disabled }) => disabled !== true)
    .map((step) => ({ ...step, id: ALIASES[text(step['id'])] ?? text(step['id']) }));
  if (active.length === 0) return { frames, unknown: [] };
  prepareRegistry();
  const isKnown = ({ id }: { id: string }): boolean => standardTransformersRegistry.getIfExists(id) !== undefined;
  const configs = active.filter(isKnown).map((step) => {
    const { id, options, filter } = record(step);
    const matcher = isRecord(filter) ? { filter: { id: text(filter['id']), options: filter['options'] } } : {};
    return { id: text(id), options, ...matcher };
  });
  const transformed = await lastValueFrom(transformDataFrame(configs, frames, { interpolate }));
  return { frames: transformed, unknown: active.filter((step) => !isKnown(step)).map(({ id }) => id) };
}
