#!/usr/bin/env node
// Pictures of pages, to look at: phone and desktop, light and dark.
// node shots.mjs [options] FOLDER OUTDIR PAGE... or --kinds FOLDER OUTDIR   (see README.md)
import { existsSync, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { DESKTOP, PHONE, launch } from './lib/chromium.mjs';
import { examples } from './lib/kinds.mjs';

const USAGE = `usage: node shots.mjs [options] FOLDER OUTDIR PAGE...
  PAGE              a path inside FOLDER, such as index.html or a/b.html#part
  --kinds           instead of PAGE: one page of each kind, and the largest of each
  --viewport        only the first screen (or, with #part, the screen at that place)
  --width N         one width of N pixels instead of phone and desktop
  --scheme LIST     light, dark or both: light,dark (default)
  --print           also a PDF as it would be printed on A4`;

// Chromium draws nothing below this height into a picture.
const TALLEST = 16_000;

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
        kinds: { type: 'boolean', default: false }, viewport: { type: 'boolean', default: false }, width: { type: 'string' },
        scheme: { type: 'string', default: 'light,dark' }, print: { type: 'boolean', default: false },
      },
    });
  } catch (error) {
    usage(error.message);
  }
  const { values, positionals: [folder, out, ...pages] } = parsed;
  if (values.kinds && folder && !existsSync(join(folder, 'index.html'))) usage(`no index.html in ${folder}`);
  if (values.kinds && out && pages.length === 0) pages.push(...examples(folder, { widest: true }).map(({ path }) => path));
  if (pages.length === 0) usage('FOLDER, OUTDIR and at least one PAGE are needed');
  if (values.width !== undefined && !(Number(values.width) >= 100)) usage('--width needs a number of pixels, at least 100');
  const schemes = values.scheme.split(',');
  if (!schemes.every((scheme) => ['light', 'dark'].includes(scheme))) usage('--scheme knows light and dark');
  for (const page of pages) if (!existsSync(join(folder, fileOf(page)))) usage(`no such page: ${join(folder, fileOf(page))}`);
  return { ...values, schemes, folder, out, pages };
}

function fileOf(page) {
  return page.replace(/#.*/, '');
}

function devices(width) {
  if (!width) return { phone: PHONE, desktop: DESKTOP };
  const pixels = Number(width);
  return { [`${pixels}px`]: { width: pixels, height: pixels < 600 ? PHONE.height : DESKTOP.height } };
}

async function shoot(page, file, viewportOnly) {
  const height = await page.evaluate(() => document.documentElement.scrollHeight);
  if (viewportOnly) await page.screenshot({ path: file });
  else if (height <= TALLEST) await page.screenshot({ path: file, fullPage: true });
  else {
    const { width } = page.viewportSize();
    await page.screenshot({ path: file, fullPage: true, clip: { x: 0, y: 0, width, height: TALLEST } });
  }
  console.log(`${file}${!viewportOnly && height > TALLEST ? ` (cut at ${TALLEST} of ${height} px)` : ''}`);
}

const options = readOptions();
mkdirSync(options.out, { recursive: true });
const browser = await launch();
try {
  for (const [device, viewport] of Object.entries(devices(options.width))) {
    for (const colorScheme of options.schemes) {
      // isMobile makes the viewport meta tag count, as on a real phone.
      const isMobile = viewport.width < 600;
      const context = await browser.newContext({ viewport, colorScheme, isMobile, hasTouch: isMobile, reducedMotion: 'reduce' });
      const page = await context.newPage();
      for (const name of options.pages) {
        await open(page, name);
        const file = join(options.out, `${flat(name)}-${device}-${colorScheme}.png`);
        await shoot(page, file, options.viewport);
      }
      await context.close();
    }
  }
  if (options.print) {
    const page = await browser.newPage({ colorScheme: 'light' });
    for (const name of options.pages) {
      await open(page, name);
      const path = join(options.out, `${flat(name)}-print.pdf`);
      await page.pdf({ path, format: 'A4' }); // without backgrounds, like most printers
      console.log(path);
    }
  }
} finally {
  await browser.close();
}

async function open(page, name) {
  const hash = name.slice(fileOf(name).length);
  // By way of an empty page, so that #part is gone to even on the same page.
  await page.goto('about:blank');
  await page.goto(pathToFileURL(resolve(options.folder, fileOf(name))).href + hash, { waitUntil: 'load' });
}

/** a/b.html#part → a-b-part */
function flat(name) {
  return name.replace(/\.html(?=#|$)/, '').replace(/[/#]+/g, '-');
}
