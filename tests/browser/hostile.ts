// Things that would run a script, or fetch something from elsewhere, if a page took text for markup.

export const ELSEWHERE = 'http://elsewhere.invalid';

// The one thing that a text may bring here from elsewhere: a page in a frame, as hostile as can be.
export const FRAME = `${ELSEWHERE}/frame`;
export const FRAME_PAGE = `<!doctype html><meta http-equiv="refresh" content="0;url=${ELSEWHERE}/refreshed"><p>Framed</p>
<script>try { parent.pwned = 'frame'; } catch {} top.location = '${ELSEWHERE}/top'; open('${ELSEWHERE}/popup'); alert(1); new Image().src = '${ELSEWHERE}/ran';</script>
<form action="${ELSEWHERE}/sent"><button autofocus>Send</button></form>`;

// As the name of a thing.
export const NAME = `<img src="${ELSEWHERE}/name.png" onerror="window.pwned='name'">`;
const SCRIPTS = [
  `<script>window.pwned='script'</script>`,
  `<script src="${ELSEWHERE}/a.js"></script>`,
  `<img src="x:" onerror="window.pwned='img'">`,
  `<svg onload="window.pwned='svg'"><script>window.pwned='svg script'</script></svg>`,
  `<svg><animate onbegin="window.pwned='animate'" attributeName="x" dur="1s"/></svg>`,
  `<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=x: onerror=window.pwned='math'&gt;">`,
  `<iframe srcdoc="<script>parent.pwned='iframe'</script>"></iframe>`,
  `<iframe src="${FRAME}" sandbox="allow-scripts allow-same-origin allow-popups" onload="window.pwned='frame onload'"></iframe>`,
  `<object data="${ELSEWHERE}/object"></object><embed src="${ELSEWHERE}/embed">`,
  `<details open ontoggle="window.pwned='toggle'">d</details>`,
  `<input autofocus onfocus="window.pwned='focus'">`,
  `<video><source onerror="window.pwned='video'"></video>`,
  `<body onload="window.pwned='body'">`,
  `<link rel="stylesheet" href="${ELSEWHERE}/a.css">`,
  `<style>@import url("${ELSEWHERE}/b.css"); body { display: none }</style>`,
  `<base href="${ELSEWHERE}/"><meta http-equiv="refresh" content="0;url=${ELSEWHERE}/">`,
  `<form action="javascript:window.pwned='form'"><button id="hostile-form">Send</button></form>`,
  `<button formaction="javascript:window.pwned='formaction'">Send</button>`,
  `<a href="javascript:window.pwned='link'">html link</a>`,
  `<a href="java&#10;script:window.pwned='broken link'">broken link</a>`,
  `<a href="data:text/html,<script>opener.pwned=1</script>">data link</a>`,
  `<div style="background:url(javascript:window.pwned='style')">styled</div>`,
];
// Links first: elements that are left open swallow what comes behind them.
export const HTML = SCRIPTS.toReversed().join('\n');
export const MARKDOWN = [
  `# <img src="x:" onerror="window.pwned='heading'">`,
  '[markdown link](javascript:window.pwned=1)',
  '[encoded](&#106;avascript:window.pwned=1)',
  '[data](data:text/html;base64,PHNjcmlwdD5vcGVuZXIucHduZWQ9MTwvc2NyaXB0Pg==)',
  `[title](/d/x "a' onmouseover='window.pwned=1")`,
  `![alt" onerror="window.pwned='alt](x:)`,
  '```\n</code></pre><script>window.pwned=1</script>\n```',
  HTML,
].join('\n\n');
export const LINKS = ['javascript:window.pwned="link"', ' javascript:window.pwned="space"', 'JaVaScRiPt:window.pwned="case"', 'java\tscript:window.pwned="tab"', 'data:text/html,<script>opener.pwned=1</script>', 'vbscript:x'];

// A series whose label and value of a label are as hostile as PromQL lets them be.
export const SERIES = `label_replace(label_replace(vector(3), "name", ${JSON.stringify(NAME)}, "", ""), "other", "javascript:window.pwned=1", "", "")`;

// For cells whose author asked for the markup of their texts: an image in it would be fetched, as in Grafana.
const MARKED_SERIES = `label_replace(vector(3), "name", ${JSON.stringify(`<img src="x:" onerror="window.pwned='cell'"> [cell link](javascript:window.pwned=1)`)}, "", "")`;

const RANGE = { from: 'now-15m', to: 'now' };

function panelOf(id: number, type: string, more: object): object {
  const target = { refId: 'A', expr: SERIES, legendFormat: '{{name}}' };
  return { id, type, title: `${type} ${NAME}`, description: HTML, gridPos: { x: 0, y: id * 6, w: 24, h: 6 }, targets: [target], links: LINKS.map((url, index) => ({ title: `${NAME} ${index}`, url })), ...more };
}

const DATA_LINKS = LINKS.map((url, index) => ({ title: `${NAME} ${index}`, url }));
// None of them may run before somebody has confirmed it, and those of no web address not even then.
const ACTIONS = [...LINKS, `${ELSEWHERE}/action`].map((url, index) => ({ type: 'fetch', title: `${NAME} ${index}`, confirmation: HTML, style: { backgroundColor: `red;background:url(${ELSEWHERE}/style)` }, fetch: { method: 'GET', url } }));
const FIELDS = {
  defaults: {
    displayName: `\${__field.labels.name} ${NAME}`,
    links: DATA_LINKS,
    actions: ACTIONS,
    unit: `suffix:${NAME}`,
    mappings: [{ type: 'value', options: { 3: { text: `${NAME} three`, color: `red" onmouseover="window.pwned='colour'` } } }],
  },
  overrides: [],
};
const cells = (type: string, expr = SERIES): object => ({ options: {}, fieldConfig: { defaults: { ...FIELDS.defaults, custom: { cellOptions: { type } } }, overrides: [] }, targets: [{ refId: 'A', expr, format: 'table', instant: true }] });

export const DASHBOARD = {
  uid: 'hostile',
  title: `Hostile ${NAME}`,
  description: HTML,
  tags: [NAME],
  schemaVersion: 41,
  time: RANGE,
  refresh: '',
  links: LINKS.map((url, index) => ({ type: 'link', title: `${NAME} ${index}`, tooltip: NAME, url, icon: 'external link' })),
  templating: {
    list: [
      { name: 'text', type: 'textbox', label: NAME, query: NAME, current: { text: NAME, value: NAME }, options: [] },
      { name: 'pick', type: 'custom', label: NAME, query: `${NAME},two`, multi: true, includeAll: true, current: { text: [NAME], value: [NAME] }, options: [] },
      { name: 'const', type: 'constant', query: HTML, current: { text: HTML, value: HTML } },
      { name: 'labels', type: 'query', label: NAME, query: { query: `query_result(${SERIES})`, refId: 'x' }, refresh: 1, current: {} },
    ],
  },
  annotations: { list: [{ name: NAME, enable: true, iconColor: 'red', datasource: { type: 'prometheus', uid: 'prometheus' }, expr: SERIES, step: '60s', titleFormat: '{{name}}', textFormat: HTML, tagKeys: 'name,other' }] },
  panels: [
    panelOf(1, 'text', { options: { mode: 'markdown', content: `${MARKDOWN}\n\n$text \${const} \${pick}` } }),
    panelOf(2, 'text', { options: { mode: 'html', content: `${HTML}\n$text \${const}` } }),
    panelOf(3, 'text', { options: { mode: 'code', content: HTML } }),
    panelOf(4, 'timeseries', { fieldConfig: FIELDS, options: { legend: { displayMode: 'table', placement: 'bottom', calcs: ['last'] }, tooltip: { mode: 'multi' } } }),
    panelOf(5, 'stat', { fieldConfig: FIELDS, options: { textMode: 'value_and_name' } }),
    panelOf(6, 'gauge', { fieldConfig: FIELDS }),
    panelOf(7, 'bargauge', { fieldConfig: FIELDS }),
    panelOf(8, 'piechart', { fieldConfig: FIELDS, options: { legend: { displayMode: 'list', placement: 'bottom', values: ['value'] }, displayLabels: ['name', 'value'] } }),
    panelOf(9, 'state-timeline', { fieldConfig: FIELDS }),
    panelOf(10, 'table', cells('auto')),
    panelOf(11, 'table', cells('markdown', MARKED_SERIES)),
    panelOf(12, 'table', cells('json-view')),
    panelOf(13, 'table', cells('pill')),
    panelOf(14, 'table', cells('data-links')),
    panelOf(24, 'table', cells('actions')),
    panelOf(15, 'barchart', { ...cells('auto'), options: { xField: 'name' } }),
    panelOf(16, 'stat', { targets: [{ refId: 'A', expr: `label_replace(up, "${NAME.replaceAll('"', '\\"')}", "a", "b"` }] }),
    panelOf(17, 'stat', { targets: [{ refId: 'A', expr: 'absent(vector(1))' }], fieldConfig: { defaults: { noValue: HTML }, overrides: [] } }),
    panelOf(18, 'annolist', { options: { limit: 10, tags: [] } }),
    panelOf(19, `no-such-type ${NAME}`, {}),
    panelOf(20, 'dashlist', { options: { showSearch: true, showStarred: false, showHeadings: true, showFolderNames: true, maxItems: 20 } }),
    panelOf(21, 'logs', {}),
    panelOf(22, 'status-history', { fieldConfig: FIELDS }),
    { id: 23, type: 'row', title: NAME, collapsed: false, gridPos: { x: 0, y: 200, w: 24, h: 1 }, panels: [] },
  ],
};
