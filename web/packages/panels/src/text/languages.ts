// What the parts of a text look like in the languages that text panels show, as patterns. Pure. None goes back over
// more than a few letters: whoever writes a text could else keep the page busy for minutes.

export type CodeKind = 'comment' | 'string' | 'key' | 'keyword' | 'number';

/** The first that matches at a place wins; each is the source of a regular expression without groups of its own. */
export interface Language {
  parts: ReadonlyArray<readonly [kind: CodeKind, source: string]>;
  ignoresCase?: boolean;
}

const NUMBER = String.raw`\b0x[\da-fA-F]+\b|\b\d[\d_]*(?:\.\d+)?(?:[eE][+-]?\d+)?\b`;
const DOUBLE = String.raw`"(?:\\.|[^"\\\n])*"`;
const SINGLE = String.raw`'(?:\\.|[^'\\\n])*'`;
const BACKTICKS = '`(?:\\\\[\\s\\S]|[^`\\\\])*`';
const SLASHES = String.raw`\/\/.*|\/\*[\s\S]*?(?:\*\/|$(?![\s\S]))`;
const HASH = String.raw`(?:^|(?<=\s))#.*`;

const words = (all: string): readonly ['keyword', string] => ['keyword', String.raw`\b(?:${all.trim().split(/\s+/).join('|')})\b`];
const strings = (...sources: string[]): readonly ['string', string] => ['string', sources.join('|')];
const NUMBERS = ['number', NUMBER] as const;

const JAVASCRIPT = `async await break case catch class const continue default delete do else export extends false finally for from function if import in instanceof let new null of return static super
  switch this throw true try typeof undefined var void while yield`;
const TYPESCRIPT = `${JAVASCRIPT} abstract any as boolean declare enum implements interface keyof namespace never number private protected public readonly satisfies string type unknown`;
const GO = `break case chan const continue default defer else fallthrough false for func go goto if import interface iota map nil package range return select struct switch true type var
  bool byte error float32 float64 int int64 rune string uint64`;
const SQL = `add all alter and as asc between by case create database delete desc distinct drop else end exists false from full group having in index inner insert into is join key left like limit
  not null offset on or order outer primary right select set table then true union unique update using values view when where with`;
const PYTHON = `and as assert async await break class continue def del elif else except False finally for from global if import in is lambda None nonlocal not or pass raise return True try while with yield`;
const SHELL = `case do done elif else esac export fi for function if in local return select set shift source then until unset while`;
const PROMQL = `and avg avg_over_time bool bottomk by count count_values group group_left group_right histogram_quantile ignoring increase irate label_join label_replace limitk max min offset on or
  quantile rate stddev stdvar sum topk unless without`;

const MARKUP: Language = { parts: [['comment', String.raw`<!--[\s\S]*?(?:-->|$(?![\s\S]))`], ['keyword', String.raw`<[!?/]?[\w:.-]+|[?/]?>`], ['key', String.raw`(?<![\w:.-])[\w:.-]+(?==["'])`], strings(String.raw`"[^"<]*"`, String.raw`'[^'<]*'`)] };
const INI: Language = { parts: [['comment', '^[ \\t]*[;#].*'], ['keyword', String.raw`^\s*\[[^\]\n]*\]`], ['key', String.raw`^[ \t]*[\w."-]+(?=\s*=)`], strings(DOUBLE, SINGLE), words('true false'), NUMBERS] };

const LANGUAGES: Readonly<Record<string, Language>> = {
  json: { parts: [['key', String.raw`"(?:\\.|[^"\\\n])*"(?=\s{0,20}:)`], strings(DOUBLE), words('true false null'), NUMBERS] },
  yaml: { parts: [['comment', HASH], ['key', String.raw`(?<![\w./$-])[\w./$-]+(?=:(?:\s|$))|(?:${DOUBLE}|${SINGLE})(?=:(?:\s|$))`], strings(DOUBLE, SINGLE), words('true false null yes no'), NUMBERS] },
  go: { parts: [['comment', SLASHES], strings(DOUBLE, SINGLE, '`[^`]*`'), words(GO), NUMBERS] },
  javascript: { parts: [['comment', SLASHES], strings(DOUBLE, SINGLE, BACKTICKS), words(JAVASCRIPT), NUMBERS] },
  typescript: { parts: [['comment', SLASHES], strings(DOUBLE, SINGLE, BACKTICKS), words(TYPESCRIPT), NUMBERS] },
  sql: { parts: [['comment', String.raw`--.*|\/\*[\s\S]*?(?:\*\/|$(?![\s\S]))`], strings("'(?:''|[^'])*'"), ['key', '"(?:""|[^"])*"|`[^`]*`'], words(SQL), NUMBERS], ignoresCase: true },
  python: { parts: [['comment', '#.*'], strings('"""[\\s\\S]*?(?:"""|$(?![\\s\\S]))', "'''[\\s\\S]*?(?:'''|$(?![\\s\\S]))", DOUBLE, SINGLE), ['key', String.raw`@[\w.]+`], words(PYTHON), NUMBERS] },
  shell: { parts: [['comment', HASH], strings(DOUBLE.replace(String.raw`\n`, ''), "'[^']*'"), ['key', String.raw`\$\{[^}\n]*\}|\$[\w@#?*!$-]+|\b\w+(?==)`], words(SHELL), NUMBERS] },
  promql: { parts: [['comment', '#.*'], strings(DOUBLE, SINGLE, '`[^`]*`'), ['key', String.raw`\b[a-zA-Z_]\w*(?=\s{0,20}(?:=|!=|=~|!~)\s{0,20}["'])`], words(PROMQL), ['number', String.raw`\b\d+(?:\.\d+)?(?:ms|[smhdwy])?\b`]] },
  xml: MARKUP,
  html: MARKUP,
  css: { parts: [['comment', String.raw`\/\*[\s\S]*?(?:\*\/|$(?![\s\S]))`], strings(DOUBLE, SINGLE), ['key', String.raw`(?<![\w-])[\w-]+(?=\s{0,20}:)`], ['keyword', String.raw`@[\w-]+|[.#][\w-]+`], ['number', String.raw`-?\b\d+(?:\.\d+)?(?:[a-z%]+)?`]] },
  markdown: { parts: [['keyword', String.raw`^#{1,6} .*`], ['string', '```[\\s\\S]*?(?:```|$(?![\\s\\S]))|`[^`\\n]*`'], ['key', String.raw`\*\*[^*\n]+\*\*|__[^_\n]+__|!?\[[^\]\n]{0,200}\]\([^)\n]{0,500}\)`], ['comment', String.raw`^>.*`], ['number', String.raw`^[ \t]*(?:[-*+]|\d+\.)(?= )`]] },
  ini: INI,
};

const ALIASES: Readonly<Record<string, string>> = { js: 'javascript', jsx: 'javascript', ts: 'typescript', tsx: 'typescript', yml: 'yaml', py: 'python', sh: 'shell', bash: 'shell', zsh: 'shell', golang: 'go', md: 'markdown', svg: 'xml', toml: 'ini', mysql: 'sql', pgsql: 'sql' };

/** Undefined for plain text and for languages that are not known. */
export function languageOf(name: string): Language | undefined {
  const known = name.toLowerCase();
  return LANGUAGES[ALIASES[known] ?? known];
}
