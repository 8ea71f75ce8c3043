// The `stats` member of query answers: what a query cost.
import { number, object, optional, type Check } from './check';

export interface QueryStats {
  // Seconds from start to end of the evaluation on the server.
  execTotalTime: number | undefined;
  totalQueryableSamples: number | undefined;
  peakSamples: number | undefined;
}

type Timings = { execTotalTime: number | undefined };
type Samples = { totalQueryableSamples: number | undefined; peakSamples: number | undefined };

export const queryStats: Check<QueryStats> = (value, path) => {
  const raw = object<{ timings: Timings | undefined; samples: Samples | undefined }>({
    timings: optional(object<Timings>({ execTotalTime: optional(number) })),
    samples: optional(
      object<Samples>({ totalQueryableSamples: optional(number), peakSamples: optional(number) }),
    ),
  })(value, path);
  return {
    execTotalTime: raw.timings?.execTotalTime,
    totalQueryableSamples: raw.samples?.totalQueryableSamples,
    peakSamples: raw.samples?.peakSamples,
  };
};
