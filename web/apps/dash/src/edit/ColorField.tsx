// A colour: by its name from the palette of the theme, or any that CSS knows.
import { ColorPicker, useTheme2 } from '@narthex/vizkit';

import { Draft } from './Draft';

interface ColorFieldProps {
  id: string;
  /** For fields that no label element names. */
  label?: string;
  value: string;
  onChange: (color: string | undefined) => void;
}

export function ColorField({ id, label, value, onChange }: ColorFieldProps) {
  const theme = useTheme2();
  const background = value === '' ? 'transparent' : theme.visualization.getColorByName(value);
  return (
    <div className="option-row">
      <ColorPicker enableNamedColors color={value || 'green'} onChange={(color) => onChange(color)}>
        {({ ref, showColorPicker, hideColorPicker }) => (
          <button ref={ref} type="button" className="color-swatch" style={{ background }} aria-label={`${label ?? 'Colour'}: choose from the palette`} onClick={showColorPicker} onMouseLeave={hideColorPicker} />
        )}
      </ColorPicker>
      <Draft id={id} value={value} placeholder="green, #36a2eb" {...(label ? { label } : {})} onCommit={(draft) => onChange(draft.trim() || undefined)} />
    </div>
  );
}
