#!/usr/bin/env node
// Searches an archive of its own in Chromium, from a folder and from a server below a sub-path.
// node search.mjs ARCHIVE   (the program; see README.md)
import { execFileSync } from 'node:child_process';
import { createReadStream, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, extname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { inflateRawSync } from 'node:zlib';
import { DESKTOP, NARROW, launch } from './lib/chromium.mjs';

if (process.argv.length !== 3) {
  console.error('usage: node search.mjs ARCHIVE');
  process.exit(2);
}
const archive = resolve(process.argv[2]);
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const work = mkdtempSync(join(tmpdir(), 'archive-search-'));
const failures = [];
let checks = 0;

function hold(what, is, expected) {
  checks += 1;
  const [a, b] = [JSON.stringify(is), JSON.stringify(expected)];
  if (a !== b) failures.push(`${what}: ${a}, expected ${b}`);
}

const DUMP = `Summary

  • The dam at Quell has opened its gates

  1. Gates openedpublished at 05:40 British Summer Time 2 April 2031

    The gates of the Quell dam opened at dawn. Rescuers waited.

    Water filled the lower town.

  2. Rain goes onpublished at 21:15 British Summer Time 1 April 2031

    It has rained for nine days in Quell. The dam holds its gates shut.

`;

function entry(name, head, body, story = 'other') {
  const path = join(work, 'a', 'content', story, `${name}.md`);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `+++\nid = "${name}"\ntitle = "${head.title ?? name}"\n${head.more ?? ''}\n+++\n${body}\n`);
}

function makeArchive() {
  execFileSync(archive, ['new', join(work, 'a')]);
  const dump = join(work, 'quell-live.txt');
  writeFileSync(dump, DUMP);
  execFileSync(archive, ['-C', join(work, 'a'), 'import', dump, '--publisher', 'River Post'], { stdio: 'pipe' });
  for (let hour = 0; hour < 25; hour += 1) {
    const day = hour < 12 ? '03' : '04';
    entry(`sandbag-${hour}`, { title: `Report ${hour}`, more: `date = 2031-04-${day}T${String(hour % 12 + 8).padStart(2, '0')}:00:00+01:00` }, `Sandbags at hour ${hour}.`, 'sandbags');
  }
  entry('german', { title: 'Die Hochwasserschutzanlage', more: 'date = 2031-05-01\ntags = ["Schutz"]' }, 'Die Hochwasserschutzanlage hält. Häuser an der Straße stehen.');
  entry('arabic', { title: 'الفيضان', more: 'date = 2031-05-02' }, 'وصلت المِياهُ إلى المدينة القديمة.');
  entry('hebrew', { title: 'hebrew', more: 'date = 2031-05-02' }, 'הַמַּיִם עלו בלילה.');
  entry('japanese', { title: '東京都の洪水', more: 'date = 2031-05-03' }, '川の水位が上がっている。京都ではない。');
  entry('thai', { title: 'thai', more: 'date = 2031-05-03' }, 'น้ำท่วมกรุงเทพ');
  entry('emoji', { title: 'emoji', more: 'date = "2031-05~"' }, 'A wave 🌊 came. Café closed.');
  entry('markup', { title: '<b>bold</b>', more: 'date = 2031-05-04' }, 'Somebody posted `<script>alert(1)</script>` and `<img src=x onerror=alert(2)>`.');
  entry('undated', { title: 'Undated flood' }, 'A flood of unknown day.');
  entry('dated', { title: 'Dated flood', more: 'date = 1969-07-20' }, 'A flood long ago.');
  entry('perhaps', { title: 'Perhaps flood', more: 'date = "1969-07"' }, 'A flood of some day.');
  entry('covered', { title: 'The bridge', more: 'date = 2031-05-05\nwarnings = ["death"]' }, 'Nineteen zebrafish perished.\n\n> [!NOTE]\n> Zebrafish is a note on it.');
  entry('redacted', { title: 'A witness', more: 'date = 2031-05-06' }, 'Then {{redacted: name of a minor}} spoke at length.\n\n> [!NOTE]\n> The wombat was checked against the minutes.');
  entry('gone', { title: 'Withdrawn', more: 'date = 2031-05-07\n\n[withdrawn]\ndate = 2031-06-01\nbecause = "asked for"' }, 'Quokka was named.');
  execFileSync(archive, ['-C', join(work, 'a'), 'build'], { stdio: 'pipe' });
  return join(work, 'a', 'public');
}

const TYPES = { '.html': 'text/html; charset=utf-8', '.css': 'text/css', '.js': 'text/javascript; charset=utf-8' };

/** Serves the site below /some/where/, with a policy that allows no script within a page. */
function serve(folder) {
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url, 'http://x').pathname);
    if (path === '/favicon.ico') {
      response.writeHead(204).end();
      return;
    }
    const file = join(folder, path.replace(/^\/some\/where\//, ''));
    if (!path.startsWith('/some/where/') || !existsSync(file) || !statSync(file).isFile()) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, {
      'Content-Type': TYPES[extname(file)] ?? 'application/octet-stream',
      'Content-Length': statSync(file).size,
      'Content-Security-Policy': "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:",
    });
    createReadStream(file).pipe(response);
  });
  return new Promise((done) => server.listen(0, '127.0.0.1', () => done(server)));
}

/** Text of every file of the index, unpacked. */
function everyWord(folder) {
  const texts = [];
  for (const name of readdirSync(join(folder, 'search'), { recursive: true })) {
    const file = join(folder, 'search', name);
    if (!statSync(file).isFile()) continue;
    const text = readFileSync(file, 'utf8');
    texts.push(text);
    const packed = /^archiveSearch\("entries\/[0-9a-f]+","(.*)"\);\n$/s.exec(text);
    if (packed) texts.push(inflateRawSync(Buffer.from(packed[1], 'base64')).toString('utf8'));
  }
  return texts.join('\n').toLowerCase();
}

async function open(browser, options = {}) {
  const context = await browser.newContext({ viewport: DESKTOP, reducedMotion: 'reduce', ...options });
  const page = await context.newPage();
  const said = [];
  page.on('console', (message) => said.push(message.text()));
  page.on('pageerror', (error) => said.push(String(error)));
  page.on('dialog', (dialog) => { said.push(`dialog ${dialog.message()}`); dialog.dismiss(); });
  return { context, page, said };
}

/** Opens an address with a query and returns what the page says. */
async function look(page, base, query) {
  await page.goto(`${base}search.html?${new URLSearchParams(query)}`);
  return answer(page);
}

async function answer(page) {
  await page.waitForFunction(() => {
    const status = document.getElementById('status').textContent;
    const notices = document.getElementById('notices').textContent;
    const items = document.querySelectorAll('#results li').length;
    return (status && (items > 0 || /: 0$/.test(status))) || (!status && notices);
  }, null, { timeout: 10_000 });
  return page.evaluate(() => ({
    status: document.getElementById('status').textContent,
    notices: [...document.querySelectorAll('#notices p')].map((p) => p.textContent),
    urls: [...document.querySelectorAll('#results .title a')].map((a) => a.getAttribute('href').replace(/^entries\/|\.html$/g, '')),
    marks: [...new Set([...document.querySelectorAll('#results mark')].map((m) => m.textContent))],
  }));
}

async function queries(page, base, where) {
  const ids = async (query) => (await look(page, base, typeof query === 'string' ? { q: query } : query)).urls.sort();
  const gates = '2031-04-02-0540-gates-opened';
  const rain = '2031-04-01-2115-rain-goes-on';
  const found = await look(page, base, { q: 'gates' });
  hold(`${where}: a word`, [found.status, found.urls[0], found.marks.sort()], ['Entries found: 2', gates, ['Gates', 'gates']]);
  hold(`${where}: other forms`, await ids('gate'), [rain, gates].sort());
  const unknown = await look(page, base, { q: 'waits' });
  hold(`${where}: a form that no entry has`, [unknown.urls, unknown.notices.length], [[gates], 1]);
  hold(`${where}: all words`, await ids('gates dawn'), [gates]);
  hold(`${where}: a phrase`, await ids('"gates of the Quell dam"'), [gates]);
  hold(`${where}: a phrase that nobody said`, await ids('"gates of the dam"'), []);
  hold(`${where}: no phrase across paragraphs`, await ids('"waited water"'), []);
  hold(`${where}: a phrase to the letter`, await ids('"gate"'), []);
  hold(`${where}: nor across what was taken out`, await ids('"then spoke"'), []);
  hold(`${where}: a beginning`, await ids('hochwass*'), ['german']);
  hold(`${where}: accents and sharp s`, [await ids('hauser strasse'), await ids('CAFE')], [['german'], ['emoji']]);
  hold(`${where}: Arabic without vowels`, [await ids('المياه'), await ids('الفيضان')], [['arabic'], ['arabic']]);
  hold(`${where}: Hebrew without points`, await ids('המים'), ['hebrew']);
  hold(`${where}: Japanese`, [await ids('東京'), await ids('東京都'), await ids('水'), await ids('都'), await ids('京水')], [['japanese'], ['japanese'], ['japanese'], ['japanese'], []]);
  hold(`${where}: Thai`, await ids('กรุงเทพ'), ['thai']);
  hold(`${where}: an emoji`, await ids('🌊'), ['emoji']);
  const markup = await look(page, base, { q: '<script>alert(1)</script>' });
  hold(`${where}: markup is text`, [markup.urls, await page.locator('main script, main img, #results b').count()], [['markup'], 0]);
  hold(`${where}: numbers`, await ids('19:69'), []);
  hold(`${where}: nothing`, (await look(page, base, { q: 'xyzzy' })).status, 'Entries found: 0');
  hold(`${where}: names of properties are words`, [await ids('constructor'), await ids('__proto__')], [[], []]);
  hold(`${where}: only signs`, (await look(page, base, { q: '?!' })).status, '');

  const dates = await look(page, base, { q: 'flood', from: '1969-07-10', to: '1969-07-20' });
  hold(`${where}: a range of dates`, [dates.urls.sort(), dates.notices.length], [['dated', 'perhaps'], 2]);
  hold(`${where}: undated entries are told`, dates.notices.some((text) => /no date.*: 1$/.test(text)), true);
  hold(`${where}: a year`, await ids({ q: 'flood', from: '1970' }), []);
  const bad = await look(page, base, { q: 'flood', from: 'July' });
  hold(`${where}: a date that is none`, [bad.urls.length, /July/.test(bad.notices.join())], [3, true]);
  hold(`${where}: a story`, (await look(page, base, { story: 'sandbags' })).status, 'Entries found: 25');
  hold(`${where}: a tag`, await ids({ q: 'anlage* OR hält', tag: 'schutz' }), []);
  hold(`${where}: a tag alone`, await ids({ tag: 'schutz' }), ['german']);
  hold(`${where}: a publisher`, await ids({ q: 'dam', publisher: 'River Post' }), [rain, gates].sort());
  hold(`${where}: a source`, await ids({ q: 'dawn', source: 'quell-live.txt' }), [gates]);
  hold(`${where}: an unknown story`, (await look(page, base, { q: 'dam', story: 'nope' })).status, 'Entries found: 0');
  hold(`${where}: the curator's words`, [await ids({ q: 'wombat', notes: '1' }), await ids({ q: 'spoke', notes: '1' })], [['redacted'], []]);
  hold(`${where}: by date`, (await look(page, base, { q: 'flood', sort: 'oldest' })).urls, ['perhaps', 'dated', 'undated']);
  hold(`${where}: by date, newest first`, (await look(page, base, { q: 'sandbags', sort: 'newest' })).urls[0], 'sandbag-23');

  const covered = await look(page, base, { q: 'bridge' });
  hold(`${where}: a warning in place of the words`, [covered.urls, await page.locator('#results .warning').innerText(), await page.locator('#results .excerpt').count()], [['covered'], 'Content warning: death', 0]);
  hold(`${where}: words that are not there`, [await ids('zebrafish'), await ids('quokka'), await ids('minor')], [[], [], []]);
}

async function keyboard(browser, base, where) {
  const { context, page, said } = await open(browser);
  await page.goto(`${base}index.html`);
  await page.locator('.parts a', { hasText: 'Search' }).focus();
  await page.keyboard.press('Enter');
  await page.waitForURL(/search\.html/);
  const focused = () => page.evaluate(() => document.activeElement.id || document.activeElement.textContent);
  for (let step = 0; step < 20 && (await focused()) !== 'q'; step += 1) await page.keyboard.press('Tab');
  await page.keyboard.type('sandbag');
  await page.keyboard.press('Enter');
  const found = await answer(page);
  hold(`${where}: by keyboard`, [found.status, found.urls.length, await focused()], ['Entries found: 25', 10, 'q']);
  hold(`${where}: the address can be shared`, new URL(page.url()).search, '?q=sandbag');
  for (let step = 0; step < 60 && (await focused()) !== 'more'; step += 1) await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => document.querySelectorAll('#results li').length === 20);
  hold(`${where}: more, and the focus is on the first of them`, await page.evaluate(() => document.activeElement === document.querySelectorAll('#results .title a')[10]), true);
  await page.locator('#more').press('Enter');
  await page.waitForFunction(() => document.querySelectorAll('#results li').length === 25);
  hold(`${where}: no more`, await page.locator('#more').isHidden(), true);
  await page.locator('#q').fill('gates');
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => document.getElementById('status').textContent === 'Entries found: 2');
  await page.goBack();
  await page.waitForFunction(() => document.getElementById('status').textContent === 'Entries found: 25');
  hold(`${where}: back`, await page.locator('#q').inputValue(), 'sandbag');
  await page.locator('#filters summary').press('Enter');
  await page.waitForFunction(() => document.getElementById('story').options.length > 2);
  await page.locator('#story').selectOption('sandbags');
  await page.locator('#from').fill('2031-04-04');
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => document.getElementById('status').textContent === 'Entries found: 13');
  await page.locator('#results .title a').first().press('Enter');
  await page.waitForURL(/entries\/sandbag/);
  hold(`${where}: nothing in the console`, said, []);
  await context.close();
}

async function withoutScript(browser, base, where) {
  const { context, page } = await open(browser, { javaScriptEnabled: false });
  await page.goto(`${base}search.html`);
  hold(`${where}: without script`, [await page.locator('noscript a').first().isVisible(), await page.locator('#search').isVisible()], [true, false]);
  await context.close();
}

async function accessible(browser, base) {
  for (const [viewport, colorScheme] of [[DESKTOP, 'light'], [NARROW, 'dark'], [DESKTOP, 'dark'], [NARROW, 'light']]) {
    const { context, page } = await open(browser, { viewport, colorScheme });
    for (const query of [{ q: 'flood', from: '1969' }, { q: 'bridge' }, { q: 'wombat' }, { q: '東京' }]) {
      await look(page, base, query);
      await page.evaluate(AXE);
      const violations = await page.evaluate(async () => (await window.axe.run(document, { preload: false })).violations.map(({ id, nodes }) => `${id} ${nodes[0].html}`));
      hold(`axe, ${colorScheme}, ${viewport.width} px, ${query.q}`, violations, []);
    }
    hold(`width at ${viewport.width} px`, await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true);
    await context.close();
  }
}

const browser = await launch();
let server;
try {
  const site = makeArchive();
  const words = everyWord(site);
  hold('the files of the index are read', words.includes('sandbags at hour'), true);
  for (const word of ['zebrafish', 'quokka', 'nineteen']) hold(`${word} is in no file of the index`, words.includes(word), false);
  server = await serve(site);
  const bases = {
    'a folder': `${pathToFileURL(site).href}/`,
    'a sub-path': `http://127.0.0.1:${server.address().port}/some/where/`,
  };
  for (const [where, base] of Object.entries(bases)) {
    const { context, page, said } = await open(browser);
    await queries(page, base, where);
    hold(`${where}: nothing in the console`, said, []);
    await context.close();
    await keyboard(browser, base, where);
    await withoutScript(browser, base, where);
  }
  await accessible(browser, bases['a folder']);
} catch (error) {
  failures.push(error.stack);
} finally {
  await browser.close();
  server?.close();
  rmSync(work, { recursive: true, force: true });
}
for (const failure of failures) console.log(failure);
console.log(`search: ${checks} checks, ${failures.length} failures`);
process.exitCode = failures.length === 0 ? 0 : 1;
