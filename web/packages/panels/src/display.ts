// One displayed value per field or row: what stat, gauge and bar gauge draw.
import { getFieldDisplayValues, ThresholdsMode, type FieldConfigSource, type FieldDisplay } from '@grafana/data';
import { useTheme2 } from '@narthex/vizkit';
import { useCallback } from 'react';

import { readReduce } from './options';
import type { PanelProps } from './props';

const NO_FIELDS: FieldConfigSource = { defaults: { thresholds: { mode: ThresholdsMode.Absolute, steps: [{ value: -Infinity, color: 'green' }] } }, overrides: [] };

export function useFieldDisplays({ frames, options, timeZone, interpolate }: PanelProps, sparkline: boolean, percentChange = false): () => FieldDisplay[] {
  const theme = useTheme2();
  return useCallback(
    () =>
      getFieldDisplayValues({
        // Defaults and overrides are in the frames already; these are for frames without a number.
        fieldConfig: NO_FIELDS,
        reduceOptions: readReduce(options),
        replaceVariables: (text, scoped) => interpolate(text, undefined, scoped),
        theme,
        data: frames,
        timeZone,
        sparkline,
        percentChange,
      }),
    [frames, options, timeZone, interpolate, theme, sparkline, percentChange],
  );
}
