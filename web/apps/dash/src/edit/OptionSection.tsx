// A heading of the options pane with what stands under it; folded away it stays so, for this person.
import { Icon } from '@narthex/vizkit';
import { useId, useState, type ReactNode } from 'react';

const KEY = 'narthex.options.folded';

function folded(): string[] {
  try {
    return (window.localStorage.getItem(KEY) ?? '').split('\n').filter((one) => one !== '');
  } catch {
    return [];
  }
}

function fold(title: string, isFolded: boolean): void {
  const rest = folded().filter((one) => one !== title);
  try {
    window.localStorage.setItem(KEY, [...rest, ...(isFolded ? [title] : [])].join('\n'));
  } catch {
    // Folded for now all the same.
  }
}

interface OptionSectionProps {
  title: string;
  /** Of a search: open, whatever was chosen. */
  isForced: boolean;
  /** A number behind the heading, and what it counts. */
  badge?: { count: number; title: string };
  children: ReactNode;
}

export function OptionSection({ title, isForced, badge, children }: OptionSectionProps) {
  const id = useId();
  const [isFolded, setIsFolded] = useState(() => folded().includes(title));
  const isOpen = isForced || !isFolded;
  const toggle = (): void => {
    setIsFolded(!isFolded);
    fold(title, !isFolded);
  };
  return (
    <section aria-labelledby={id} className="option-list">
      <h3>
        <button type="button" id={id} className="option-heading" aria-expanded={isOpen} aria-label={title} onClick={toggle}>
          <Icon name={isOpen ? 'angle-down' : 'angle-right'} aria-hidden /> {title}
          {badge && <small title={badge.title}>{badge.count}</small>}
        </button>
      </h3>
      {isOpen && children}
    </section>
  );
}
