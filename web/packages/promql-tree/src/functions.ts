// The functions and aggregations of PromQL: where each takes the expression, what else it takes, and what it does
// in one sentence. {0}, {1} stand for the other arguments, {range} for the window.
// Source: Prometheus documentation, "Query functions" and "Operators".

export type Category = 'Range functions' | 'Aggregations' | 'Functions' | 'Histograms' | 'Labels' | 'Time' | 'Trigonometry';

export interface Parameter {
  name: string;
  kind: 'number' | 'string';
  value: string;
}

export interface FunctionSpec {
  name: string;
  category: Category;
  /** Takes a window of samples, not single ones. */
  isRange: boolean;
  /** Which argument is the expression. */
  at: number;
  params: Parameter[];
  sentence: string;
}

type Row = readonly [name: string, sentence: string, params?: Parameter[], at?: number];

const num = (name: string, value: string): Parameter => ({ name, kind: 'number', value });
const str = (name: string, value: string): Parameter => ({ name, kind: 'string', value });

const specs = (category: Category, isRange: boolean, rows: readonly Row[]): FunctionSpec[] =>
  rows.map(([name, sentence, params = [], at = 0]) => ({ name, category, isRange, at, params, sentence }));

const RANGE = specs('Range functions', true, [
  ['rate', 'Growth per second of each counter over {range}, restarts counted in.'],
  ['increase', 'Growth of each counter over {range}, restarts counted in.'],
  ['irate', 'Growth per second of each counter between its last two samples within {range}.'],
  ['delta', 'Difference between end and start of {range} of each gauge.'],
  ['idelta', 'Difference between the last two samples within {range}.'],
  ['deriv', 'Slope per second of a straight line through the samples of {range}.'],
  ['predict_linear', 'Value {0} seconds from now, on a straight line through the samples of {range}.', [num('Seconds from now', '3600')]],
  ['avg_over_time', 'Mean of the samples of {range}.'],
  ['min_over_time', 'Smallest sample of {range}.'],
  ['max_over_time', 'Largest sample of {range}.'],
  ['sum_over_time', 'Sum of the samples of {range}.'],
  ['count_over_time', 'Number of samples within {range}.'],
  ['quantile_over_time', 'The {0} quantile of the samples of {range}.', [num('Quantile', '0.95')], 1],
  ['stddev_over_time', 'Standard deviation of the samples of {range}.'],
  ['stdvar_over_time', 'Variance of the samples of {range}.'],
  ['mad_over_time', 'Median distance from the median of the samples of {range}.'],
  ['first_over_time', 'Oldest sample of {range}.'],
  ['last_over_time', 'Newest sample of {range}.'],
  ['present_over_time', '1 for each series that has a sample within {range}.'],
  ['absent_over_time', '1 if no series has a sample within {range}, else nothing.'],
  ['changes', 'How often the value changed within {range}.'],
  ['resets', 'How often the counter started anew within {range}.'],
  ['double_exponential_smoothing', 'The samples of {range} smoothed, with factor {0} and trend factor {1}.', [num('Smoothing', '0.5'), num('Trend', '0.5')]],
  ['ts_of_first_over_time', 'Time of the oldest sample of {range}.'],
  ['ts_of_last_over_time', 'Time of the newest sample of {range}.'],
  ['ts_of_max_over_time', 'Time of the largest sample of {range}.'],
  ['ts_of_min_over_time', 'Time of the smallest sample of {range}.'],
]);

const PLAIN = specs('Functions', false, [
  ['abs', 'Without its sign.'],
  ['ceil', 'Rounded up to a whole number.'],
  ['floor', 'Rounded down to a whole number.'],
  ['round', 'Rounded to the nearest multiple of {0}.', [num('Multiple of', '1')]],
  ['clamp', 'Kept between {0} and {1}.', [num('Least', '0'), num('Most', '1')]],
  ['clamp_min', 'Kept at {0} or above.', [num('Least', '0')]],
  ['clamp_max', 'Kept at {0} or below.', [num('Most', '1')]],
  ['sgn', '1, 0 or -1 by the sign.'],
  ['sqrt', 'Square root.'],
  ['exp', 'e to the power of the value.'],
  ['ln', 'Natural logarithm.'],
  ['log2', 'Logarithm to base 2.'],
  ['log10', 'Logarithm to base 10.'],
  ['sort', 'Ordered by value, smallest first.'],
  ['sort_desc', 'Ordered by value, largest first.'],
  ['absent', '1 if there is no series, else nothing.'],
  ['scalar', 'The value of the only series as a plain number.'],
  ['vector', 'The number as one series without labels.'],
]);

const HISTOGRAMS = specs('Histograms', false, [
  ['histogram_quantile', 'The {0} quantile of each histogram.', [num('Quantile', '0.95')], 1],
  ['histogram_avg', 'Mean of the observations of each native histogram.'],
  ['histogram_count', 'Number of observations of each native histogram.'],
  ['histogram_sum', 'Sum of the observations of each native histogram.'],
  ['histogram_stddev', 'Standard deviation of the observations of each native histogram.'],
  ['histogram_stdvar', 'Variance of the observations of each native histogram.'],
  ['histogram_fraction', 'Share of the observations between {0} and {1}.', [num('Above', '0'), num('Up to', '0.2')], 2],
]);

const LABELS = specs('Labels', false, [
  [
    'label_replace',
    'Sets label {0} to {1} where label {2} matches {3}.',
    [str('Label to set', ''), str('Replacement', '$1'), str('Label to read', ''), str('Pattern', '(.*)')],
  ],
  ['label_join', 'Sets label {0} to label {2}, joined by {1}.', [str('Label to set', ''), str('Between', ','), str('Label to read', '')]],
  ['sort_by_label', 'Ordered by label {0}.', [str('Label', 'instance')]],
  ['sort_by_label_desc', 'Ordered by label {0}, backwards.', [str('Label', 'instance')]],
]);

const TIME = specs('Time', false, [
  ['timestamp', 'Time of each sample.'],
  ['year', 'Year of the time that the value tells, in UTC.'],
  ['month', 'Month of the time that the value tells, in UTC.'],
  ['day_of_month', 'Day of the month of the time that the value tells, in UTC.'],
  ['day_of_week', 'Day of the week, 0 for Sunday, of the time that the value tells, in UTC.'],
  ['day_of_year', 'Day of the year of the time that the value tells, in UTC.'],
  ['days_in_month', 'Days of the month of the time that the value tells, in UTC.'],
  ['hour', 'Hour of the time that the value tells, in UTC.'],
  ['minute', 'Minute of the time that the value tells, in UTC.'],
  ['time', 'The time of evaluation in seconds.'],
]);

const ANGLES = specs(
  'Trigonometry',
  false,
  ['sin', 'cos', 'tan', 'asin', 'acos', 'atan', 'sinh', 'cosh', 'tanh', 'asinh', 'acosh', 'atanh', 'deg', 'rad'].map((name) => [name, `The ${name} of the value.`] as const),
);

const AGGREGATIONS = specs('Aggregations', false, [
  ['sum', 'Adds up'],
  ['avg', 'Takes the mean of'],
  ['min', 'Takes the smallest of'],
  ['max', 'Takes the largest of'],
  ['count', 'Counts'],
  ['group', 'Gives 1 for'],
  ['stddev', 'Takes the standard deviation of'],
  ['stdvar', 'Takes the variance of'],
  ['quantile', 'Takes the {0} quantile of', [num('Quantile', '0.95')], 1],
  ['topk', 'Keeps the {0} largest of', [num('How many', '5')], 1],
  ['bottomk', 'Keeps the {0} smallest of', [num('How many', '5')], 1],
  ['limitk', 'Keeps {0} of', [num('How many', '5')], 1],
  ['limit_ratio', 'Keeps the share {0} of', [num('Share', '0.1')], 1],
  ['count_values', 'Counts by value, told in label {0}, ', [str('Label', 'value')], 1],
]);

export const FUNCTIONS: readonly FunctionSpec[] = [...RANGE, ...AGGREGATIONS, ...HISTOGRAMS, ...PLAIN, ...LABELS, ...TIME, ...ANGLES];

const BY_NAME = new Map(FUNCTIONS.map((spec) => [spec.name, spec]));

export const findFunction = (name: string): FunctionSpec | undefined => BY_NAME.get(name.toLowerCase());
export const isAggregation = (name: string): boolean => findFunction(name)?.category === 'Aggregations';

/** The sentence with its places filled. */
export const filled = (sentence: string, args: readonly string[], range: string): string =>
  sentence.replace(/\{(\w+)\}/g, (_, place: string) => (place === 'range' ? range : (args[Number(place)] ?? '')));
