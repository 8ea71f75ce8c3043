// A panel's frames with its field configuration applied, and with the series of them that are to be seen.
import type { DataFrame } from '@grafana/data';
import type { Panel } from '@narthex/dashmodel';
import { applyFieldConfig, dataScope, isDataContext, refill, withDefaults, withHidden, type DataContext, type FieldConfigRequest } from '@narthex/frames';
import { base } from '@narthex/grafanaapi';
import type { PanelPlugin } from '@narthex/panels';
import { panelLookup, type PanelData } from '@narthex/runner';
import { interpolate, type ScopeLookup } from '@narthex/vars';
import { useTheme2 } from '@narthex/vizkit';
import { useMemo, useRef } from 'react';

import { useScope } from './scope';

type Plugin = Pick<PanelPlugin, 'fieldDefaults' | 'readsRange'>;

const NO_PLUGIN: Plugin = { fieldDefaults: {}, readsRange: true };

type Scoped = Record<string, { text?: unknown; value: unknown } | undefined>;

/** The value that a link or a name is about, as @grafana/data hands it over. */
function contextOf(scoped: Scoped | undefined): DataContext | undefined {
  const context: unknown = scoped?.['__dataContext']?.value;
  return isDataContext(context) ? context : undefined;
}

/** Names that the value at hand has, before those of the page. */
export function scopedLookup(scoped: Scoped | undefined, lookup: ScopeLookup): ScopeLookup {
  return (name) => {
    const own = scoped?.[name];
    return own ? { value: String(own.text ?? own.value), fields: own.value } : (dataScope(contextOf(scoped), name) ?? lookup(name));
  };
}

interface Applied {
  frames: DataFrame[];
  structureRev: number;
  /** Changes with everything but the values. */
  config: object;
}

/** How the fields of a panel are to be shown, for any frames. */
export function useFieldConfig(plugin: Plugin = NO_PLUGIN, panel: Panel): Omit<FieldConfigRequest, 'frames'> {
  const { variables, builtins, timeZone } = useScope();
  const theme = useTheme2();
  const { fieldDefaults } = plugin;
  return useMemo(() => {
    const lookup = panelLookup(variables, panel.bound, builtins);
    return {
      fieldConfig: withDefaults(panel.fieldConfig, fieldDefaults),
      theme,
      timeZone,
      linkTo: base.ensure,
      replaceVariables: (text: string | undefined, scoped?: Scoped, format?: unknown) =>
        interpolate(text ?? '', {
          lookup: scopedLookup(scoped, lookup),
          format: typeof format === 'string' ? format : undefined,
        }),
    };
    // Built-ins change with every refresh; names and units that use them wait for the next structure.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [fieldDefaults, panel, variables, theme, timeZone]);
}

export function useFrames(plugin: Plugin = NO_PLUGIN, panel: Panel, data: PanelData, hidden: ReadonlySet<string>): { applied: DataFrame[]; shown: DataFrame[] } {
  const { readsRange } = plugin;
  const { frames, structureRev } = data;
  const before = useRef<Applied>(undefined);
  const config = useFieldConfig(plugin, panel);
  const applied = useMemo(() => {
    const last = before.current;
    const isSame = !readsRange && last?.structureRev === structureRev && last.config === config;
    const filled = isSame ? refill(last.frames, frames, config.fieldConfig) : undefined;
    const next = filled ?? applyFieldConfig({ frames, ...config });
    before.current = { frames: next, structureRev, config };
    return next;
  }, [frames, structureRev, config, readsRange]);
  const shown = useMemo(() => withHidden(applied, hidden), [applied, hidden]);
  return { applied, shown };
}
