// Search and commands from the keyboard, and the list of keys.
import { base, searchDashboards, type SearchHit } from '@narthex/grafanaapi';
import { Modal } from '@narthex/vizkit';
import { useEffect, useMemo, useRef, useState, type KeyboardEvent } from 'react';

import { changedSearch, navigate } from '../router/location';
import { useSession } from '../session/SessionGate';
import { commandsOf, matching, type Command } from './commands';
import { destination, isTyping, SHORTCUTS } from './keys';

const SEQUENCE_MS = 1000;

type Open = 'palette' | 'help' | undefined;

function follow({ href }: Command): void {
  if (!href.startsWith('?')) {
    navigate(href);
    return;
  }
  const change = Object.fromEntries(new URLSearchParams(href));
  navigate(`${base.remove(window.location.pathname)}?${changedSearch(new URLSearchParams(window.location.search), change)}`, 'replace');
}

function useKeys(open: (what: Open) => void): void {
  const latest = useRef(open);
  latest.current = open;
  useEffect(() => {
    let first = '';
    let firstAt = -Infinity;
    const press = (event: globalThis.KeyboardEvent): void => {
      if ((event.metaKey || event.ctrlKey) && event.key.toLowerCase() === 'k') {
        event.preventDefault();
        latest.current('palette');
        return;
      }
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      if (event.key === '?') latest.current('help');
      const to = event.timeStamp - firstAt < SEQUENCE_MS ? destination(first, event.key) : undefined;
      if (to !== undefined) navigate(to);
      first = event.key;
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
  useKeys(setOpen);
  const close = (): void => setOpen(undefined);
  if (open === undefined) return null;
  return (
    <Modal isOpen title={open === 'help' ? 'Keyboard shortcuts' : 'Search'} onDismiss={close} onClickBackdrop={close}>
      {open === 'help' ? <Help /> : <Search onClose={close} />}
    </Modal>
  );
}
