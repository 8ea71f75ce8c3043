// The colours of code in text panels.
import { expect, test } from 'vitest';

import { codeParts } from '../src/text/highlight';

const kinds = (text: string, language: string): string[] => codeParts(text, language).flatMap(({ text: part, kind }) => (kind ? [`${kind} ${part}`] : []));

test.each([
  ['json', '{"a": "x:\\"", "n": -1.5e3, "t": true}', ['key "a"', 'string "x:\\""', 'key "n"', 'number 1.5e3', 'key "t"', 'keyword true']],
  ['yaml', 'job: "a" # why\n- url: http://x#y\nok: yes', ['key job', 'string "a"', 'comment # why', 'key url', 'key ok', 'keyword yes']],
  ['go', 'func f() { s := `a\nb` } // end', ['keyword func', 'string `a\nb`', 'comment // end']],
  ['sql', "SELECT a FROM \"t\" -- x\nwhere b = 'it''s'", ['keyword SELECT', 'keyword FROM', 'key "t"', 'comment -- x', 'keyword where', "string 'it''s'"]],
  ['xml', '<a b="c">d</a><!-- e -->', ['keyword <a', 'key b', 'string "c"', 'keyword >', 'keyword </a', 'keyword >', 'comment <!-- e -->']],
  ['javascript', 'const s = `x ${1}`; /* open', ['keyword const', 'string `x ${1}`', 'comment /* open']],
  ['ts', 'interface A { n: number }', ['keyword interface', 'keyword number']],
  ['python', '@x\ndef f():\n  """doc\n  """', ['key @x', 'keyword def', 'string """doc\n  """']],
  ['bash', 'X=1 # c\necho "$X" ${Y}', ['key X', 'number 1', 'comment # c', 'string "$X"', 'key ${Y}']],
  ['promql', 'sum by (job) (rate(up{job=~"a"}[5m]))', ['keyword sum', 'keyword by', 'keyword rate', 'key job', 'string "a"', 'number 5m']],
  ['markdown', '# T\n- **b** `c` [l](u)', ['keyword # T', 'number -', 'key **b**', 'string `c`', 'key [l](u)']],
  ['toml', '[a]\nb = "c" ', ['keyword [a]', 'key b', 'string "c"']],
  ['css', '.a { color: red; top: 1px }', ['keyword .a', 'key color', 'key top', 'number 1px']],
  ['plaintext', 'if "x"', []],
  ['cobol', 'if "x"', []],
])('%s', (language, text, want) => {
  expect(kinds(text, language)).toEqual(want);
  expect(codeParts(text, language).map((part) => part.text).join('')).toBe(text);
});
test('markup is text', () => expect(codeParts('<script>x</script>', 'html').every(({ text }) => typeof text === 'string')).toBe(true));
test('what is very long stays as it is', () => expect(codeParts('1 '.repeat(60_000), 'json')).toHaveLength(1));
test.each(['"'.repeat(5000), '<!--'.repeat(5000), '/*'.repeat(9000), `${'a'.repeat(50_000)}=`, '['.repeat(30_000), `a${' '.repeat(40)}`.repeat(2000), '`'.repeat(30_001)])('hostile code is cut in no time', (text) => {
  const before = performance.now();
  for (const language of ['json', 'yaml', 'sql', 'html', 'shell', 'markdown', 'promql', 'css', 'ini']) codeParts(text, language);
  expect(performance.now() - before).toBeLessThan(4000);
});
