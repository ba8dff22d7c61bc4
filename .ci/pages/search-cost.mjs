#!/usr/bin/env node
// What a query costs on a built site: bytes moved and time to the first results, from a folder and from
// a server that packs nothing. node search-cost.mjs FOLDER QUERY...   (a query: words, or a=b&c=d)
import { createReadStream, existsSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { launch } from './lib/chromium.mjs';

const [folder, ...queries] = process.argv.slice(2);
if (!folder || queries.length === 0) {
  console.error('usage: node search-cost.mjs FOLDER QUERY...');
  process.exit(2);
}
const ROUNDS = 5;
const TYPES = { '.html': 'text/html; charset=utf-8', '.css': 'text/css', '.js': 'text/javascript; charset=utf-8' };
let moved = [];

const server = createServer((request, response) => {
  const path = decodeURIComponent(new URL(request.url, 'http://x').pathname);
  const file = join(folder, path);
  if (!existsSync(file) || !statSync(file).isFile()) {
    response.writeHead(path === '/favicon.ico' ? 204 : 404).end();
    return;
  }
  const { size } = statSync(file);
  moved.push([path, size]);
  response.writeHead(200, { 'Content-Type': TYPES[extname(file)] ?? 'application/octet-stream', 'Content-Length': size });
  createReadStream(file).pipe(response);
});
await new Promise((done) => server.listen(0, '127.0.0.1', done));
const bases = [pathToFileURL(resolve(folder)).href + '/', `http://127.0.0.1:${server.address().port}/`];
const browser = await launch();
const middle = (list) => list.sort((a, b) => a - b)[Math.floor(list.length / 2)];
console.log('query | found | index kB (files) | page kB | folder: load, query ms | server: load, query ms');
for (const query of queries) {
  const address = query.includes('=') ? query : new URLSearchParams({ q: query });
  const row = [];
  let found = '';
  let bytes = '';
  for (const base of bases) {
    const loads = [];
    const times = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      moved = [];
      const context = await browser.newContext();
      const page = await context.newPage();
      // From the submitted query to its first result, in a page that is open and has read nothing.
      await page.goto(`${base}search.html`);
      times.push(await page.evaluate((search) => new Promise((done) => {
        const list = document.getElementById('results');
        const start = performance.now();
        const status = document.getElementById('status');
        new MutationObserver((_, observer) => {
          if (list.children.length === 0 && !/: 0$/.test(status.textContent)) return;
          observer.disconnect();
          done(performance.now() - start);
        }).observe(document.getElementById('found'), { childList: true, subtree: true, characterData: true });
        history.pushState(null, '', `?${search}`);
        dispatchEvent(new PopStateEvent('popstate'));
      }), String(address)));
      found = await page.locator('#status').innerText();
      const index = moved.filter(([path]) => path.startsWith('/search/'));
      const sum = (list) => (list.reduce((all, [, size]) => all + size, 0) / 1000).toFixed(0);
      bytes = `${sum(index)} (${index.length}) | ${sum(moved.filter(([path]) => !path.startsWith('/search/')))}`;
      await context.close();
      // From a link with the query to its first result, the page itself among it.
      const fresh = await browser.newContext();
      const other = await fresh.newPage();
      await other.goto(`${base}search.html?${address}`, { waitUntil: 'commit' });
      await other.waitForFunction(() => document.querySelector('#results li') || /: 0$/.test(document.getElementById('status')?.textContent), null, { polling: 5 });
      loads.push(await other.evaluate(() => performance.now()));
      await fresh.close();
    }
    row.push(`${middle(loads).toFixed(0)}, ${middle(times).toFixed(0)}`);
  }
  console.log([query, found, bytes, ...row].join(' | '));
}
await browser.close();
server.close();
