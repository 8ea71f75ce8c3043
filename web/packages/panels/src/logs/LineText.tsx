// The text of one line: coloured where asked for, with what a search has found.
import { useTheme2 } from '@narthex/vizkit';
import { useMemo } from 'react';

import { piecesOf, type TokenKind } from './pieces';

export function LineText({ text, isColoured, wanted }: { text: string; isColoured: boolean; wanted: string }) {
  const theme = useTheme2();
  const pieces = useMemo(() => piecesOf(text, isColoured, wanted), [text, isColoured, wanted]);
  const colors: Readonly<Record<TokenKind, string>> = {
    key: theme.visualization.getColorByName('blue'),
    string: theme.visualization.getColorByName('green'),
    number: theme.visualization.getColorByName('orange'),
    word: theme.visualization.getColorByName('purple'),
  };
  return pieces.map((piece, index) => {
    const style = piece.kind ? { color: colors[piece.kind] } : {};
    // Pieces are cut anew with each text: their place is what they are known by.
    if (piece.isFound) return <mark key={index} style={{ background: theme.colors.warning.main, color: theme.colors.warning.contrastText }}>{piece.text}</mark>;
    return <span key={index} style={style}>{piece.text}</span>;
  });
}
