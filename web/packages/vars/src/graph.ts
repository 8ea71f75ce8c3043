// Which variables use which, and in what order they can be resolved.
import { tokenize } from './tokenizer';
import type { Variable } from './types';

export function referencedNames(text: string): string[] {
  return tokenize(text).flatMap((token) => (token.kind === 'reference' ? [token.name] : []));
}

/** The names that stand in what the variable asks for. */
export function usedBy(variable: Variable): string[] {
  return referencedNames([variable.query, variable.regex, variable.datasource?.uid ?? ''].join(' '));
}

/**
 * The variables in groups: a group needs only groups before it, so its members resolve side by
 * side. Variables in a cycle come last, each on its own.
 */
export function dependencyOrder(variables: readonly Variable[]): Variable[][] {
  const names = new Set(variables.map(({ name }) => name));
  const done = new Set<string>();
  let rest = [...variables];
  const groups: Variable[][] = [];
  while (rest.length > 0) {
    const ready = rest.filter((variable) =>
      usedBy(variable).every((name) => !names.has(name) || done.has(name)),
    );
    if (ready.length === 0) return [...groups, ...rest.map((variable) => [variable])];
    groups.push(ready);
    for (const { name } of ready) done.add(name);
    rest = rest.filter((variable) => !ready.includes(variable));
  }
  return groups;
}
