// Packs one built app (a dist folder) into two files for embedding in the program.
//
//   node pack.mjs [--quality N] DIST OUT [--prefix NAME]
//
// DIST     folder written by `vite build`
// OUT      folder to write; made when missing
// prefix   file names: <prefix>.bin and <prefix>_index.inc (default "assets")
// quality  brotli quality 0..11 (default 11; 5 is many times faster and right for debug builds)
//
// <prefix>.bin is the bodies one after another. <prefix>_index.inc is a list of aggregate
// initialisers, one per line, sorted by path as bytes, for
//
//   struct Span  { std::uint32_t offset; std::uint32_t size; };     // into <prefix>.bin
//   struct Asset {
//     std::string_view path;       // "/index.html", "/public/build/assets/main-1a2b3c4d.js"
//     std::string_view mime;       // complete Content-Type value
//     std::string_view etag;       // quoted, strong, of the identity body: "\"0123456789abcdef\""
//     bool is_immutable;           // name carries a content hash: may be cached for a year
//     Span identity;               // always present: size is the plain length
//     Span gzip;                   // {0, 0} where compression does not pay
//     Span brotli;                 // {0, 0} where compression does not pay
//   };
//
// An identity body is stored only where no compressed form pays or for small files; otherwise its
// span is {0, plain size} with offset equal to kNotStored (0xffffffff): inflate the gzip body for
// the rare client that accepts neither.
import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import zlib from 'node:zlib';

const MIME_BY_EXTENSION = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.map': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
  '.woff2': 'font/woff2',
};
const COMPRESSIBLE = /\.(css|html|js|json|map|svg|txt|webmanifest)$/;
// Vite writes hashed files to an "assets" folder, an 8-character content hash before the extension.
const HASHED_NAME = /\/assets\/.*-[\w-]{8}\.\w+$/;
// Below this size the identity body is stored too: it costs little and spares an inflate.
const SMALL_BYTES = 1024;
// A compressed form has to save at least this part, or the client's work is not worth it.
const SAVING_MIN = 0.05;
const NOT_STORED = '0xffffffffu';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    prefix: { type: 'string', default: 'assets' },
    quality: { type: 'string', default: '11' },
  },
});
const [dist, out] = positionals;
const quality = Number(values.quality);
if (!dist || !out || !(quality >= 0 && quality <= 11)) {
  console.error('usage: node pack.mjs [--quality 0..11] [--prefix NAME] DIST OUT');
  process.exit(2);
}
if (!fs.existsSync(path.join(dist, 'index.html'))) {
  console.error(`pack.mjs: ${dist} holds no index.html: build the app first`);
  process.exit(1);
}

function listFiles(folder) {
  return fs.readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const full = path.join(folder, entry.name);
    return entry.isDirectory() ? listFiles(full) : [full];
  });
}

function brotli(body) {
  const { BROTLI_PARAM_QUALITY, BROTLI_PARAM_SIZE_HINT } = zlib.constants;
  return zlib.brotliCompressSync(body, {
    params: { [BROTLI_PARAM_QUALITY]: quality, [BROTLI_PARAM_SIZE_HINT]: body.length },
  });
}

const pays = (packed, body) => packed.length < body.length * (1 - SAVING_MIN);

let offset = 0;
const bodies = [];
function store(body) {
  const span = `{${offset}u, ${body.length}u}`;
  bodies.push(body);
  offset += body.length;
  return span;
}

function indexEntry({ url, file }) {
  const body = fs.readFileSync(file);
  const mime = MIME_BY_EXTENSION[path.extname(file)] ?? 'application/octet-stream';
  const etag = crypto.createHash('sha256').update(body).digest('hex').slice(0, 16);
  const gz = COMPRESSIBLE.test(file) ? zlib.gzipSync(body, { level: 9 }) : null;
  const br = COMPRESSIBLE.test(file) ? brotli(body) : null;
  const keepGzip = gz !== null && pays(gz, body);
  const keepBrotli = br !== null && pays(br, body);

  const keepIdentity = !keepGzip || body.length <= SMALL_BYTES;
  const identity = keepIdentity ? store(body) : `{${NOT_STORED}, ${body.length}u}`;
  const gzipSpan = keepGzip ? store(gz) : '{0u, 0u}';
  const brotliSpan = keepBrotli ? store(br) : '{0u, 0u}';
  const isImmutable = HASHED_NAME.test(url);
  const texts = [url, mime, `"${etag}"`].map((text) => JSON.stringify(text)).join(', ');
  return `{${texts}, ${isImmutable}, ${identity}, ${gzipSpan}, ${brotliSpan}},`;
}

const files = listFiles(dist)
  .map((file) => ({ file, url: '/' + path.relative(dist, file).split(path.sep).join('/') }))
  .sort((a, b) => Buffer.compare(Buffer.from(a.url), Buffer.from(b.url)));
const lines = files.map(indexEntry);

fs.mkdirSync(out, { recursive: true });
fs.writeFileSync(path.join(out, `${values.prefix}.bin`), Buffer.concat(bodies));
fs.writeFileSync(path.join(out, `${values.prefix}_index.inc`), lines.join('\n') + '\n');
console.log(`${values.prefix}: ${files.length} files, ${offset} bytes`);
