// A button that shows what it stands for, and opens a list to choose another below itself.
import { useEffect, useId, useRef, useState, type ReactNode } from 'react';

interface DisclosureProps {
  id?: string | undefined;
  /** What is chosen here; the button's name says it with the choice. */
  label: string;
  /** In words. */
  chosen: string;
  face: ReactNode;
  className?: string;
  children: (close: () => void) => ReactNode;
}

export function Disclosure({ id, label, chosen, face, className = '', children }: DisclosureProps) {
  const [isOpen, setIsOpen] = useState(false);
  const own = useId();
  const buttonId = id ?? own;
  const root = useRef<HTMLDivElement>(null);
  const close = (): void => {
    setIsOpen(false);
    document.getElementById(buttonId)?.focus();
  };
  useEffect(() => {
    const element = root.current;
    if (!element || !isOpen) return undefined;
    const press = (event: KeyboardEvent): void => {
      if (event.key !== 'Escape') return;
      // The page's own Escape leaves the editor.
      event.stopPropagation();
      setIsOpen(false);
      document.getElementById(buttonId)?.focus();
    };
    element.addEventListener('keydown', press);
    return () => element.removeEventListener('keydown', press);
  }, [isOpen, buttonId]);
  return (
    <div ref={root} className={`disclosure ${className}`}>
      <button id={buttonId} type="button" className="disclosure-face" aria-label={`${label}: ${chosen}`} aria-expanded={isOpen} aria-controls={`${own}-list`} onClick={() => setIsOpen(!isOpen)}>
        {face}
      </button>
      {isOpen && (
        <div id={`${own}-list`} className="disclosure-list" role="group" aria-label={label}>
          {children(close)}
        </div>
      )}
    </div>
  );
}
