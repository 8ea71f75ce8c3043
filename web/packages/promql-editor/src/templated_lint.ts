// Checks expressions that hold variables of a dashboard. The checks that come with the language take `$job` for a
// mistake: theirs are not shown while there is one, and the grammar alone judges the text around it.
import { linter, type Diagnostic } from '@codemirror/lint';
import type { EditorState, Extension } from '@codemirror/state';
import { faultIndex } from '@narthex/promql-tree';

const OWN = 'variables';
const hasVariables = (text: string): boolean => /\$\w|\$\{|\[\[/.test(text);

function shown(diagnostics: readonly Diagnostic[], state: EditorState): Diagnostic[] {
  const isTemplated = hasVariables(state.doc.toString());
  return diagnostics.filter(({ source }) => (source === OWN) === isTemplated);
}

export function diagnose(text: string): Diagnostic[] {
  const from = hasVariables(text) ? faultIndex(text) : undefined;
  if (from === undefined) return [];
  return [{ from, to: Math.min(text.length, from + 1), severity: 'error', message: 'Not understood from here on', source: OWN }];
}

export function templatedLint(): Extension {
  return linter((view) => diagnose(view.state.doc.toString()), { markerFilter: shown, tooltipFilter: shown });
}
