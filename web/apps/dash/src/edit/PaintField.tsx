// A colour: one of the palette by its name, or any other.
import { colorManipulator } from '@grafana/data';
import { Button, useTheme2 } from '@narthex/vizkit';

import { Disclosure } from './Disclosure';
import { Draft } from './Draft';

interface PaintFieldProps {
  id?: string;
  label: string;
  value: string;
  /** Only the swatch, without its name. */
  isSmall?: boolean;
  isClearable?: boolean;
  onChange: (value: string | undefined) => void;
}

const EXTRA = ['text', 'transparent'] as const;

/** The browser's own field for colours knows six digits only. */
function sixDigits(css: string): string {
  try {
    return colorManipulator.asHexString(css).slice(0, 7);
  } catch {
    return '#808080';
  }
}

export function PaintField({ id, label, value, isSmall = false, isClearable = false, onChange }: PaintFieldProps) {
  const { visualization } = useTheme2();
  const cssOf = (name: string): string => visualization.getColorByName(name);
  const swatch = (name: string) => <span className={`swatch${name === '' ? ' swatch-none' : ''}`} style={name === '' ? {} : { background: cssOf(name) }} aria-hidden />;
  const face = isSmall ? (
    swatch(value)
  ) : (
    <>
      {swatch(value)} {value || 'None'}
    </>
  );
  return (
    <Disclosure id={id} label={label} chosen={value || 'none'} face={face} className={isSmall ? 'disclosure-small' : ''}>
      {(close) => {
        const choose = (name: string | undefined): void => {
          onChange(name);
          close();
        };
        const button = (name: string) => (
          <button key={name} type="button" className="swatch-button" title={name} aria-label={name} aria-pressed={name === value} onClick={() => choose(name)}>
            {swatch(name)}
          </button>
        );
        return (
          <>
            <div className="swatches">{visualization.hues.map(({ name, shades }) => <div key={name}>{shades.map((shade) => button(shade.name))}</div>)}</div>
            <div className="option-row">
              {EXTRA.map(button)}
              <input type="color" aria-label={`Custom ${label.toLowerCase()}`} value={sixDigits(cssOf(value || 'gray'))} onChange={(event) => onChange(event.currentTarget.value)} />
              <Draft id={`${id ?? label}-css`} label={`${label} as CSS`} value={value} placeholder="#5794f2" onCommit={(css) => choose(css || undefined)} />
            </div>
            {isClearable && value !== '' && (
              <Button size="sm" variant="secondary" fill="text" onClick={() => choose(undefined)}>
                No colour
              </Button>
            )}
          </>
        );
      }}
    </Disclosure>
  );
}
