// Controls that are wanted at hand and not in sight: variables, annotations and links that their author put there.
import { ToolbarButton } from '@narthex/vizkit';
import { useRef, useState, type KeyboardEvent, type ReactNode } from 'react';

export function ControlsMenu({ children }: { children: ReactNode }) {
  const [isOpen, setIsOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const press = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' || event.defaultPrevented || !isOpen) return;
    event.stopPropagation();
    setIsOpen(false);
    button.current?.focus();
  };
  return (
    // Escape closes it from wherever the focus is within.
    // eslint-disable-next-line jsx-a11y/no-static-element-interactions
    <div className="controls-menu" onKeyDown={press}>
      <ToolbarButton ref={button} variant="canvas" icon="sliders-v-alt" aria-label="Controls" tooltip="Controls of the dashboard" aria-expanded={isOpen} onClick={() => setIsOpen(!isOpen)} />
      {isOpen && (
        <div className="controls-menu-body" role="group" aria-label="Controls of the dashboard">
          {children}
        </div>
      )}
    </div>
  );
}
