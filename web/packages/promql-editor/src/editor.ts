// The editor as a whole: what keys do, how text goes in and out.
import {
  autocompletion,
  closeBrackets,
  closeBracketsKeymap,
  completionKeymap,
  completionStatus,
} from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap, insertNewlineAndIndent } from '@codemirror/commands';
import { bracketMatching, indentOnInput, syntaxHighlighting } from '@codemirror/language';
import { lintKeymap } from '@codemirror/lint';
import { highlightSelectionMatches } from '@codemirror/search';
import { EditorState, Prec, type Extension } from '@codemirror/state';
import {
  drawSelection,
  dropCursor,
  EditorView,
  highlightSpecialChars,
  keymap,
  placeholder,
} from '@codemirror/view';
import { PromQLExtension } from '@prometheus-io/codemirror-promql';

import { expressionLint } from './expression_lint';
import { withHistory } from './history_completion';
import { templatedLint } from './templated_lint';
import { editorTheme, highlightStyle } from './theme';

export interface PromqlEditorOptions {
  parent: HTMLElement;
  text: string;
  placeholder: string;
  // What a screen reader calls the field.
  label: string;
  // Address in front of `/api/v1` that completion and the check ask; '' for the root of this origin.
  apiUrl: string;
  // Dashboards put their variables into expressions.
  hasVariables: boolean;
  // Expressions offered while the field holds nothing but a beginning of them.
  history: () => readonly string[];
  onChange: (text: string) => void;
  // Enter. Shift+Enter makes a new line.
  onExecute: (text: string) => void;
}

export interface PromqlEditor {
  text: () => string;
  setText: (text: string) => void;
  focus: () => void;
  destroy: () => void;
}

function promql(options: PromqlEditorOptions): PromQLExtension {
  const extension = new PromQLExtension().setComplete({
    remote: { url: options.apiUrl, fetchFn: (input, init) => fetch(input, init), httpMethod: 'GET' },
  });
  return extension.setComplete({
    completeStrategy: withHistory(extension.getComplete(), options.history),
  });
}

function executeKeys(options: PromqlEditorOptions): Extension {
  return Prec.highest(
    keymap.of([
      {
        key: 'Enter',
        run: (view) => {
          // Enter picks the completion that is marked; the next Enter executes.
          if (completionStatus(view.state) === 'active') return false;
          options.onExecute(view.state.doc.toString());
          return true;
        },
        shift: insertNewlineAndIndent,
      },
      {
        key: 'Mod-Enter',
        run: (view) => {
          options.onExecute(view.state.doc.toString());
          return true;
        },
      },
      // Tab leaves the field: a form that keeps the focus is a trap for the keyboard.
    ]),
  );
}

function extensions(options: PromqlEditorOptions, language: PromQLExtension): Extension[] {
  return [
    highlightSpecialChars(),
    history(),
    drawSelection(),
    dropCursor(),
    indentOnInput(),
    bracketMatching(),
    closeBrackets(),
    // Marking the first entry at once would make Enter pick it in place of executing.
    autocompletion({ selectOnOpen: false, icons: false }),
    highlightSelectionMatches({ minSelectionLength: 3 }),
    syntaxHighlighting(highlightStyle),
    EditorView.lineWrapping,
    EditorView.contentAttributes.of({ 'aria-label': options.label, 'aria-multiline': 'true' }),
    placeholder(options.placeholder),
    executeKeys(options),
    keymap.of([
      ...closeBracketsKeymap,
      ...completionKeymap,
      ...defaultKeymap,
      ...historyKeymap,
      ...lintKeymap,
    ]),
    language.activateLinter(false).asExtension(),
    // In a dashboard the server would take variables for mistakes.
    expressionLint(language.getLinter().promQL(), options.hasVariables ? undefined : options.apiUrl),
    ...(options.hasVariables ? [templatedLint()] : []),
    editorTheme,
    EditorView.updateListener.of((update) => {
      if (update.docChanged) options.onChange(update.state.doc.toString());
    }),
  ];
}

export function mountPromqlEditor(options: PromqlEditorOptions): PromqlEditor {
  const language = promql(options);
  const view = new EditorView({
    parent: options.parent,
    state: EditorState.create({ doc: options.text, extensions: extensions(options, language) }),
  });
  return {
    text: () => view.state.doc.toString(),
    setText: (text) => {
      if (text === view.state.doc.toString()) return;
      view.dispatch({
        changes: { from: 0, to: view.state.doc.length, insert: text },
        selection: { anchor: text.length },
      });
    },
    focus: () => view.focus(),
    destroy: () => {
      language.destroy();
      view.destroy();
    },
  };
}
