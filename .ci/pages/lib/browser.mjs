// What only a browser can tell: axe-core, sideways scrolling, requests to
// other hosts, errors in the console, and pages that are empty without scripts.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, posix } from 'node:path';
import { pathToFileURL } from 'node:url';
import { DESKTOP, NARROW } from './chromium.mjs';
import { outside } from './links.mjs';
import { isRedirect } from './site.mjs';

export const BROWSER_CHECKS = ['axe', 'width', 'requests', 'console', 'script'];
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const AXE_OPTIONS = {
  runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22a', 'wcag22aa', 'best-practice'],
  resultTypes: ['violations', 'incomplete'],
  // axe would load the style sheets again by XMLHttpRequest, which Chromium
  // refuses for file:// pages and tells in the console; no rule here needs it.
  preload: false,
};
// From one to the next, one thing changes: changing it takes longer than one would think.
const COMBINATIONS = [
  { name: 'desktop light', viewport: DESKTOP, colorScheme: 'light' },
  { name: 'desktop dark', viewport: DESKTOP, colorScheme: 'dark' },
  { name: 'phone dark', viewport: NARROW, colorScheme: 'dark' },
  { name: 'phone light', viewport: NARROW, colorScheme: 'light' },
];
// The search page is a program, of its own files alone: without scripts it says what to use instead. No other page is
// let off.
const PROGRAM = 'search.html';
const WORKERS = 2;
const PAGE_LIMIT = 180_000; // ms; huge pages keep axe busy for a while

/**
 * Which pages to open, and which views axe gets of each: [{ path, combinations }]. A page with something new on it
 * is seen in all four views; one with something that fewer than `often` pages before it had, in one of them in turn;
 * any other is only opened, and of those at most `alike`. Small pages come first, because axe takes its time with big ones.
 */
export function plan(site, { often = 3, alike = Infinity } = {}) {
  const pages = [...site.pages].filter(([, page]) => !isRedirect(page)).sort(([a, x], [b, y]) => x.bytes - y.bytes || (a < b ? -1 : 1));
  const seen = new Map(); // feature → on how many pages it was seen
  let turn = 0;
  const jobs = pages.map(([path, { shape }]) => {
    const least = Math.min(...[...shape].map((feature) => seen.get(feature) ?? 0));
    if (least >= often) return { path, combinations: [] };
    for (const feature of shape) seen.set(feature, (seen.get(feature) ?? 0) + 1);
    return { path, combinations: least === 0 ? COMBINATIONS : [COMBINATIONS[turn++ % COMBINATIONS.length]] };
  });
  const known = jobs.filter(({ combinations }) => combinations.length === 0);
  const opened = new Set(evenly(known, alike));
  // The longest first, so that no worker waits for another at the end.
  return jobs.filter((job) => job.combinations.length > 0 || opened.has(job)).reverse();
}

function evenly(list, count) {
  if (list.length <= count) return list;
  return Array.from({ length: Math.max(count, 0) }, (_, i) => list[Math.floor((i * list.length) / count)]);
}

/** checks: the set of wanted checks, of which BROWSER_CHECKS are done here. */
export async function checkInBrowser(site, browser, checks, options) {
  const result = { findings: [], stats: { pages: 0, seen: 0, full: 0, review: new Map() } };
  const todo = plan(site, options);
  const worker = async () => {
    let tab = await openTab(browser);
    for (let job = todo.shift(); job; job = todo.shift()) {
      const fine = await visit(tab, site, job, checks, result);
      if (fine) continue;
      // A tab that crashed or hangs would take all later pages down with it.
      await closeTab(tab);
      tab = await openTab(browser);
    }
    await closeTab(tab);
  };
  await Promise.all(Array.from({ length: WORKERS }, worker));
  return result;
}

async function openTab(browser) {
  // 'reduce' keeps pages from being measured halfway through a transition.
  const context = await browser.newContext({ reducedMotion: 'reduce' });
  const page = await context.newPage();
  const plain = await browser.newContext({ javaScriptEnabled: false, viewport: NARROW });
  const tab = { context, page, plain, requests: [], errors: [] };
  page.on('request', (request) => {
    if (!/^(file|data|blob|about):/.test(request.url())) tab.requests.push(request.url());
  });
  page.on('console', (message) => {
    // A failed request to another host is told by the requests check.
    const elsewhere = /^(https?|wss?):/.test(message.location().url) && /^Failed to load resource/.test(message.text());
    if (message.type() === 'error' && !elsewhere) tab.errors.push(`${message.text()} (${posix.basename(message.location().url)})`);
  });
  page.on('pageerror', (error) => tab.errors.push(String(error)));
  return tab;
}

async function closeTab({ context, plain }) {
  await context.close();
  await plain.close();
}

async function visit(tab, site, job, checks, { findings, stats }) {
  const say = (check, kind, message = kind) => findings.push({ file: job.path, check, kind, message });
  stats.pages += 1;
  if (job.combinations.length > 0) stats.seen += 1;
  if (job.combinations.length === COMBINATIONS.length) stats.full += 1;
  tab.requests.length = 0;
  tab.errors.length = 0;
  const violations = new Map(); // axe rule → what it said, in which combinations
  let fine = true;
  let timer;
  const tooLong = new Promise((_, fail) => {
    timer = setTimeout(() => fail(new Error(`not done after ${PAGE_LIMIT / 1000} s`)), PAGE_LIMIT);
  });
  try {
    await Promise.race([tooLong, look(tab, site, job, checks, say, violations, stats)]);
  } catch (error) {
    fine = false;
    say(BROWSER_CHECKS.find((name) => checks.has(name)), 'page could not be checked', `page could not be checked: ${error.message.split('\n')[0]}`);
  } finally {
    clearTimeout(timer);
  }
  for (const { violation, names } of violations.values()) {
    const [node] = violation.nodes;
    const why = (node.any[0] ?? node.all[0] ?? node.none[0])?.message ?? violation.help;
    const html = node.html.replace(/\s+/g, ' ').slice(0, 160);
    const where = names.length === COMBINATIONS.length ? 'all views' : names.join(' + ');
    const head = `${violation.id} (${violation.impact}), ${violation.nodes.length}x, ${where}`;
    say('axe', violation.id, `${head}: ${why} [${node.target.flat().join(' ')}: ${html}]`);
  }
  if (checks.has('requests')) for (const asked of new Set(tab.requests)) findings.push(outside(job.path, asked));
  if (checks.has('console')) for (const text of new Set(tab.errors)) say('console', text.replace(/\(.*\)$|(file|https?):\S+/g, '…'), `console error: ${text}`);
  return fine;
}

async function look({ plain, page }, site, { path, combinations }, checks, say, violations, stats) {
  const facts = site.pages.get(path);
  const url = pathToFileURL(join(site.folder, path)).href;
  await use(page, combinations[0] ?? COMBINATIONS.at(-1));
  await page.goto(url, { waitUntil: 'load', timeout: 30_000 });
  if (checks.has('axe')) {
    for (const combination of combinations) {
      await use(page, combination);
      await runAxe(page, path, combination, violations, stats);
    }
  }
  if (checks.has('width')) await checkWidth(page, facts, say);
  if (decodeURI(page.url()).replace(/[?#].*/, '') !== decodeURI(url)) throw new Error(`a script went on to ${page.url()}`);
  if (checks.has('script') && facts.scripts > 0) await checkWithoutScript(plain, page, url, say, isProgram(site, path, facts));
}

async function use(page, { viewport, colorScheme }) {
  if (page.viewportSize()?.width !== viewport.width) await page.setViewportSize(viewport);
  if (page.scheme !== colorScheme) await page.emulateMedia({ colorScheme });
  page.scheme = colorScheme;
}

async function runAxe(page, path, { name }, violations, stats) {
  // axe looks into frames only where it has been loaded as well.
  for (const frame of page.frames()) await frame.evaluate(`if (!window.axe) { ${AXE} }`);
  const report = await page.evaluate(async (options) => {
    for (const animation of document.getAnimations()) {
      try { animation.finish(); } catch { animation.cancel(); } // endless ones cannot finish
    }
    const { violations: bad, incomplete } = await window.axe.run(document, options);
    return { bad, incomplete: incomplete.map(({ id, nodes }) => [id, nodes.length, nodes[0].target.flat().join(' ')]) };
  }, AXE_OPTIONS);
  for (const violation of report.bad) {
    if (!violations.has(violation.id)) violations.set(violation.id, { violation, names: [] });
    violations.get(violation.id).names.push(name);
  }
  // What axe could not decide is no finding, but the summary counts it.
  for (const [id, count, target] of report.incomplete) {
    const known = stats.review.get(id) ?? { count: 0, example: `${path} ${target}` };
    stats.review.set(id, { ...known, count: known.count + count });
  }
}

async function checkWidth(page, facts, say) {
  if (!facts.viewport) say('width', 'no viewport meta', 'no <meta name="viewport" content="width=device-width…">: a phone shows it 980 px wide');
  await use(page, { viewport: NARROW, colorScheme: page.scheme });
  const { width, culprits } = await page.evaluate((limit) => {
    const root = document.scrollingElement;
    const scrolls = (e) => e && e !== root && e !== document.body
      && (getComputedStyle(e).overflowX !== 'visible' || scrolls(e.parentElement));
    const wide = root.scrollWidth <= limit ? [] : [...document.body.querySelectorAll('*')]
      .filter((e) => e.getBoundingClientRect().right > limit + 0.5 && !scrolls(e.parentElement));
    // The innermost ones tell most.
    const inner = wide.filter((e) => !wide.some((o) => o !== e && e.contains(o)));
    const name = (e) => e.tagName.toLowerCase() + (e.id ? `#${e.id}` : '') + (e.classList.length ? `.${[...e.classList].join('.')}` : '');
    return { width: root.scrollWidth, culprits: inner.slice(0, 3).map((e) => `${name(e)} "${e.textContent.trim().slice(0, 30)}"`) };
  }, NARROW.width);
  if (width > NARROW.width) say('width', 'scrolls sideways', `scrolls sideways at ${NARROW.width} px: ${width} px wide because of ${culprits.join(', ')}`);
}

/** Whether a page may say less without its scripts: all of them have to be files of the site. */
function isProgram(site, path, facts) {
  if (path !== PROGRAM || facts.inlineScripts > 0) return false;
  const own = facts.refs.filter(({ tag, attr }) => tag === 'script' && attr === 'src').map(({ value }) => value);
  return own.every((value) => !/^([a-z][a-z0-9+.-]*:|\/)/i.test(value) && site.files.has(posix.normalize(value)));
}

/** A page with scripts has to show (nearly) the same words without them; a program has to show any. */
async function checkWithoutScript(plain, shown, url, say, program) {
  const words = (tab) => tab.evaluate(() => document.body.innerText.split(/\s+/).filter(Boolean));
  const withScript = await words(shown);
  const page = await plain.newPage();
  try {
    await page.goto(url, { waitUntil: 'load', timeout: 30_000 });
    const without = new Set(await words(page));
    const lost = [...new Set(withScript)].filter((word) => !without.has(word));
    if (without.size === 0 || (!program && lost.length > 0.1 * new Set(withScript).size)) {
      say('script', 'needs scripts', `needs scripts: without them ${lost.length} of ${new Set(withScript).size} words are gone, e.g. ${lost.slice(0, 5).join(' ')}`);
    }
  } finally {
    await page.close();
  }
}
