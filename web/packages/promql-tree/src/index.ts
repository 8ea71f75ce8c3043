// PromQL as a tree: reading and writing it, the builder's form of it, its steps explained, filters put into it. Pure.
// The grammar's tables are some 20 KiB: load this package with import().
export { builderToText, EMPTY_QUERY, textToBuilder, type BuilderQuery, type Built, type Operation } from './builder';
export { explainSteps, type Step } from './explain';
export { narrowPromql, type Narrowing } from './filters';
export { formatPromql, type Formatted } from './format';
export { findFunction, FUNCTIONS, isAggregation, type FunctionSpec } from './functions';
export { faultIndex, parsePromql } from './read';
export { expandRules, summed, type RecordingRule } from './rules';
export { writeMatching, writePromql } from './write';
export type { Expr, Grouping, Matcher, Matching, Parsed } from './types';
