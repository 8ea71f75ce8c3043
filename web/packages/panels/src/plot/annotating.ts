import type { PanelProps } from '../props';

type Annotate = NonNullable<PanelProps['onAnnotate']>;

/** The tooltip goes when the form comes. */
export function annotating(onAnnotate: Annotate, dismiss: () => void): Annotate {
  return (mark) => {
    onAnnotate(mark);
    dismiss();
  };
}
