// Says so when the browser's clock and the server's differ: "now" would mean two things.
import { query } from '@narthex/promapi';
import { useQuery } from '@tanstack/react-query';

import { api } from '../../api_client';
import { Note } from '../../components/states';
import { describeDuration } from '../../lib/duration';

// Below this a graph of the last hour looks the same.
const SKEW_SECONDS_MAX = 30;

export function ClockSkewNote() {
  const { data: skewSeconds } = useQuery({
    queryKey: ['clock-skew'],
    staleTime: Infinity,
    queryFn: async ({ signal }) => {
      const before = Date.now() / 1000;
      const { data } = await query(api, { query: 'time()', signal });
      const after = Date.now() / 1000;
      if (data.result.type !== 'scalar') return 0;
      return Number(data.result.sample[1]) - (before + after) / 2;
    },
  });
  if (skewSeconds === undefined || Math.abs(skewSeconds) < SKEW_SECONDS_MAX) return null;
  const direction = skewSeconds > 0 ? 'ahead of' : 'behind';
  return (
    <Note tone="warning" title="Clocks differ">
      The server's clock is {describeDuration(skewSeconds)} {direction} this browser's. Graphs that end now may
      lack the newest samples or end in a gap.
    </Note>
  );
}
