import { useEffect, useState } from 'react';

/** True once `flag` has been true for `delayMs` without a break. */
export function useDelayed(flag: boolean, delayMs: number): boolean {
  const [isLong, setIsLong] = useState(false);
  useEffect(() => {
    if (!flag) {
      setIsLong(false);
      return undefined;
    }
    const timer = window.setTimeout(() => setIsLong(true), delayMs);
    return () => window.clearTimeout(timer);
  }, [flag, delayMs]);
  return isLong;
}
