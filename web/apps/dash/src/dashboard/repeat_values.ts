import { ALL_VALUE, type Variable } from '@narthex/vars';

/** What a repeat runs over: the chosen values, or every option for All. */
export function repeatValues(variables: readonly Variable[]) {
  return (name: string) => {
    const variable = variables.find((one) => one.name === name);
    if (!variable) return undefined;
    const chosen = [variable.value].flat();
    if (chosen.includes(ALL_VALUE)) return variable.options.filter(({ value }) => value !== ALL_VALUE);
    return chosen.map((value) => ({ value, text: variable.options.find((option) => option.value === value)?.text ?? value }));
  };
}
