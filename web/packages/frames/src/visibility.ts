// Which series a click in the legend shows and hides.
import { FieldType, getFieldDisplayName, type DataFrame } from '@grafana/data';

/**
 * The names hidden after a click on `name`. A plain click shows it alone, or everything when it was
 * alone already; a click with `isToggle` turns only that one on or off.
 */
export function nextVisible(all: readonly string[], hidden: ReadonlySet<string>, name: string, isToggle: boolean): Set<string> {
  if (isToggle) {
    const next = new Set(hidden);
    if (!next.delete(name)) next.add(name);
    return next.size === all.length ? new Set() : next;
  }
  const isAlone = !hidden.has(name) && all.every((other) => other === name || hidden.has(other));
  return isAlone ? new Set() : new Set(all.filter((other) => other !== name));
}

/** The frames with the named series switched off for drawing; legend entries stay. */
export function withHidden(frames: DataFrame[], hidden: ReadonlySet<string>): DataFrame[] {
  if (hidden.size === 0) return frames;
  return frames.map((frame) => ({
    ...frame,
    fields: frame.fields.map((field) => {
      if (field.type === FieldType.time || !hidden.has(getFieldDisplayName(field, frame, frames))) return field;
      const custom = { ...field.config.custom, hideFrom: { viz: true, legend: false, tooltip: true } };
      return { ...field, config: { ...field.config, custom } };
    }),
  }));
}
