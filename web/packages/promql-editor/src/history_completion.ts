// Offers expressions that were run before, as long as the field holds only the beginning of one.
import type { CompletionContext, CompletionResult } from '@codemirror/autocomplete';
import type { PromQLExtension } from '@prometheus-io/codemirror-promql';

type CompleteStrategy = ReturnType<PromQLExtension['getComplete']>;

const LABEL_LENGTH_MAX = 80;

const shorten = (expr: string): string =>
  expr.length <= LABEL_LENGTH_MAX ? expr : `${expr.slice(0, LABEL_LENGTH_MAX - 1)}…`;

export function withHistory(inner: CompleteStrategy, history: () => readonly string[]): CompleteStrategy {
  return {
    promQL: async (context: CompletionContext): Promise<CompletionResult | null> => {
      const found = await inner.promQL(context);
      const typed = context.state.doc.toString();
      const isAtEnd = context.pos === typed.length;
      // Inside a selector or a call, what was run before is not what comes next.
      if (!isAtEnd || /[{}()[\]]/.test(typed) || (found !== null && found.from !== 0)) return found;
      const past = history()
        .filter((expr) => expr !== typed)
        .map((expr) => ({ label: shorten(expr), apply: expr, detail: 'past query', boost: 99 }));
      if (found === null) return past.length === 0 ? null : { from: 0, options: past };
      return { ...found, options: [...past, ...found.options] };
    },
    destroy: () => inner.destroy?.(),
  };
}
