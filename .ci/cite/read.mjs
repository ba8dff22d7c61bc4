// What citation-js and html-metadata read of pages: a JSON object a page, a line each.
// Usage: node read.mjs LIST, a file with the name of a page on each line.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const { Cite } = require('@citation-js/core');
require('@citation-js/plugin-bibtex');
require('@citation-js/plugin-csl');
require('@citation-js/plugin-ris');
const scrape = require('html-metadata');

const FORMS = { bib: '@biblatex/text', ris: '@ris/file', json: '@csl/list+object' };

for (const page of readFileSync(process.argv[2], 'utf8').trim().split('\n')) {
  const html = readFileSync(page, 'utf8');
  const files = {};
  for (const [, address, name] of html.matchAll(/href="data:([^"]*)" download="([^"]*)"/g)) {
    const ending = name.split('.').pop();
    if (!FORMS[ending]) continue;
    const text = decodeURIComponent(address.slice(address.indexOf(',') + 1).replaceAll('&amp;', '&'));
    const input = ending === 'json' ? JSON.parse(text) : text;
    let data;
    try {
      [data] = new Cite(input, { forceType: FORMS[ending] }).data;
    } catch (error) {
      throw new Error(`${page}: ${ending}: ${error.message}\n${text}`);
    }
    const { _graph, ...item } = data;
    const apa = new Cite(item).format('bibliography', { template: 'apa' }).trim();
    files[ending] = { text, item, apa };
  }
  console.log(JSON.stringify({ page, files, meta: await scrape.loadFromString(html) }));
}
