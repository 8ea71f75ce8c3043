// An editor for PromQL: CodeMirror with highlighting, syntax check and completion from a server.
// No React in here; both front ends wrap it. It is large: load this package with import().
export { mountPromqlEditor } from './editor';
export type { PromqlEditor, PromqlEditorOptions } from './editor';
