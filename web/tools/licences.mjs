// The licence gate of both apps: fails the build when a package outside the allow-list reaches
// the bundle, and writes THIRD-PARTY.txt beside it.
//
// Use in a vite.config.ts:  plugins: [react(), licenceGate()]
import license from 'rollup-plugin-license';

// Permissive licences only. A package with a choice passes if one side of it is on the list.
const ALLOWED = new Set([
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'CC0-1.0',
  'ISC',
  'MIT',
  'MIT-0',
  'OFL-1.1',
  'Python-2.0',
  'Unlicense',
  'Zlib',
]);

export function isAllowed(expression) {
  if (!expression) return false;
  const bare = expression.replace(/[()]/g, ' ').trim();
  if (/\sOR\s/.test(bare)) return bare.split(/\sOR\s/).some((part) => isAllowed(part));
  return bare.split(/\sAND\s/).every((part) => ALLOWED.has(part.trim()));
}

export function licenceGate() {
  return license({
    thirdParty: {
      includePrivate: false,
      allow: {
        test: (dependency) => isAllowed(dependency.license),
        failOnUnlicensed: true,
        failOnViolation: true,
      },
      output: {
        file: 'dist/THIRD-PARTY.txt',
        encoding: 'utf-8',
        template: (dependencies) =>
          dependencies
            .map((d) => `${d.name} ${d.version} (${d.license})\n\n${d.licenseText ?? ''}\n`)
            .join('\n' + '-'.repeat(80) + '\n\n'),
      },
    },
  });
}
