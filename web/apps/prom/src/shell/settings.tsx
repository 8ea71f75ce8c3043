// Choices of this browser that are no part of a link.
import { createContext, useContext, useMemo, useState, type ReactNode } from 'react';

import type { TimeZone } from '../lib/time_text';

interface Settings {
  timeZone: TimeZone;
  setTimeZone: (zone: TimeZone) => void;
}

const KEY = 'narthex.time-zone';

const SettingsContext = createContext<Settings>({ timeZone: 'utc', setTimeZone: () => undefined });

function readTimeZone(): TimeZone {
  try {
    return localStorage.getItem(KEY) === 'local' ? 'local' : 'utc';
  } catch {
    // Storage is refused: the choice lasts as long as the page.
    return 'utc';
  }
}

export function SettingsProvider({ children }: { children: ReactNode }) {
  const [timeZone, setState] = useState<TimeZone>(readTimeZone);
  const settings = useMemo(
    () => ({
      timeZone,
      setTimeZone: (zone: TimeZone) => {
        setState(zone);
        try {
          localStorage.setItem(KEY, zone);
        } catch {
          // As above.
        }
      },
    }),
    [timeZone],
  );
  return <SettingsContext value={settings}>{children}</SettingsContext>;
}

export function useSettings(): Settings {
  return useContext(SettingsContext);
}
