// Something sent to the server, and what became of it in words.
import { useState } from 'react';

export interface Told {
  text: string;
  isFault: boolean;
}

export function useSending() {
  const [told, setTold] = useState<Told>();
  const send = async (change: () => Promise<void>, done: string): Promise<boolean> => {
    try {
      await change();
      setTold({ text: done, isFault: false });
      return true;
    } catch (error) {
      setTold({ text: error instanceof Error ? error.message : String(error), isFault: true });
      return false;
    }
  };
  return { told, send };
}
