// Takes a line of YAML apart for colouring. Not a parser: a line that it misjudges is shown whole all
// the same, in another colour.

export interface YamlLine {
  indent: string;
  // "- ", once or more, or ''.
  dash: string;
  // With its colon, or ''.
  key: string;
  rest: string;
}

const LINE = /^(\s*)((?:-\s+)*)((?:[\w./-]+|"[^"]*"|'[^']*'):(?=\s|$))?(.*)$/;

export function splitYamlLine(line: string): YamlLine {
  const match = LINE.exec(line);
  return { indent: match?.[1] ?? '', dash: match?.[2] ?? '', key: match?.[3] ?? '', rest: match?.[4] ?? line };
}
