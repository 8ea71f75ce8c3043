// The browser's time, a second at a time, for texts such as "3s ago".
import { useEffect, useState } from 'react';

const TICK_MS = 1000;

// Seconds since the epoch.
export function useNow(): number {
  const [now, setNow] = useState(() => Date.now() / 1000);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now() / 1000), TICK_MS);
    return () => clearInterval(timer);
  }, []);
  return now;
}
