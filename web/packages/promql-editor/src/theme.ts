// Looks of the editor. Colours are CSS variables of the page, so light and dark need no rebuild.
import { HighlightStyle } from '@codemirror/language';
import { EditorView } from '@codemirror/view';
import { tags } from '@lezer/highlight';

export const highlightStyle = HighlightStyle.define([
  { tag: tags.number, color: 'var(--nx-code-number)' },
  { tag: tags.string, color: 'var(--nx-code-string)' },
  { tag: tags.keyword, color: 'var(--nx-code-keyword)' },
  { tag: tags.function(tags.variableName), color: 'var(--nx-code-function)' },
  { tag: tags.labelName, color: 'var(--nx-code-label)' },
  { tag: tags.modifier, color: 'var(--nx-code-keyword)' },
  { tag: tags.operator, color: 'var(--nx-muted)' },
  { tag: tags.operatorKeyword, color: 'var(--nx-code-keyword)' },
  { tag: tags.paren, color: 'var(--nx-muted)' },
  { tag: tags.squareBracket, color: 'var(--nx-muted)' },
  { tag: tags.brace, color: 'var(--nx-muted)' },
  { tag: tags.comment, color: 'var(--nx-muted)', fontStyle: 'italic' },
  { tag: tags.invalid, color: 'var(--nx-error)' },
]);

const tooltip = {
  backgroundColor: 'var(--nx-raised)',
  color: 'var(--nx-text)',
  border: '1px solid var(--nx-border)',
  borderRadius: '8px',
  boxShadow: 'var(--nx-shadow)',
  overflow: 'hidden',
};

export const editorTheme = EditorView.theme({
  '&': { fontSize: '14px', backgroundColor: 'transparent', color: 'var(--nx-text)' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: 'var(--nx-mono)', lineHeight: '22px' },
  '.cm-content': { padding: '8px 0', caretColor: 'var(--nx-text)' },
  '.cm-line': { padding: '0 12px' },
  '.cm-cursor': { borderLeftColor: 'var(--nx-text)' },
  '.cm-placeholder': { color: 'var(--nx-muted)' },
  '.cm-selectionBackground, &.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground': {
    backgroundColor: 'var(--nx-selection)',
  },
  '.cm-selectionMatch': { backgroundColor: 'var(--nx-selection)' },
  '&.cm-focused .cm-matchingBracket': {
    backgroundColor: 'transparent',
    outline: '1px solid var(--nx-muted)',
    borderRadius: '2px',
  },
  '&.cm-focused .cm-nonmatchingBracket': { backgroundColor: 'transparent', color: 'var(--nx-error)' },
  '.cm-tooltip': tooltip,
  '.cm-tooltip.cm-tooltip-autocomplete > ul': {
    fontFamily: 'var(--nx-mono)',
    fontSize: '13px',
    maxHeight: '320px',
    minWidth: 'min(360px, 86vw)',
    maxWidth: '92vw',
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li': { padding: '4px 10px', lineHeight: '20px' },
  '.cm-tooltip-autocomplete ul li[aria-selected]': {
    backgroundColor: 'var(--nx-accent-soft)',
    color: 'var(--nx-text)',
  },
  '.cm-completionMatchedText': { textDecoration: 'none', color: 'var(--nx-accent-text)', fontWeight: '600' },
  '.cm-completionDetail': { color: 'var(--nx-muted)', fontStyle: 'normal', marginLeft: '12px' },
  '.cm-tooltip.cm-completionInfo': { ...tooltip, padding: '10px 12px', maxWidth: '360px', margin: '0 4px' },
  '.cm-diagnostic': { padding: '6px 10px', fontFamily: 'var(--nx-font)', fontSize: '13px' },
  '.cm-diagnostic-error': { borderLeft: '3px solid var(--nx-error)' },
});
