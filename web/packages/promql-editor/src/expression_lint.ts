// Marks what is wrong in an expression. The server judges, where it is asked: it alone knows the whole language, and
// which parts of it are switched on. Without its word the grammar of the editor does, which lets some faults pass.
import { forceParsing } from '@codemirror/language';
import { linter, setDiagnosticsEffect, type Diagnostic } from '@codemirror/lint';
import { EditorState, type Extension } from '@codemirror/state';
import type { EditorView } from '@codemirror/view';

export type Lint = (view: EditorView) => readonly Diagnostic[] | Promise<readonly Diagnostic[]>;

// What a line of a request may hold with ease; longer expressions are left to the grammar.
const ASKED_LENGTH_MAX = 4000;
const PARSE_TIME_MAX_MS = 500;
const FAULT = /^invalid parameter "query": (\d+):(\d+): (?:parse error: )?([\s\S]*)$/;

/** Where line and column, which count from 1 and in bytes of UTF-8, are in `text`. */
function indexOf(text: string, line: number, column: number): number {
  let start = 0;
  for (let passed = 1; passed < line; passed += 1) {
    const end = text.indexOf('\n', start);
    if (end < 0) return text.length;
    start = end + 1;
  }
  const before = new TextDecoder().decode(new TextEncoder().encode(text.slice(start)).subarray(0, column - 1));
  return Math.min(start + before.length, text.length);
}

/** The mark for what a server says of `text`: on the word at the place it names, on the last one if that is the end. */
export function faultMark(text: string, error: string): Diagnostic {
  const found = FAULT.exec(error);
  if (found === null) return { from: 0, to: text.length, severity: 'error', message: error };
  const message = found[3] ?? '';
  let from = indexOf(text, Number(found[1]), Number(found[2]));
  if (text.slice(from).trim() === '') from = Math.max(text.trimEnd().length - 1, 0);
  const word = /^(?:[\w:.]+|[\s\S])/u.exec(text.slice(from))?.[0] ?? '';
  return { from, to: Math.min(from + Math.max(word.length, 1), text.length), severity: 'error', message };
}

/** What the server at `apiUrl` says of `text`; undefined: nothing that could be understood. */
export async function askServer(apiUrl: string, text: string): Promise<readonly Diagnostic[] | undefined> {
  if (text.length > ASKED_LENGTH_MAX) return undefined;
  try {
    const answer = await fetch(`${apiUrl}/api/v1/parse_query?query=${encodeURIComponent(text)}`);
    const body: unknown = await answer.json();
    if (typeof body !== 'object' || body === null || !('status' in body)) return undefined;
    if (body.status === 'success') return [];
    const isFault = 'errorType' in body && body.errorType === 'bad_data' && 'error' in body && typeof body.error === 'string';
    return isFault ? [faultMark(text, body.error as string)] : undefined;
  } catch {
    return undefined;
  }
}

/** `grammar` judges by the tree of the editor; an `apiUrl` names the server that is asked first. */
export function judge(grammar: Lint, apiUrl?: string): (view: EditorView) => Promise<readonly Diagnostic[]> {
  return async (view) => {
    const text = view.state.doc.toString();
    if (text.trim() === '') return [];
    const told = apiUrl === undefined ? undefined : await askServer(apiUrl, text);
    if (told !== undefined) return told;
    // A tree that is not complete yet looks like one with faults.
    forceParsing(view, view.state.doc.length, PARSE_TIME_MAX_MS);
    return grammar(view);
  };
}

export function expressionLint(grammar: Lint, apiUrl?: string): Extension {
  return [
    linter(judge(grammar, apiUrl)),
    // Marks are of the text as it was: none may stand under what has become sound while it is typed.
    EditorState.transactionExtender.of((transaction) => (transaction.docChanged ? { effects: setDiagnosticsEffect.of([]) } : null)),
  ];
}
