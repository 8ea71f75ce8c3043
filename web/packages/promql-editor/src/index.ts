// An editor for PromQL: CodeMirror with highlighting, syntax check and completion from a server. Large: what this
// exports loads it when it is first shown.
export type { PromqlEditor, PromqlEditorOptions } from './editor';
export { usePromqlEditor, type PromqlFieldOptions, type PromqlFieldRefs } from './use_promql_editor';
