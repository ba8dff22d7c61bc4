#!/usr/bin/env node
// Lighthouse on the pages that readers come to first: node lighthouse.mjs FOLDER...   (see README.md)
import { existsSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import * as chromeLauncher from 'chrome-launcher';
import lighthouse from 'lighthouse';
import { ARGS, CHROMIUM } from './lib/chromium.mjs';
import { pagesByKind } from './lib/kinds.mjs';
import { serve } from './lib/serve.mjs';
import { listFiles } from './lib/site.mjs';

const WANTED = { accessibility: 100, 'best-practices': 100, seo: 100, performance: 98 };
const KINDS = ['home', 'story', 'entry', 'tag', 'calendar', 'search'];
// A long story and a large tag go on in pages of their own.
const PARTS = { story: 'story by day', tag: 'tag by year' };
// How fast a page is depends on what else the machine does; what it is made of does not.
const TRIES = 3;

const USAGE = `usage: node lighthouse.mjs [options] FOLDER...
  --kinds LIST   some of ${KINDS.join(',')} (default: all)`;

function usage(problem) {
  console.error(`${problem}\n${USAGE}`);
  process.exit(2);
}

function readOptions() {
  let parsed;
  try {
    parsed = parseArgs({ allowPositionals: true, options: { kinds: { type: 'string', default: KINDS.join(',') } } });
  } catch (error) {
    usage(error.message);
  }
  const { values, positionals } = parsed;
  const kinds = values.kinds.split(',');
  for (const kind of kinds) if (!KINDS.includes(kind)) usage(`there is no kind ${kind}`);
  if (positionals.length === 0) usage('no folder given');
  for (const folder of positionals) if (!existsSync(join(folder, 'index.html'))) usage(`no index.html in ${folder}`);
  return { ...values, kinds, folders: positionals };
}

/** The scores of one page, and the audits that cost points. */
async function judge(url, port, categories) {
  const run = await lighthouse(url, { port, output: 'json', logLevel: 'silent', onlyCategories: categories, disableFullPageScreenshot: true });
  if (run.lhr.runtimeError) throw new Error(`${url}: ${run.lhr.runtimeError.message}`);
  const scores = {};
  const lost = [];
  for (const name of categories) {
    const category = run.lhr.categories[name];
    // No score at all is no pass.
    scores[name] = Math.round((category.score ?? 0) * 100);
    if (scores[name] >= WANTED[name]) continue;
    for (const { id, weight } of category.auditRefs) {
      const { score, title, displayValue, explanation, details } = run.lhr.audits[id];
      if (weight > 0 && score !== null && score < 1) {
        const [item] = details?.items ?? [];
        const where = item?.node?.snippet ?? item?.description ?? item?.url ?? '';
        lost.push(`${name}: ${id}: ${title}${displayValue ? ` (${displayValue})` : ''}${explanation ? `: ${explanation}` : ''}${where ? ` [${String(where).slice(0, 160)}]` : ''}`);
      }
    }
  }
  return { scores, lost };
}

async function measure(url, port) {
  const { scores, lost } = await judge(url, port, Object.keys(WANTED));
  for (let tried = 1; scores.performance < WANTED.performance && tried < TRIES; tried += 1) {
    const again = await judge(url, port, ['performance']);
    if (again.scores.performance > scores.performance) {
      scores.performance = again.scores.performance;
      lost.splice(0, lost.length, ...lost.filter((line) => !line.startsWith('performance')), ...again.lost);
    }
  }
  return { scores, lost };
}

const options = readOptions();
const chrome = await chromeLauncher.launch({ chromePath: CHROMIUM, chromeFlags: ARGS, logLevel: 'silent' });
const cell = (words, width) => String(words).padEnd(width);
let failed = 0;
try {
  console.log([cell('page', 60), ...Object.keys(WANTED).map((name) => cell(name, 14))].join(' '));
  for (const folder of options.folders.map((path) => realpathSync(path))) {
    const server = await serve({ folder, files: new Set(listFiles(folder)) }, '/');
    const pages = pagesByKind(folder);
    for (const kind of options.kinds) {
      // The largest is where it would show that something is too much.
      const [page] = [kind, PARTS[kind]].flatMap((name) => pages.get(name)?.at(-1) ?? []).sort((a, b) => b.bytes - a.bytes);
      if (!page) {
        failed += 1;
        console.log(`${cell(`${folder}: ${kind}`, 60)} is missing`);
        continue;
      }
      const { scores, lost } = await measure(server.root + page.path.split('/').map(encodeURIComponent).join('/'), chrome.port);
      const bad = Object.entries(WANTED).some(([name, wanted]) => scores[name] < wanted);
      if (bad) failed += 1;
      console.log([cell(`${kind} ${page.path}`, 60), ...Object.entries(WANTED).map(([name, wanted]) => cell(`${scores[name]}${scores[name] < wanted ? ` < ${wanted}` : ''}`, 14))].join(' ').trimEnd());
      for (const line of lost) console.log(`  ${line}`);
    }
    server.close();
  }
} catch (error) {
  console.error(`lighthouse.mjs: ${error.stack}`);
  failed += 1;
} finally {
  chrome.kill();
}
process.exitCode = failed === 0 ? 0 : 1;
