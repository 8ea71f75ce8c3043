// One displayed value per field or row: what stat, gauge and bar gauge draw.
import { getFieldDisplayValues, type FieldDisplay } from '@grafana/data';
import { useTheme2 } from '@narthex/vizkit';
import { useCallback } from 'react';

import { readReduce } from './options';
import type { PanelProps } from './props';

export function useFieldDisplays({ frames, options, timeZone, interpolate }: PanelProps, sparkline: boolean): () => FieldDisplay[] {
  const theme = useTheme2();
  return useCallback(
    () =>
      getFieldDisplayValues({
        // Defaults and overrides are in the frames already.
        fieldConfig: { defaults: {}, overrides: [] },
        reduceOptions: readReduce(options),
        replaceVariables: interpolate,
        theme,
        data: frames,
        timeZone,
        sparkline,
      }),
    [frames, options, timeZone, interpolate, theme, sparkline],
  );
}
