#!/usr/bin/env node
// Checks built sites: node check.mjs [options] FOLDER...   (see README.md)
import { existsSync, realpathSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { BROWSER_CHECKS, checkInBrowser } from './lib/browser.mjs';
import { launch } from './lib/chromium.mjs';
import { checkCrawl } from './lib/crawl.mjs';
import { checkLinks, checkStaticRequests } from './lib/links.mjs';
import { isRedirect, readSite } from './lib/site.mjs';
import { checkVnu } from './lib/vnu.mjs';
import { checkWeight } from './lib/weight.mjs';
import { checkXml } from './lib/xml.mjs';

const CHECKS = ['vnu', ...BROWSER_CHECKS, 'links', 'crawl', 'xml', 'weight'];
const SHOWN = 5;

const USAGE = `usage: node check.mjs [options] FOLDER...
  --only LIST       some of ${CHECKS.join(',')} (default: all)
  --skip LIST       leave these out
  --base-url URL    where the site will live; full addresses below it are checked in the folder
  --often N         axe looks at a page while something on it was on fewer than N pages before (default 3)
  --alike N         open at most N pages in the browser on which nothing is new (default: all)
  --heavy REGEX     pages that may weigh more than 60 kB; may be given again
  --no-langdetect   do not let the Nu checker guess the language of the text
  --all             show every finding, not the first ${SHOWN} of a kind`;

function usage(problem) {
  console.error(`${problem}\n${USAGE}`);
  process.exit(2);
}

function readOptions() {
  let parsed;
  try {
    parsed = parseArgs({
      allowPositionals: true,
      options: {
        only: { type: 'string' }, skip: { type: 'string' }, 'base-url': { type: 'string' },
        often: { type: 'string', default: '3' }, alike: { type: 'string', default: '1000000' },
        heavy: { type: 'string', multiple: true, default: [] },
        'no-langdetect': { type: 'boolean', default: false },
        all: { type: 'boolean', default: false }, help: { type: 'boolean', short: 'h', default: false },
      },
    });
  } catch (error) {
    usage(error.message);
  }
  const { values, positionals } = parsed;
  if (values.help) usage('');
  const names = (list) => list.split(',').map((name) => {
    if (!CHECKS.includes(name)) usage(`there is no check ${name}`);
    return name;
  });
  const checks = new Set(values.only ? names(values.only) : CHECKS);
  if (values.skip) for (const name of names(values.skip)) checks.delete(name);
  if (checks.size === 0) usage('no check is left');
  const base = values['base-url'] ?? null;
  if (base !== null && !/^https?:\/\/[^/]/.test(base)) usage('--base-url needs http:// or https://');
  const [often, alike] = ['often', 'alike'].map((name) => {
    if (!/^\d+$/.test(values[name])) usage(`--${name} needs a number`);
    return Number(values[name]);
  });
  if (positionals.length === 0) usage('no folder given');
  for (const folder of positionals) {
    if (!existsSync(folder) || !statSync(folder).isDirectory()) usage(`no such folder: ${folder}`);
    // An empty folder would pass every check; that is never what was meant.
    if (!existsSync(join(folder, 'index.html'))) usage(`no index.html in ${folder}`);
  }
  let heavy;
  try {
    heavy = values.heavy.map((pattern) => new RegExp(pattern));
  } catch (error) {
    usage(error.message);
  }
  return { checks, base, often, alike, heavy, folders: positionals, langdetect: !values['no-langdetect'], all: values.all };
}

async function checkFolder(folder, site, vnu, browser, options) {
  const { checks } = options;
  const start = Date.now();
  const results = {};
  const seconds = {};
  const run = async (name, work) => {
    const begin = Date.now();
    results[name] = await work();
    seconds[name] = (Date.now() - begin) / 1000;
  };
  if (checks.has('xml')) await run('xml', () => checkXml(site));
  if (checks.has('links')) await run('links', () => checkLinks(site, options));
  if (checks.has('weight')) await run('weight', () => checkWeight(site, options));
  if (checks.has('requests')) await run('static', () => ({ findings: checkStaticRequests(site) }));
  if (checks.has('crawl')) await run('crawl', () => checkCrawl(site));
  if (browser) await run('browser', () => checkInBrowser(site, browser, checks, options));
  if (vnu) await run('waiting for vnu', async () => ({ findings: (await vnu).get(site.folder) }));
  const findings = unique(Object.values(results).flatMap((result) => result.findings));
  report(folder, findings, options.all);
  summary(folder, site, checks, findings, results, (Date.now() - start) / 1000, seconds);
  return findings.length;
}

/** The same address asked for twice, or found by two ways, is one finding. */
function unique(findings) {
  return [...new Map(findings.map((f) => [`${f.file}\0${f.check}\0${f.message}`, f])).values()];
}

function report(folder, findings, all) {
  const kinds = new Map();
  for (const finding of findings) {
    const key = `${finding.check}: ${finding.kind}`;
    if (!kinds.has(key)) kinds.set(key, []);
    kinds.get(key).push(finding);
  }
  for (const [key, list] of kinds) {
    list.sort((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : 0));
    const shown = all ? list : list.slice(0, SHOWN);
    for (const { file, check, message } of shown) console.log(`${join(folder, file)}: ${check}: ${message}`);
    if (list.length > shown.length) {
      const files = new Set(list.map((f) => f.file)).size;
      console.log(`  … ${list.length - shown.length} more, ${list.length} in ${files} files: ${key}`);
    }
  }
}

function summary(folder, site, checks, findings, { links, crawl, xml, weight, browser }, total, seconds) {
  const redirects = [...site.pages.values()].filter(isRedirect).length;
  const about = {
    axe: () => {
      const { pages, seen, full, review } = browser.stats;
      const open = [...review].map(([id, { count, example }]) => `${id} ${count} (first: ${example})`).join(', ');
      return `${pages} pages opened${pages < site.pages.size - redirects ? ' only' : ''}, ${seen} looked at, ${full} of them in 4 views${open ? `, undecided: ${open}` : ''}`;
    },
    vnu: () => `${site.pages.size} html, ${site.css.size} css`,
    links: () => `${links.stats.links} links, ${links.stats.anchors} anchors, ${links.stats.external} elsewhere`,
    crawl: () => `${crawl.stats.reached} pages reached, ${crawl.stats.requests} requests`,
    xml: () => `${xml.stats.files} files, ${xml.stats.feeds} feeds, ${xml.stats.entries} entries`,
    weight: () => `heaviest ${weight.stats.heaviest.join(' ')}, ${weight.stats.over} over`,
    script: () => `${[...site.pages.values()].filter((page) => page.scripts > 0).length} pages with scripts`,
  };
  const parts = [...checks].map((name) => {
    const count = findings.filter((f) => f.check === name).length;
    return `${name} ${count}${about[name] ? ` (${about[name]()})` : ''}`;
  });
  const times = Object.entries(seconds).filter(([, s]) => s >= 0.05).map(([name, s]) => `${name} ${s.toFixed(1)}`);
  console.log([
    `${folder}: ${findings.length} findings`,
    `${site.pages.size} pages (${redirects} redirects), ${site.files.size} files`,
    ...parts,
    `${total.toFixed(1)} s${times.length > 0 ? ` (${times.join(', ')})` : ''}`,
  ].join('; '));
}

const options = readOptions();
const browser = BROWSER_CHECKS.some((name) => options.checks.has(name)) ? await launch() : null;
let count = 0;
try {
  const sites = options.folders.map((folder) => readSite(realpathSync(folder)));
  // One Java run for all folders, beside the rest.
  const vnu = options.checks.has('vnu') ? checkVnu(sites, options) : null;
  vnu?.catch(() => {}); // awaited later; this keeps Node from stopping before
  for (const [i, folder] of options.folders.entries()) {
    count += await checkFolder(folder, sites[i], vnu, browser, options);
  }
} catch (error) {
  // A check that could not run has not passed.
  console.error(`check.mjs: ${error.stack}`);
  count += 1;
} finally {
  await browser?.close();
}
process.exitCode = count === 0 ? 0 : 1;
