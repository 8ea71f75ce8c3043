import { searchDashboards, type SearchHit } from '@narthex/grafanaapi';
import { useCallback, useEffect, useState } from 'react';

export interface SearchHits {
  hits: SearchHit[] | undefined;
  failure: string;
  retry: () => void;
}

export function useSearchHits(): SearchHits {
  const [hits, setHits] = useState<SearchHit[]>();
  const [failure, setFailure] = useState('');
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    let isCurrent = true;
    setFailure('');
    searchDashboards()
      .then((found) => isCurrent && setHits(found))
      .catch((error: unknown) => isCurrent && setFailure(error instanceof Error ? error.message : String(error)));
    return () => {
      isCurrent = false;
    };
  }, [attempt]);
  return { hits, failure, retry: useCallback(() => setAttempt((before) => before + 1), []) };
}
