// A text as code: its parts in colours, its lines with numbers where asked for.
import { useTheme2 } from '@narthex/vizkit';
import { useMemo, type CSSProperties } from 'react';

import { codeParts } from './highlight';
import type { CodeKind } from './languages';

interface CodeTextProps {
  content: string;
  language: string;
  hasLineNumbers: boolean;
  height: number;
}

// Numbers and lines keep step only where nothing of the page's own styles for code is left.
const LINES: CSSProperties = { display: 'block', whiteSpace: 'pre', font: '12px/18px var(--font-monospace, monospace)', margin: 0, padding: 0 };

export default function CodeText({ content, language, hasLineNumbers, height }: CodeTextProps) {
  const theme = useTheme2();
  const parts = useMemo(() => codeParts(content, language), [content, language]);
  // Dark letters on light ground, and the other way round.
  const shade = (name: string): string => theme.visualization.getColorByName(theme.isDark ? `light-${name}` : `dark-${name}`);
  const colors: Readonly<Record<CodeKind, string>> = { comment: theme.colors.text.secondary, string: shade('green'), key: shade('blue'), keyword: shade('purple'), number: shade('orange') };
  const numbers = useMemo(() => content.split('\n').map((_, index) => String(index + 1)).join('\n'), [content]);
  return (
    <pre style={{ height, overflow: 'auto', margin: 0, display: 'flex', gap: 12 }}>
      {hasLineNumbers && (
        <span aria-hidden style={{ ...LINES, color: theme.colors.text.disabled, textAlign: 'right', userSelect: 'none', flexShrink: 0 }}>
          {numbers}
        </span>
      )}
      <code style={LINES}>
        {parts.map(({ text, kind }, index) =>
          kind ? (
            <span key={index} data-kind={kind} style={{ color: colors[kind] }}>
              {text}
            </span>
          ) : (
            text
          ),
        )}
      </code>
    </pre>
  );
}
