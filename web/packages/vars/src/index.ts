export { filterFromUrl, filtersFromUrl, filterToUrl, isMulti, type AdhocFilter } from './adhoc';
export { usedBy, dependencyOrder, referencedNames } from './graph';
export { FORMATS, formatValue, type FormatContext } from './formats';
export { interpolate, type Interpolation, type ScopeLookup, type ScopeValue } from './interpolate';
export {
  customOptions,
  filterByRegex,
  intervalOptions,
  jsonOptions,
  selectCurrent,
  sortOptions,
  withStatic,
} from './options';
export { escapeLabelValue, prometheusFormat } from './prometheus';
export { parsePrometheusVariableQuery, type PrometheusVariableQuery } from './promquery';
export { tokenize, type Token } from './tokenizer';
export { ALL_VALUE, type Variable, type VariableOption, type VariableValue } from './types';
export { readUrlValues, variableToUrl } from './url';
