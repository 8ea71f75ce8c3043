// The frames that reach each step of a panel's transformations, and at the end those that it draws.
import { getFieldDisplayName, type DataFrame } from '@grafana/data';
import type { AnyRecord, Panel } from '@narthex/dashmodel';
import { traceFrames } from '@narthex/frames';
import { useEffect, useMemo, useState } from 'react';

import { usePanelData } from '../dashboard/usePanelData';
import { useWriter } from '../dashboard/useWriter';

const WIDTH_PX = 600;

export const namesOf = (frames: DataFrame[]): string[] => [...new Set(frames.flatMap((frame) => frame.fields.map((field) => getFieldDisplayName(field, frame, frames))))];

/** Empty until the queries have answered. */
export function useStepFrames(panel: Panel, steps: readonly AnyRecord[]): DataFrame[][] {
  const bare = useMemo(() => ({ ...panel, transformations: [] }), [panel]);
  const { frames } = usePanelData(bare, WIDTH_PX, steps.length > 0);
  const write = useWriter(panel.bound).text;
  const [trace, setTrace] = useState<DataFrame[][]>([]);
  const key = JSON.stringify(steps);
  useEffect(() => {
    let isCurrent = true;
    traceFrames(frames, steps, write).then(
      (found) => isCurrent && setTrace(found),
      // A step whose options are half written fails; the frames of before stay.
      () => {},
    );
    return () => {
      isCurrent = false;
    };
    // key stands for the steps, which are read anew from the JSON at every render.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [frames, key, write]);
  return trace;
}
