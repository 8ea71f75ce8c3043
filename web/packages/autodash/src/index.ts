// A dashboard for a job, from the names, types and units of its metrics. Pure.
export { dashboardFor, groupsOf } from './dashboard';
export { familiesOf } from './families';
export type { Family, JobFacts, Kind, Labels, MetricFact } from './types';
