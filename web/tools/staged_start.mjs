// Starts an app in parts: a page's scripts, evaluated together, are one task that holds up the page for as long as all
// of them take. Each large script is evaluated in a task of its own instead, in the order of their dependencies.
//
// Use in a vite.config.ts:  plugins: [react(), stagedStart()]
import crypto from 'node:crypto';
import path from 'node:path';

// Smaller ones are evaluated together with the next large one that needs them.
const LARGE_LENGTH = 40_000;

/** The scripts that `entry` needs at once, each after those that it needs itself. */
function inOrder(bundle, entry) {
  const seen = new Set();
  const order = [];
  const visit = (name) => {
    if (seen.has(name)) return;
    seen.add(name);
    for (const needed of bundle[name]?.imports ?? []) visit(needed);
    order.push(name);
  };
  visit(entry);
  return order;
}

/** A message is a task; a timer would be one too, and wait for milliseconds. */
const script = (names) =>
  `const s=${JSON.stringify(names)},{port1:a,port2:b}=new MessageChannel;` +
  `for(const n of s){await import(n);await new Promise(r=>{a.onmessage=r;b.postMessage(0)})}a.close();\n`;

/** @returns {import('vite').Plugin} */
export function stagedStart() {
  return {
    name: 'staged-start',
    enforce: 'post',
    generateBundle: {
      order: 'post',
      handler(_options, bundle) {
        const page = bundle['index.html'];
        const entry = Object.values(bundle).find((one) => one.type === 'chunk' && one.isEntry);
        if (!page || !entry) return this.error('no index.html with a script in this bundle');
        const large = inOrder(bundle, entry.fileName).filter((name) => name === entry.fileName || (bundle[name]?.code.length ?? 0) >= LARGE_LENGTH);
        const folder = path.posix.dirname(entry.fileName);
        const source = script(large.map((name) => `./${path.posix.relative(folder, name)}`));
        const hash = crypto.createHash('sha256').update(source).digest('base64url').slice(0, 8);
        const fileName = `${folder}/start-${hash}.js`;
        const tag = new RegExp(`<script type="module" crossorigin src="([^"]*)${entry.fileName}"></script>`);
        const html = String(page.source);
        if (!tag.test(html)) return this.error(`index.html does not load ${entry.fileName} as it was expected to`);
        this.emitFile({ type: 'asset', fileName, source });
        page.source = html.replace(tag, (_whole, base) => `<script type="module" crossorigin src="${base}${fileName}"></script>\n    <link rel="modulepreload" crossorigin href="${base}${entry.fileName}">`);
        return undefined;
      },
    },
  };
}
