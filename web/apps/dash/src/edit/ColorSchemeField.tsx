// How a field gets its colour: one, a palette for the series, or by its value. Source: spec grafana.md, FIELD-2.
import { fieldColorModeRegistry, FieldColorModeId, type GrafanaTheme2 } from '@grafana/data';
import type { AnyRecord } from '@narthex/dashmodel';
import { record, text } from '@narthex/dashmodel/json';
import { RadioButtonGroup, useTheme2 } from '@narthex/vizkit';

import { Disclosure } from './Disclosure';
import { PaintField } from './PaintField';
import { colorModes, hasOneColor, isByValue, type ColorMode } from './color_modes';

/** A strip of what the mode draws with. */
function stripOf({ id, isContinuous }: ColorMode, fixedColor: string, theme: GrafanaTheme2): string {
  const colours = fieldColorModeRegistry.get(id).getColors?.(theme) ?? [];
  const names = colours.length > 0 ? colours : id === FieldColorModeId.Thresholds ? ['green', 'orange', 'red'] : id === 'shades' ? [`light-${fixedColor}`, fixedColor, `dark-${fixedColor}`] : [fixedColor];
  const css = names.map((name) => theme.visualization.getColorByName(name)).slice(0, 12);
  if (isContinuous) return `linear-gradient(90deg, ${css.join(', ')})`;
  const bands = css.map((one, index) => `${one} ${(index / css.length) * 100}% ${((index + 1) / css.length) * 100}%`);
  return `linear-gradient(90deg, ${bands.join(', ')})`;
}

interface ColorSchemeFieldProps {
  id?: string;
  value: unknown;
  /** What holds where nothing is written. */
  fallback: unknown;
  isOfSeries: boolean;
  onChange: (value: AnyRecord) => void;
}

const SERIES_BY = [
  { value: 'last', label: 'Last' },
  { value: 'min', label: 'Min' },
  { value: 'max', label: 'Max' },
];

export function ColorSchemeField({ id, value, fallback, isOfSeries, onChange }: ColorSchemeFieldProps) {
  const theme = useTheme2();
  const written = record(value);
  const modes = colorModes();
  const modeId = text(written['mode']) || text(record(fallback)['mode'], FieldColorModeId.Thresholds);
  const mode = modes.find((one) => one.id === modeId);
  const fixedColor = text(written['fixedColor'], 'green');
  const strip = (one: ColorMode) => <span className="color-strip" style={{ background: stripOf(one, fixedColor, theme) }} aria-hidden />;
  const face = (
    <>
      {mode && strip(mode)} {mode?.name ?? modeId}
    </>
  );
  return (
    <div className="color-scheme">
      <Disclosure id={id} label="Colour scheme" chosen={mode?.name ?? modeId} face={face}>
        {(close) => (
          <ul className="color-modes">
            {modes.map((one) => (
              <li key={one.id}>
                <button
                  type="button"
                  aria-pressed={one.id === modeId}
                  onClick={() => {
                    onChange({ ...written, mode: one.id });
                    close();
                  }}
                >
                  {strip(one)} {one.name}
                </button>
              </li>
            ))}
          </ul>
        )}
      </Disclosure>
      {hasOneColor(modeId) && <PaintField label="Colour" value={fixedColor} onChange={(colour) => onChange({ ...written, mode: modeId, fixedColor: colour ?? 'green' })} />}
      {isOfSeries && isByValue(modeId) && (
        <div className="option-row">
          <span>Of a series by</span>
          <RadioButtonGroup size="sm" aria-label="Colour series by" options={SERIES_BY} value={text(written['seriesBy'], 'last')} onChange={(seriesBy) => onChange({ ...written, mode: modeId, seriesBy })} />
        </div>
      )}
    </div>
  );
}
