#!/usr/bin/env node
// The ways of a reader through a built site, in Chromium: home, calendar, day, entry, tag, search with a span of
// dates, citation. By mouse, by keyboard alone and without scripts; from a disk, from the root of a host and from a
// sub-path; on a desktop and on two phones. A part that is missing fails by its name.
// node journeys.mjs [--only WORDS] FOLDER...   (see README.md)
import { existsSync, readFileSync, readdirSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { DESKTOP, NARROW, PHONE, launch } from './lib/chromium.mjs';
import { serve } from './lib/serve.mjs';
import { listFiles } from './lib/site.mjs';

const PLACES = ['disk', 'root', 'sub-path'];
const WAYS = ['mouse', 'keyboard', 'no script'];
const SCREENS = { desktop: DESKTOP, phone: PHONE, narrow: NARROW };
const CITATIONS = [
  ['BibTeX', '.bib', 'application/x-bibtex', /^\s*@\w+\{/],
  ['RIS', '.ris', 'application/x-research-info-systems', /^TY {2}- /],
  ['CSL-JSON', '.json', 'application/vnd.citationstyles.csl+json', /^\s*[[{]/],
];
const MOST_STOPS = 400;
const SEARCH_LIMIT = 15_000; // ms; the machine may be busy

const USAGE = `usage: node journeys.mjs [--only WORDS] FOLDER...
  --only WORDS      only journeys whose name has each of these words, such as "disk keyboard phone"`;

function usage(problem) {
  console.error(`${problem}\n${USAGE}`);
  process.exit(2);
}

function readOptions() {
  let parsed;
  try {
    parsed = parseArgs({ allowPositionals: true, options: { only: { type: 'string', default: '' } } });
  } catch (error) {
    usage(error.message);
  }
  const { values, positionals } = parsed;
  if (positionals.length === 0) usage('no folder given');
  for (const folder of positionals) if (!existsSync(join(folder, 'index.html'))) usage(`no index.html in ${folder}`);
  return { words: values.only.split(/\s+/).filter(Boolean), folders: positionals };
}

const text = (folder, path) => readFileSync(join(folder, path), 'utf8');
const links = (html, pattern) => [...html.matchAll(/<a\b[^>]*\shref="([^"#]*)/g)].map((m) => m[1]).filter((href) => pattern.test(href));

/** A day and an entry of it that has a tag and words to search for. */
function choose(folder) {
  const days = readdirSync(join(folder, 'dates')).filter((name) => /^\d{4}-\d\d-\d\d\.html$/.test(name)).sort();
  for (const day of days) {
    const html = text(folder, `dates/${day}`);
    const [main] = html.split(/<main\b/).slice(1);
    for (const href of links(main ?? '', /entries\/[^/]+\.html$/).slice(0, 5)) {
      const entry = `entries/${href.split('/').at(-1)}`;
      const page = existsSync(join(folder, entry)) ? text(folder, entry) : '';
      const [body] = page.split(/<main\b/).slice(1);
      const said = page.match(/data-voice="publisher"[^>]*>([\s\S]*?)<\/div>/)?.[1].replace(/<[^>]*>/g, ' ') ?? '';
      const word = [...said.matchAll(/\p{L}{5,}/gu)].map((m) => m[0]).sort((a, b) => b.length - a.length)[0];
      const tag = links(body ?? '', /tags\/(?!index\.html)[^/]+\.html$/)[0];
      if (tag && word && !/<details class="cover"/.test(page)) return { day: day.slice(0, 10), entry, tag: `tags/${tag.split('/').at(-1)}`, word };
    }
  }
  throw new Error(`${folder}: no day page leads to an entry with a tag and a word`);
}

class Fault extends Error {}

/** One reader: a browser window, and how this person moves. */
class Reader {
  constructor(page, way, base, faults) {
    Object.assign(this, { page, way, base, faults, stops: 0, seen: new Set() });
    page.on('request', (request) => {
      if (!request.url().startsWith(base) && !/^(data|blob|about):/.test(request.url())) faults.push(`asked for ${request.url()}`);
    });
    page.on('response', (response) => { if (response.status() >= 400) faults.push(`HTTP ${response.status()}: ${response.url()}`); });
    page.on('console', (message) => faults.push(`console: ${message.type()}: ${message.text()}`));
    page.on('pageerror', (error) => faults.push(`console: ${error}`));
  }

  get path() {
    return decodeURI(this.page.url()).replace(/[?#].*/, '').slice(decodeURI(this.base).length);
  }

  /** What holds on every page that a reader comes to. */
  async arrive(what, path) {
    if (path instanceof RegExp ? !path.test(this.path) : path !== this.path) throw new Fault(`${what}: came to ${this.path}, not ${path}`);
    const facts = await this.page.evaluate(() => {
      const root = document.scrollingElement;
      const where = document.querySelector('.where');
      return {
        wide: root.scrollWidth - root.clientWidth, h1: document.querySelectorAll('h1').length,
        where: where ? where.getBoundingClientRect().height > 0 && where.querySelectorAll('a').length > 0 : false,
        skip: document.querySelector('a.skip')?.getAttribute('href') ?? '',
      };
    });
    if (facts.wide > 0) this.faults.push(`${what}: ${this.path} scrolls sideways by ${facts.wide} px`);
    if (facts.h1 !== 1) this.faults.push(`${what}: ${this.path} has ${facts.h1} h1`);
    if (!facts.where && this.path !== 'index.html') this.faults.push(`${what}: ${this.path} does not say where it stands`);
    if (facts.skip === '') this.faults.push(`${what}: ${this.path} has no skip link`);
    if (this.way === 'keyboard' && !this.seen.has(what)) await this.skip(what);
    this.seen.add(what);
  }

  /** The first stop of the keyboard is the skip link; it can be seen, and leads to the text. */
  async skip(what) {
    await this.page.keyboard.press('Tab');
    const stop = await this.stop();
    if (!stop.skip) {
      this.faults.push(`${what}: the first stop of the keyboard is not the skip link but ${stop.name}`);
    } else {
      if (stop.hidden) this.faults.push(`${what}: the skip link ${stop.hidden}`);
      await this.page.keyboard.press('Enter');
      const main = await this.page.evaluate(() => document.querySelector(':target')?.tagName ?? '');
      if (main !== 'MAIN') this.faults.push(`${what}: the skip link leads to ${main || 'nothing'}`);
      await this.page.keyboard.press('Tab');
      const next = await this.page.evaluate(() => document.activeElement === document.body || document.querySelector('main').contains(document.activeElement)
        || document.querySelector('main').compareDocumentPosition(document.activeElement) === Node.DOCUMENT_POSITION_FOLLOWING);
      if (!next) this.faults.push(`${what}: behind the skip link the keyboard does not go on in the text`);
    }
    await this.page.evaluate(() => document.activeElement?.blur());
    await this.page.goto(this.page.url().replace(/#.*/, ''), { waitUntil: 'load' });
  }

  /** What has the focus, and why it could not be seen. */
  stop() {
    this.stops += 1;
    return this.page.evaluate(() => {
      const e = document.activeElement;
      const name = e === document.body ? 'the page' : `${e.tagName.toLowerCase()} "${(e.textContent || e.name || '').trim().slice(0, 40)}"`;
      if (e === document.body) return { name, body: true };
      const style = getComputedStyle(e);
      const ring = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 1 && style.outlineColor !== 'rgba(0, 0, 0, 0)';
      const boxes = [...e.getClientRects()].filter((box) => box.width > 0 && box.height > 0);
      const inside = boxes.filter((box) => box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth);
      const hit = inside.some((box) => [0.1, 0.5, 0.9].some((part) => {
        const at = document.elementFromPoint(
          Math.min(Math.max(box.left + box.width * part, 0), innerWidth - 1), Math.min(Math.max(box.top + box.height / 2, 0), innerHeight - 1));
        return e.contains(at);
      }));
      const hidden = !ring ? 'shows no focus' : inside.length === 0 ? 'has the focus outside the screen' : !hit ? 'has the focus under something else' : '';
      return { name, hidden, skip: e.matches('a.skip') };
    });
  }

  /** Goes to an element as this person does; with `press`, uses it. */
  async use(what, locator, { press = true, navigates = true } = {}) {
    const target = locator.first();
    if (await target.count() === 0) throw new Fault(`${what}: not there on ${this.path}`);
    if (this.way === 'keyboard') await this.reach(what, target);
    const act = async () => {
      if (this.way !== 'keyboard') await target.click({ timeout: 10_000 });
      else if (press) await this.page.keyboard.press('Enter');
    };
    if (!navigates) return act();
    await Promise.all([this.page.waitForEvent('framenavigated', { timeout: 20_000 }), act()]);
    await this.page.waitForLoadState('load');
  }

  /** From stop to stop by the Tab key, to an element. */
  async reach(what, target) {
    const mark = await target.evaluateHandle((e) => e);
    for (let stops = 0; !(await mark.evaluate((e) => e === document.activeElement)); stops += 1) {
      if (stops === MOST_STOPS) throw new Fault(`${what}: not reached with ${MOST_STOPS} stops on ${this.path}`);
      await this.page.keyboard.press('Tab');
      const stop = await this.stop();
      if (stop.hidden) this.faults.push(`${what}: on ${this.path}, ${stop.name} ${stop.hidden}`);
    }
  }

  /** What a link to a file gives: the file, or, as browsers do with a page from a disk, its words in the window. */
  async save(what, link) {
    const from = this.page.url();
    const file = this.page.waitForEvent('download', { timeout: 20_000 });
    const shown = this.page.waitForEvent('framenavigated', { timeout: 20_000 });
    for (const wait of [file, shown]) wait.catch(() => {}); // one of the two is in vain
    await this.use(what, link, { navigates: false });
    const got = await Promise.any([file, shown]).catch(() => { throw new Fault(`${what}: the link gives nothing`); });
    if (got.path) return readFileSync(await got.path(), 'utf8');
    await this.page.waitForLoadState('load');
    const words = await this.page.evaluate(() => document.body.innerText);
    await this.page.goto(from, { waitUntil: 'load' });
    return words;
  }

  link(pattern, inside = 'main') {
    return this.page.locator(`${inside} a[href]`).filter({ visible: true }).and(this.page.locator(`[href*="${pattern}"]`));
  }
}

/** The steps, one after the other. One that fails is told, and the next begins from where it should have led. */
function steps(reader, aim) {
  const { page, way } = reader;
  const go = async (path) => {
    if (reader.path !== path || page.url().includes('#')) await page.goto(reader.base + path, { waitUntil: 'load' });
  };
  const [year, month] = [aim.day.slice(0, 4), aim.day.slice(0, 7)];
  return {
    home: async () => {
      await page.goto(`${reader.base}index.html`, { waitUntil: 'load' });
      await reader.arrive('home', 'index.html');
    },
    calendar: async () => {
      await reader.use('the link to the calendar', reader.link('dates/index.html', 'header'));
      await reader.arrive('calendar', 'dates/index.html');
    },
    day: async () => {
      await go('dates/index.html');
      // A calendar leads to the day by way of its year and month, or at once.
      for (const [name, path] of [['day', `${aim.day}.html`], ['month', `${month}.html`], ['day', `${aim.day}.html`], ['year', `${year}.html`], ['month', `${month}.html`], ['day', `${aim.day}.html`]]) {
        const link = reader.link(path);
        if (await link.count() === 0) continue;
        await reader.use(`the link to the ${name}`, link);
        await reader.arrive(name, `dates/${path}`);
        if (name === 'day') return;
      }
      throw new Fault(`day: no way from the calendar to ${aim.day}; came as far as ${reader.path}`);
    },
    entry: async () => {
      await go(`dates/${aim.day}.html`);
      await reader.use('the link to the entry', reader.link(aim.entry));
      await reader.arrive('entry', aim.entry);
    },
    tag: async () => {
      await go(aim.entry);
      await reader.use('the link to the tag', reader.link(aim.tag));
      await reader.arrive('tag', aim.tag);
    },
    search: async () => {
      await go(aim.tag);
      await reader.use('the link to the search page', reader.link('search.html', 'header'));
      await reader.arrive('search', 'search.html');
      if (way === 'no script') {
        for (const part of ['dates/index.html', 'tags/index.html', 'stories/index.html']) {
          if (await reader.link(part).count() === 0) throw new Fault(`search without scripts: no link to ${part} instead`);
        }
        return;
      }
      await search(reader, aim);
    },
    citation: async () => {
      await go(aim.entry);
      for (const [name, ending, type, sign] of CITATIONS) {
        // A file of its own, or within the address.
        const link = page.locator(`main a[href$="${ending}"], main a[href^="data:${type}"]`);
        if (await link.count() === 0) throw new Fault(`citation: no link to ${name} on ${reader.path}`);
        const got = await reader.save(`the ${name} file`, link);
        if (!sign.test(got)) throw new Fault(`citation: ${name} begins with ${got.slice(0, 40)}`);
      }
    },
  };
}

/** A word and a span of dates give the entry; another span does not; the address shows the same again. */
async function search(reader, aim) {
  const { page, way } = reader;
  const results = page.locator(`main a[href*="${aim.entry}"]`).filter({ visible: true });
  const fill = async (name, locator, value) => {
    // What narrows a search may be folded.
    if (!(await locator.isVisible())) await reader.use(`what holds the field ${name}`, page.locator(`details:has([name="${name}"]) > summary`), { navigates: false });
    await reader.use(`the field ${name}`, locator, { press: false, navigates: false });
    if (way === 'keyboard') {
      await page.keyboard.press('Control+A');
      await type(page, locator, value);
    } else {
      await locator.fill(value);
    }
  };
  const fields = { q: page.locator('main [name="q"]'), from: page.locator('main [name="from"]'), to: page.locator('main [name="to"]') };
  for (const [name, field] of Object.entries(fields)) if (await field.count() === 0) throw new Fault(`search: no field ${name}`);
  await fill('from', fields.from, aim.day);
  await fill('to', fields.to, aim.day);
  await fill('q', fields.q, aim.word);
  await page.keyboard.press('Enter');
  await results.first().waitFor({ timeout: SEARCH_LIMIT }).catch(() => { throw new Fault(`search: “${aim.word}” on ${aim.day} does not give ${aim.entry}`); });
  const shared = page.url();
  for (const part of [aim.day, 'q=']) if (!shared.includes(part)) throw new Fault(`search: the address ${shared} does not hold ${part}`);
  await page.goto('about:blank');
  await page.goto(shared, { waitUntil: 'load' });
  await results.first().waitFor({ timeout: SEARCH_LIMIT }).catch(() => { throw new Fault(`search: ${shared} opened anew does not give ${aim.entry}`); });
  await reader.arrive('results', 'search.html');
  await page.goto(shared.replaceAll(aim.day, '1200-01-01'), { waitUntil: 'load' });
  await page.waitForTimeout(500);
  if (await results.count() > 0) throw new Fault('search: a span of dates without the entry gives it all the same');
  await page.goto(shared, { waitUntil: 'load' });
  await results.first().waitFor({ timeout: SEARCH_LIMIT });
  await reader.use('the result', results);
  await reader.arrive('entry', aim.entry);
}

/** A field for a date takes its parts in the order of the browser's language; any other takes what is typed. */
async function type(page, locator, value) {
  if (await locator.getAttribute('type') !== 'date') return page.keyboard.type(value);
  const [year, month, day] = value.split('-');
  const order = await page.evaluate(() => new Intl.DateTimeFormat(navigator.language).formatToParts(new Date(2001, 1, 3)).map((part) => part.type));
  for (const part of order) {
    if (part === 'year') await page.keyboard.type(year.padStart(6, '0').slice(-6));
    if (part === 'month') await page.keyboard.type(month);
    if (part === 'day') await page.keyboard.type(day);
  }
}

async function journey(browser, name, base, way, viewport, aim) {
  const isMobile = viewport.width < 600;
  const context = await browser.newContext({
    viewport, isMobile, hasTouch: isMobile, reducedMotion: 'reduce', javaScriptEnabled: way !== 'no script', acceptDownloads: true,
  });
  const faults = [];
  let stops = 0;
  try {
    const reader = new Reader(await context.newPage(), way, base, faults);
    for (const [step, work] of Object.entries(steps(reader, aim))) {
      try {
        await work();
      } catch (error) {
        faults.push(error instanceof Fault ? error.message : `${step}: ${error.message.split('\n')[0]}`);
      }
    }
    stops = reader.stops;
  } finally {
    await context.close();
  }
  return { name, faults: [...new Set(faults)], stops };
}

async function walk(browser, folder, words) {
  const aim = choose(folder);
  const site = { folder, files: new Set(listFiles(folder)) };
  const root = await serve(site, '/');
  const under = await serve(site);
  const bases = { disk: `${pathToFileURL(folder).href}/`, root: root.root, 'sub-path': under.root };
  const jobs = [];
  for (const place of PLACES) for (const way of WAYS) for (const [screen, viewport] of Object.entries(SCREENS)) {
    const name = `${place}, ${way}, ${screen}`;
    if (words.every((word) => name.includes(word))) jobs.push([name, bases[place], way, viewport]);
  }
  if (jobs.length === 0) usage(`no journey is called ${words.join(' ')}`);
  const begin = Date.now();
  const results = [];
  const worker = async () => {
    for (let job = jobs.shift(); job; job = jobs.shift()) results.push(await journey(browser, ...job, aim));
  };
  try {
    await Promise.all([worker(), worker()]);
  } finally {
    root.close();
    under.close();
  }
  const kinds = new Map(); // fault → the journeys that have it
  for (const { name, faults } of results) for (const fault of faults) kinds.set(fault.replace(/127\.0\.0\.1:\d+/, '…'), [...(kinds.get(fault.replace(/127\.0\.0\.1:\d+/, '…')) ?? []), name]);
  for (const [fault, names] of kinds) console.log(`${folder}: ${fault} (${names.length === results.length ? 'all journeys' : `${names.length} journeys: ${names[0]}`})`);
  const good = results.filter(({ faults }) => faults.length === 0).length;
  const stops = results.reduce((sum, result) => sum + result.stops, 0);
  console.log(`${folder}: ${good} of ${results.length} journeys without a fault, ${stops} stops of the keyboard, to ${aim.entry} by “${aim.word}”, ${((Date.now() - begin) / 1000).toFixed(1)} s`);
  return results.length - good;
}

const options = readOptions();
const browser = await launch();
let failed = 0;
try {
  for (const folder of options.folders) failed += await walk(browser, realpathSync(folder), options.words);
} catch (error) {
  console.error(`journeys.mjs: ${error.stack}`);
  failed += 1;
} finally {
  await browser.close();
}
process.exitCode = failed === 0 ? 0 : 1;
