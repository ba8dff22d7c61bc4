#!/usr/bin/env node
// Proves that every check can fail: a tiny good site passes, and each copy of
// it with one defect is reported by exactly the checks named beside it. Some
// defects are rightly seen by two checks (a dead link is dead in the files and
// by HTTP). It goes through the command line, so that is tested as well.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const CHECK = fileURLToPath(new URL('./check.mjs', import.meta.url));
const BASE = 'https://example.org/site/';

const page = (title, body, { root = '', head = '' } = {}) => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${title}</title>
<link rel="stylesheet" href="${root}style.css">
<link rel="icon" href="${root}pic.svg">
<link rel="alternate" type="application/atom+xml" title="News" href="${root}feed.xml">
<link rel="canonical" href="${BASE}index.html">
${head}
</head>
<body>
<header><a href="${root}index.html">Home of the tiny site</a></header>
<main>
<h1>${title}</h1>
${body}
</main>
</body>
</html>
`;

const entry = (id, body) => `<entry><id>${id}</id><title>One</title><updated>2024-01-02T03:04:05Z</updated>
<link href="${BASE}sub/deep.html"/><content type="html">${body}</content></entry>`;
const feed = (entries, updated = '<updated>2024-01-02T03:04:05Z</updated>') => `<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom"><id>${BASE}feed.xml</id><title>News</title>${updated}
<author><name>Ada</name></author><link rel="self" href="${BASE}feed.xml"/>${entries}</feed>
`;
const sitemap = (loc) => `<?xml version="1.0" encoding="utf-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc>${BASE}${loc}</loc></url></urlset>
`;
const redirect = (to, delay = 0) => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Moved</title><meta http-equiv="refresh" content="${delay}; url=${to}"></head>
<body><p><a href="page.html">It moved here.</a></p></body></html>
`;

const CSS = `:root { color-scheme: light dark; }
body { font: 1rem/1.5 sans-serif; margin: 1rem; background: light-dark(white, black); color: light-dark(black, white); }
a { color: inherit; }
`;
const INDEX = `<p>All is <a href="page.html#part">on the page</a> and <a href="sub/deep.html">deeper down</a>, see
<a href="#end">the end</a>, <a href="https://example.com/">another site</a> and <a href="feed.xml">the news</a>.</p>
<p><img src="pic.svg" alt="A square" width="10" height="10"></p>
<p id="end">The end. <a href="#top">Up</a></p>`;

const GOOD = {
  'index.html': page('Start', INDEX),
  'page.html': page('Page', '<h2 id="part">Part</h2><p id="note">Words that stand here in any case.</p><script>document.getElementById("note").dataset.on = "1";</script>'),
  'sub/deep.html': page('Deep', '<p>Deep <a href="../page.html">and back</a>.</p>', { root: '../' }),
  '404.html': page('Not found', '<p>Nothing is here.</p>'),
  'old.html': redirect('page.html'),
  'style.css': CSS,
  'pic.svg': '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0h9v9H0z"/></svg>\n',
  'feed.xml': feed(entry('tag:example.org,2024:1', '&lt;p&gt;&lt;a href="page.html"&gt;Page&lt;/a&gt;&lt;/p&gt;')),
  'sitemap.xml': sitemap('index.html'),
};

const body = (html) => ({ 'index.html': page('Start', INDEX + html) });
const head = (html) => ({ 'index.html': page('Start', INDEX, { head: html }) });
const css = (more) => ({ 'style.css': CSS + more });

/** A page of which a script says nearly all, as search pages do. */
const program = (name, more = '') => ({
  [name]: page('Search', `<p id="x">Use the pages instead.</p><script src="search.js" defer></script>${more}`),
  'search.js': 'document.getElementById("x").textContent = "These many fine words come from a script alone, which some readers do not run";',
});
const leadingTo = (name) => body(`<p><a href="${name}">Search all of it</a></p>`);

/** name: [changed files, checks that must report, words of the report] */
const DEFECTS = {
  'unclosed element': [body('<div><p>Words</p>'), ['vnu'], /[Uu]nclosed/],
  'section without heading': [body('<section><p>Words</p></section>'), ['vnu'], /warning: Section lacks heading/],
  'wrong style property': [css('p { colour: red; }'), ['vnu'], /colour/],
  'page in another language': [body(`<p>${'Dies ist ein langer deutscher Satz, den niemand auf einer englischen Seite erwartet. '.repeat(30)}</p>`), ['vnu'], /lang/],
  'low contrast': [css('p { color: light-dark(#bbb, white); }'), ['axe'], /color-contrast.*light/],
  'low contrast in the dark only': [css('p { color: light-dark(black, #333); }'), ['axe'], /color-contrast.*dark: /],
  'missing alt': [body('<p><img src="pic.svg" width="9" height="9"></p>'), ['vnu', 'axe'], /alt/],
  'skipped heading': [body('<h4>Words</h4>'), ['vnu', 'axe'], /heading/],
  'no main landmark': [{ 'index.html': GOOD['index.html'].replaceAll('main>', 'div>') }, ['axe'], /landmark|region/],
  // Not twice the same address: axe lets those stand as close as they like.
  'tiny targets': [body('<ul style="font-size:8px;line-height:1;list-style:none;padding:0"><li><a href="page.html" style="display:block">aa</a></li><li><a href="sub/deep.html" style="display:block">bb</a></li></ul>'), ['axe'], /target-size/],
  'wide table': [body('<table style="width:40rem"><tr><td>Words</td></tr></table>'), ['width'], /sideways.*because of/],
  'no viewport': [{ 'page.html': GOOD['page.html'].replace(/<meta name="viewport".*\n/, '') }, ['width'], /viewport/],
  'outside image': [body('<p><img src="https://example.com/a.png" alt="A" width="9" height="9"></p>'), ['requests'], /asks another host: https:\/\/example.com\/a.png/],
  'outside style': [{ 'style.css': `@import "https://example.com/a.css";\n${CSS}` }, ['requests'], /a\.css/],
  'preconnect': [head('<link rel="preconnect" href="https://example.com">'), ['requests'], /example/],
  'script asks outside': [body('<script>fetch("https://example." + "com/data").catch(() => {});</script>'), ['requests'], /com\/data/],
  'console error': [body('<script>console.error("oh dear");</script>'), ['console'], /oh dear/],
  'script throws': [body('<script>null.x();</script>'), ['console'], /TypeError/],
  'needs scripts': [body('<p id="x"></p><script>document.getElementById("x").textContent = "These many fine words come from a script alone, which some readers do not run";</script>'), ['script'], /words are gone/],
  'program under another name': [{ ...program('find.html'), ...leadingTo('find.html') }, ['script'], /find\.html: script: .*words are gone/],
  'search page with a script inside': [{ ...program('search.html', '<script>document.title += "!";</script>'), ...leadingTo('search.html') }, ['script'], /search\.html: script: .*words are gone/],
  'search page that says nothing without scripts': [{ 'search.html': page('S', '').replace(/<body>[^]*<\/body>/, `<body><script src="search.js"></script></body>`), 'search.js': `document.body.innerHTML = ${JSON.stringify('<header><a href="index.html">Home of the tiny site</a></header><main><h1>S</h1></main>')};`, ...leadingTo('search.html') }, ['script'], /search\.html: script: .*words are gone/],
  'dead link': [body('<p><a href="none.html">Words</a></p>'), ['links', 'crawl'], /dead link.*none/],
  'dead link in a page below': [{ 'sub/deep.html': page('Deep', '<p><a href="page.html">Words</a></p>', { root: '../' }) }, ['links', 'crawl'], /sub\/deep.html: links: dead link/],
  'dead srcset': [body('<p><img src="pic.svg" srcset="pic.svg 1x, two.svg 2x" alt="A" width="9" height="9"></p>'), ['links', 'crawl'], /two\.svg/],
  'dead style url': [css('.none { background: url(none.png); }'), ['links', 'crawl'], /none\.png/],
  'wrong case': [body('<p><a href="Page.html">Words</a></p>'), ['links', 'crawl'], /spelled page\.html/],
  'dead anchor': [body('<p><a href="page.html#none">Words</a></p>'), ['links'], /dead anchor/],
  'dead anchor on the page': [body('<p><a href="#none">Words</a></p>'), ['links'], /dead anchor/],
  'root-relative link': [body('<p><a href="/page.html">Words</a></p>'), ['links', 'crawl'], /root-relative/],
  'link to a directory': [{ ...body('<p><a href="sub/">Words</a></p>'), 'sub/index.html': redirect('deep.html').replace('page.html', 'deep.html') }, ['links', 'crawl'], /directory/],
  'link out of the folder': [body('<p><a href="../x.html">Words</a></p>'), ['links', 'crawl'], /out of the folder/],
  'javascript link': [body('<p><a href="javascript:void(0)">Words</a></p>'), ['links'], /javascript:/],
  'full address of the site': [body(`<p><a href="${BASE}page.html">Words</a></p>`), ['links'], /relative/],
  'dead canonical': [head(`<link rel="next" href="${BASE}none.html">`), ['links'], /none/],
  'dead redirect': [{ 'old.html': redirect('none.html') }, ['links'], /refresh/],
  'slow redirect': [{ 'old.html': redirect('page.html', 5) }, ['links'], /5 s/],
  'orphan page': [{ 'lost.html': page('Lost', '<p>Words</p>') }, ['crawl'], /lost.html: crawl: orphan/],
  'page linked by orphans only': [{ 'a.html': page('A', '<p><a href="b.html">B</a></p>'), 'b.html': page('B', '<p><a href="a.html">A</a></p>') }, ['crawl'], /b.html: crawl: orphan/],
  'ill-formed feed': [{ 'feed.xml': GOOD['feed.xml'].replace('</title>', '') }, ['xml'], /not well-formed/],
  'undefined entity': [{ 'sitemap.xml': GOOD['sitemap.xml'].replace('index.html', '&nbsp;') }, ['xml'], /not well-formed/],
  'feed without date': [{ 'feed.xml': feed('', '') }, ['xml'], /updated/],
  'feed id used twice': [{ 'feed.xml': feed(entry('tag:example.org,2024:1', 'A') + entry('tag:example.org,2024:1', 'B')) }, ['xml'], /used twice/],
  'dead link in a feed': [{ 'feed.xml': feed(entry('tag:example.org,2024:1', 'A').replace('deep', 'none')) }, ['links'], /feed.xml: links: dead link/],
  'dead link in a feed text': [{ 'feed.xml': feed(entry('tag:example.org,2024:1', '&lt;a href="none.html"&gt;x&lt;/a&gt;')) }, ['links'], /none/],
  'heavy page': [{ 'page.html': page('Page', `<h2 id="part">Part</h2><!-- ${'padding '.repeat(8000)} -->`) }, ['weight'], /page.html: weight: heavy page: 6\d{4} bytes/],
  'font in the style': [{ ...css('@font-face { font-family: X; src: url(x.woff2); }'), 'x.woff2': 'font' }, ['weight'], /fetches a font: x\.woff2/],
  'font loaded ahead': [{ ...head('<link rel="preload" as="font" crossorigin href="x.ttf">'), 'x.ttf': 'font' }, ['weight', 'console'], /fetches a font: x\.ttf/],
  'one odd page among many alike': [Object.fromEntries([...Array.from({ length: 9 }, (_, i) => [`p${i}.html`, page(`P${i}`, '<p>Words</p>')]), ['index.html', page('Start', INDEX + Array.from({ length: 9 }, (_, i) => `<p><a href="p${i}.html">Page number ${i}</a></p>`).join(''))], ['p7.html', page('P7', '<p>Words <a href="page.html"></a></p>')]]), ['axe'], /p7.html: axe: link-name.*all views/],
  'dead sitemap entry': [{ 'sitemap.xml': sitemap('none.html') }, ['links'], /loc/],
};

const temp = mkdtempSync(join(tmpdir(), 'page-checks-'));
function site(name, changes) {
  const folder = join(temp, name.replaceAll(' ', '-'));
  for (const [path, text] of Object.entries({ ...GOOD, ...changes })) {
    mkdirSync(join(folder, dirname(path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}
const run = (...args) => spawnSync('node', [CHECK, ...args], { encoding: 'utf8', maxBuffer: 1 << 28 });

let failed = 0;
function assert(ok, name, detail = '') {
  if (!ok) failed += 1;
  console.log(`${ok ? 'ok  ' : 'FAIL'} ${name}${ok || !detail ? '' : `\n${detail}`}`);
}

// `node selftest.mjs word` runs only the defects with that word in their name.
const names = Object.keys(DEFECTS).filter((name) => name.includes(process.argv[2] ?? ''));
const good = run('--base-url', BASE, site('good', {}));
assert(good.status === 0 && /: 0 findings;/.test(good.stdout), 'good site has no findings', good.stdout + good.stderr);

const folders = names.map((name) => site(name, DEFECTS[name][0]));
const bad = run('--base-url', BASE, '--all', ...(folders.length > 0 ? folders : [site('index only', DEFECTS['dead link'][0])]));
assert(bad.status === 1, 'sites with defects give exit 1', bad.stderr);
names.forEach((name, i) => {
  const [, expected, words] = DEFECTS[name];
  const lines = bad.stdout.split('\n').filter((line) => line.startsWith(`${folders[i]}/`));
  const checks = new Set(lines.map((line) => /: (\w+): /.exec(line)[1]));
  const ok = checks.size === expected.length && expected.every((c) => checks.has(c)) && lines.some((line) => words.test(line));
  assert(ok, `${name}: ${expected.join(', ')}`, `  got: ${[...checks].join(', ')}\n  ${lines.slice(0, 8).join('\n  ')}\n  ${bad.stderr.slice(0, 500)}`);
});

const search = run('--base-url', BASE, site('search', { ...program('search.html'), ...leadingTo('search.html') }));
assert(search.status === 0 && /2 pages with scripts/.test(search.stdout), 'the search page may need its own scripts', search.stdout + search.stderr);
const heavy = run('--only', 'weight', '--heavy', '^page', site('heavy', DEFECTS['heavy page'][0]));
assert(heavy.status === 0 && /1 over/.test(heavy.stdout), 'a page that may be heavy is only counted', heavy.stdout);
assert(run().status === 2, 'no folder is wrong usage');
assert(run('/nowhere').status === 2, 'a missing folder is wrong usage');
assert(run('--only', 'nonsense', folders[0]).status === 2, 'an unknown check is wrong usage');
const all = run('--only', 'xml', site('good', {}));
assert(all.status === 0 && !/vnu|axe/.test(all.stdout), '--only leaves the other checks out', all.stdout);
const java = spawnSync(process.execPath, [CHECK, '--only', 'vnu', site('good', {})], { encoding: 'utf8', env: { ...process.env, PATH: '/nowhere' } });
assert(java.status === 1, 'a check that cannot run has not passed', java.stdout);

// The ways of a reader, on a small site of its own.
const here = (body, { root = '../', head = '', where = true, title = 'Page' } = {}) => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title}</title>
<link rel="icon" href="data:,"><style>a { display: block; padding: 8px; } .skip:not(:focus) { position: absolute; left: -100vw; }</style>${head}</head>
<body><a class="skip" href="#main">Skip</a><header><a href="${root}dates/index.html">Dates</a> <a href="${root}search.html">Search</a>
${where ? `<nav class="where" aria-label="Where"><a href="${root}index.html">Home</a></nav>` : ''}</header>
<main id="main"><h1>${title}</h1>${body}</main><footer><a href="${root}index.html">Home</a></footer></body></html>
`;
const FIELDS = `<form><label>Words <input name="q"></label> <details><summary>Narrow</summary><label>From <input name="from"></label> <label>To <input name="to"></label></details><button>Search</button></form>
<div id="found"></div><p>Without scripts: <a href="dates/index.html">dates</a> <a href="tags/index.html">tags</a> <a href="stories/index.html">stories</a></p>
<script>
const asked = new URLSearchParams(location.search);
const fits = asked.get('q') === 'flooded' && asked.get('from') <= '2031-04-02' && asked.get('to') >= '2031-04-02';
if (fits) document.getElementById('found').innerHTML = '<a href="entries/a.html">A</a>';
</script>`;
const CITING = '<p><a href="a.bib" download>BibTeX</a> <a href="a.ris" download>RIS</a> <a href="a.json" download>CSL</a></p>';
const ENTRY = `<div data-voice="publisher"><p>It was flooded.</p></div><a href="../tags/t.html">T</a>${CITING}`;
const WAYS = {
  'index.html': here('', { root: '' }), 'dates/index.html': here('<a href="2031-04.html">April</a>'),
  'dates/2031-04.html': here('<a href="2031-04-02.html">2</a>'), 'dates/2031-04-02.html': here('<a href="../entries/a.html">A</a>'),
  'entries/a.html': here(ENTRY), 'entries/a.bib': '@online{a}\n', 'entries/a.ris': 'TY  - ELEC\n', 'entries/a.json': '[]\n',
  'tags/t.html': here('Tag'), 'tags/index.html': here('Tags'), 'stories/index.html': here('Stories'), 'search.html': here(FIELDS, { root: '' }),
};
const entryPage = (changes) => ({ 'entries/a.html': here(ENTRY, changes) });
/** name: [changed files, which journeys, words of the report; none for no fault] */
const FAULTS = {
  'good ways': [{}, ''],
  'no search page': [{ 'search.html': undefined }, 'root mouse desktop', /HTTP 404.*search\.html/],
  'no way to the day': [{ 'dates/2031-04.html': here('') }, 'disk mouse phone', /no way from the calendar to 2031-04-02/],
  'no citation': [{ 'entries/a.html': here(ENTRY.replace(CITING, '')) }, 'disk mouse phone', /no link to BibTeX/],
  'wrong citation': [{ 'entries/a.ris': 'nothing' }, 'disk mouse phone', /RIS begins with nothing/],
  'search finds nothing': [{ 'search.html': here(FIELDS.replace("'flooded'", "'x'"), { root: '' }) }, 'disk mouse phone', /does not give entries\/a\.html/],
  'search minds no dates': [{ 'search.html': here(FIELDS.replace(/ && asked.get\('from'\).*;/, ';'), { root: '' }) }, 'disk mouse phone', /gives it all the same/],
  'search leaves no address': [{ 'search.html': here(FIELDS.replace('<form>', '<form method="dialog" onsubmit="document.getElementById(\'found\').innerHTML = \'<a href=entries/a.html>A</a>\'; return false">'), { root: '' }) }, 'disk mouse phone', /the address .* does not hold/],
  'no words without scripts': [{ 'search.html': here(FIELDS.replace(/<p>Without.*<\/p>/, ''), { root: '' }) }, 'disk no script phone', /no link to dates\/index\.html instead/],
  'focus unseen': [entryPage({ head: '<style>:focus { outline: none; }</style>' }), 'disk keyboard desktop', /shows no focus/],
  'focus under something': [entryPage({ head: '<style>body::before { content: ""; position: fixed; inset: 0; z-index: 9; }</style>' }), 'disk keyboard desktop', /focus under something else/],
  'focus outside': [entryPage({ head: '<style>header a { position: fixed; top: -99px; }</style>' }), 'disk keyboard desktop', /focus outside the screen/],
  'not by keyboard': [{ 'dates/2031-04-02.html': here('<a tabindex="-1" href="../entries/a.html">A</a>') }, 'disk keyboard desktop', /not reached/],
  'skip link leads nowhere': [{ 'entries/a.html': here(ENTRY).replace('#main', '#none') }, 'disk keyboard desktop', /skip link leads to nothing/],
  'no skip link': [{ 'entries/a.html': here(ENTRY).replace(/<a class="skip".*?<\/a>/, '') }, 'disk mouse desktop', /has no skip link/],
  'not where it stands': [entryPage({ where: false }), 'disk mouse desktop', /does not say where it stands/],
  'wide at 390': [entryPage({ head: '<style>main { width: 500px; }</style>' }), 'disk mouse phone', /scrolls sideways by/],
  'asks elsewhere': [entryPage({ head: '<link rel="prefetch" href="https://example.com/x">' }), 'root mouse phone', /asked for https:\/\/example.com/],
  'out of the folder': [{ 'entries/a.html': here(ENTRY).replace('data:,', '/icon.png') }, 'sub-path mouse phone', /asked for .*icon\.png/],
  'console warning': [entryPage({ head: '<script>console.warn("hm")</script>' }), 'root mouse phone', /console: warning: hm/],
};
const JOURNEYS = fileURLToPath(new URL('./journeys.mjs', import.meta.url));
const chosen = Object.entries(FAULTS).filter(([name]) => `ways: ${name}`.includes(process.argv[2] ?? ''));
for (const only of new Set(chosen.map(([, [, journeys]]) => journeys))) {
  // One browser for all that go the same way.
  const group = chosen.filter(([, [, journeys]]) => journeys === only).map(([name, [changes, , words]]) => {
    const folder = join(temp, `ways-${name.replaceAll(' ', '-')}`);
    for (const [path, content] of Object.entries({ ...WAYS, ...changes }).filter(([, content]) => content !== undefined)) {
      mkdirSync(join(folder, dirname(path)), { recursive: true });
      writeFileSync(join(folder, path), content);
    }
    return { name, folder, words };
  });
  const { status, stdout, stderr } = spawnSync('node', [JOURNEYS, '--only', only, ...group.map(({ folder }) => folder)], { encoding: 'utf8' });
  for (const { name, folder, words } of group) {
    const lines = stdout.split('\n').filter((line) => line.startsWith(`${folder}: `)).join('\n');
    const ok = words ? status === 1 && words.test(lines) : status === 0 && /27 of 27/.test(lines);
    assert(ok, `ways: ${name}`, lines + stderr);
  }
}

rmSync(temp, { recursive: true });
console.log(failed === 0 ? 'all good' : `${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
