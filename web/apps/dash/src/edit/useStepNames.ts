// The names of the fields that reach each step of a panel's transformations.
import { getFieldDisplayName, type DataFrame } from '@grafana/data';
import type { AnyRecord, Panel } from '@narthex/dashmodel';
import { transformFrames } from '@narthex/frames';
import { useEffect, useMemo, useState } from 'react';

import { usePanelData } from '../dashboard/usePanelData';

const WIDTH_PX = 600;

const namesOf = (frames: DataFrame[]): string[] => [...new Set(frames.flatMap((frame) => frame.fields.map((field) => getFieldDisplayName(field, frame, frames))))];

async function namesBefore(frames: DataFrame[], steps: readonly AnyRecord[]): Promise<string[][]> {
  // Variables in options do not change which fields there are.
  const write = (text: string): string => text;
  return Promise.all(steps.map(async (_, index) => namesOf((await transformFrames(frames, steps.slice(0, index), write)).frames)));
}

/** Empty until the queries have answered. */
export function useStepNames(panel: Panel, steps: readonly AnyRecord[]): string[][] {
  const bare = useMemo(() => ({ ...panel, transformations: [] }), [panel]);
  const { frames } = usePanelData(bare, WIDTH_PX, steps.length > 0);
  const [names, setNames] = useState<string[][]>([]);
  const key = JSON.stringify(steps);
  useEffect(() => {
    let isCurrent = true;
    namesBefore(frames, steps).then(
      (found) => isCurrent && setNames(found),
      // A step whose options are half written fails; the names of before stay.
      () => {},
    );
    return () => {
      isCurrent = false;
    };
    // key stands for the steps, which are read anew from the JSON at every render.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [frames, key]);
  return names;
}
