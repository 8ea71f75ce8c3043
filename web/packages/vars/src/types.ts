// Template variables as the engine sees them, whatever version of the file they come from.
import type { AdhocFilter } from './adhoc';

export const ALL_VALUE = '$__all';

export type VariableValue = string | string[];

export interface VariableOption {
  text: string;
  value: string;
  /** What else a list in JSON says of it, for `${name.property}`. */
  properties?: Readonly<Record<string, unknown>>;
}

export interface Variable {
  name: string;
  label: string;
  type: string;
  description: string;
  /** 0 shown, 1 without its label, 2 not at all, 3 in the menu of controls. */
  hide: number;
  multi: boolean;
  includeAll: boolean;
  allValue: string;
  skipUrlSync: boolean;
  /** A person may type what is not among the options. */
  allowsCustom: boolean;
  /** Of an interval: offer one that follows from the range, in so many steps and no shorter than. */
  auto: { count: number; least: string } | undefined;
  query: string;
  /** Of type custom: how its query lists the values. */
  valuesFormat: 'csv' | 'json';
  /** Choices that are there whatever the query answers, and where they stand among the others. */
  staticOptions: VariableOption[];
  staticOptionsOrder: 'before' | 'after' | 'sorted';
  regex: string;
  sort: number;
  /** 0 never, 1 on load, 2 also when the time range changes. */
  refresh: number;
  datasource: { uid?: string; type?: string } | null;
  options: VariableOption[];
  value: VariableValue;
  text: VariableValue;
  /** Of type adhoc alone. */
  filters: AdhocFilter[];
  /** Of type adhoc: what is offered is narrowed by these, which nobody sees. Queries are not. */
  baseFilters: AdhocFilter[];
  /** Of type adhoc: the labels to choose from, whatever the data source has; undefined for those that it has. */
  defaultKeys: VariableOption[] | undefined;
}
