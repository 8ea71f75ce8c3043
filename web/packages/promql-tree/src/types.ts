// An expression as a tree, without positions: what the builder, the explanation and the filters work on.

export interface Matcher {
  label: string;
  op: '=' | '!=' | '=~' | '!~';
  value: string;
}

export type Grouping = { kind: 'by' | 'without'; labels: string[] } | undefined;

export interface Matching {
  kind: 'on' | 'ignoring';
  labels: string[];
  /** Which side may have several partners, and the labels taken over from the other; undefined for one to one. */
  group: { side: 'left' | 'right'; labels: string[] } | undefined;
}

export type Expr =
  /** A number or a duration, as it was written. */
  | { kind: 'number'; text: string }
  | { kind: 'string'; value: string }
  | { kind: 'vector'; name: string; matchers: Matcher[] }
  /** `of[range]`; a range with a colon is a subquery. */
  | { kind: 'range'; of: Expr; range: string }
  /** `of offset 5m`, `of @ end()`, `of anchored`: the words behind it. */
  | { kind: 'modified'; of: Expr; modifier: string }
  | { kind: 'call'; name: string; args: Expr[] }
  | { kind: 'aggregate'; op: string; grouping: Grouping; args: Expr[] }
  | { kind: 'binary'; op: string; isBool: boolean; matching: Matching | undefined; fill: string; left: Expr; right: Expr }
  | { kind: 'unary'; op: '-' | '+'; of: Expr }
  | { kind: 'paren'; of: Expr };

export type Parsed = { expr: Expr; fault?: undefined } | { expr?: undefined; fault: string };
