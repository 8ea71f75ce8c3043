// Search and commands from the keyboard, and the list of keys.
import { base, searchDashboards, type SearchHit } from '@narthex/grafanaapi';
import { Modal } from '@narthex/vizkit';
import { useEffect, useMemo, useRef, useState, type KeyboardEvent } from 'react';

import { changedSearch, navigate } from '../router/location';
import { useThemeChoice } from '../theme/AppTheme';
import { useSession } from '../session/SessionGate';
import { commandsOf, matching, type Command } from './commands';
import { destination, isSecondOf, isTyping, SHORTCUTS } from './keys';

type Open = 'palette' | 'help' | undefined;

function follow({ href }: Command): void {
  if (!href.startsWith('?')) {
    navigate(href);
    return;
  }
  const change = Object.fromEntries(new URLSearchParams(href));
  navigate(`${base.remove(window.location.pathname)}?${changedSearch(new URLSearchParams(window.location.search), change)}`, 'replace');
}

interface Keys {
  open: (what: Open) => void;
  turnTheme: () => void;
}

function useKeys(keys: Keys): void {
  const latest = useRef(keys);
  latest.current = keys;
  useEffect(() => {
    let first = '';
    let firstAt = -Infinity;
    const press = (event: globalThis.KeyboardEvent): void => {
      if ((event.metaKey || event.ctrlKey) && event.key.toLowerCase() === 'k') {
        event.preventDefault();
        latest.current.open('palette');
        return;
      }
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      // A modifier alone is on its way to the key that it belongs to.
      if (event.key === 'Shift') return;
      const isSecond = isSecondOf(first, event.timeStamp - firstAt);
      const to = isSecond ? destination(first, event.key) : undefined;
      const pair = isSecond ? `${first} ${event.key}` : event.key;
      if (to !== undefined) navigate(to);
      else if (pair === 's o') latest.current.open('palette');
      else if (pair === 'c t') latest.current.turnTheme();
      else if (event.key === '?' || (event.key === 'h' && !isSecond)) latest.current.open('help');
      first = isSecond ? '' : event.key;
      firstAt = event.timeStamp;
    };
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  }, []);
}

function Search({ onClose }: { onClose: () => void }) {
  const [hits, setHits] = useState<readonly SearchHit[]>([]);
  const [wanted, setWanted] = useState('');
  const [marked, setMarked] = useState(0);
  const { user } = useSession();
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    input.current?.focus();
    searchDashboards()
      .then(setHits)
      // Pages and actions are there without the list.
      .catch(() => {});
  }, []);
  const shown = useMemo(() => matching(commandsOf(hits, user), wanted), [hits, user, wanted]);
  const run = (command: Command | undefined): void => {
    if (!command) return;
    onClose();
    follow(command);
  };
  const press = (event: KeyboardEvent): void => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step !== 0) {
      event.preventDefault();
      setMarked((marked + step + shown.length) % Math.max(1, shown.length));
    }
    if (event.key === 'Enter') run(shown[marked]);
  };
  return (
    <>
      <input
        ref={input}
        className="palette-input"
        role="combobox"
        aria-label="Search dashboards, pages and actions"
        aria-expanded
        aria-controls="palette-list"
        aria-activedescendant={shown[marked] ? `palette-${shown[marked].id}` : ''}
        placeholder="Search dashboards, pages and actions"
        value={wanted}
        onChange={(event) => {
          setWanted(event.currentTarget.value);
          setMarked(0);
        }}
        onKeyDown={press}
      />
      <div id="palette-list" role="listbox" aria-label="Found" className="palette-list">
        {shown.map((command, index) => (
          <div
            key={command.id}
            id={`palette-${command.id}`}
            role="option"
            tabIndex={-1}
            aria-selected={index === marked}
            className={index === marked ? 'palette-item palette-marked' : 'palette-item'}
            onPointerEnter={() => setMarked(index)}
            onClick={() => run(command)}
            onKeyDown={(event) => event.key === 'Enter' && run(command)}
          >
            <span>{command.title}</span>
            <small>{command.section}</small>
          </div>
        ))}
        {shown.length === 0 && <p>Nothing answers to that.</p>}
      </div>
    </>
  );
}

function Help() {
  return SHORTCUTS.map(({ title, shortcuts }) => (
    <section key={title}>
      <h3>{title}</h3>
      <dl className="shortcut-list">
        {shortcuts.map(({ keys, does }) => (
          <div key={keys}>
            <dt>
              <kbd>{keys}</kbd>
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
    </section>
  ));
}

export function Palette() {
  const [open, setOpen] = useState<Open>();
  const { preference, choose } = useThemeChoice();
  useKeys({ open: setOpen, turnTheme: () => choose(preference === 'dark' ? 'light' : 'dark') });
  const close = (): void => setOpen(undefined);
  if (open === undefined) return null;
  return (
    <Modal isOpen title={open === 'help' ? 'Keyboard shortcuts' : 'Search'} onDismiss={close} onClickBackdrop={close}>
      {open === 'help' ? <Help /> : <Search onClose={close} />}
    </Modal>
  );
}
