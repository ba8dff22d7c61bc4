// Which page is of which kind, told by its address; and one page of each kind, picked by itself.
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { listFiles } from './site.mjs';

// The first that fits.
const KINDS = [
  ['home', /^index\.html$/], ['stories', /^stories\/index\.html$/], ['story by day', /^stories\/[^/]+\/\d{4}-\d\d-\d\d\.html$/],
  ['story', /^stories\/[^/]+\.html$/], ['calendar', /^dates\/index\.html$/], ['year', /^dates\/\d{4}\.html$/],
  ['month', /^dates\/\d{4}-\d\d\.html$/], ['day', /^dates\/\d{4}-\d\d-\d\d\.html$/], ['undated', /^dates\/undated\.html$/],
  ['on this day', /^dates\/\d\d-\d\d\.html$/], ['dates', /^dates\/.*\.html$/], ['tags', /^tags\/index\.html$/],
  ['tag by year', /^tags\/[^/]+\/\d{4}\.html$/], ['tag', /^tags\/[^/]+\.html$/], ['sources', /^sources\/index\.html$/],
  ['source', /^sources\/[^/]+\.html$/], ['search', /^search\.html$/], ['entry', /^entries\/[^/]+\.html$/],
  ['free page', /^pages\/[^/]+\.html$/], ['not found', /^404\.html$/],
];

/** The pages of a folder by kind: Map of kind → [{ path, bytes }], smallest first. Redirects are no pages. */
export function pagesByKind(folder) {
  const found = new Map();
  for (const path of listFiles(folder).filter((name) => name.endsWith('.html'))) {
    // What no kind knows is a kind of its own, by its folder: a new one is not overlooked.
    const kind = KINDS.find(([, pattern]) => pattern.test(path))?.[0] ?? `other in ${path.split('/').slice(0, -1).join('/') || 'the root'}`;
    const { size } = statSync(join(folder, path));
    if (size < 4000 && /http-equiv="refresh"/.test(readFileSync(join(folder, path), 'utf8'))) continue;
    if (!found.has(kind)) found.set(kind, []);
    found.get(kind).push({ path, bytes: size });
  }
  for (const pages of found.values()) pages.sort((a, b) => a.bytes - b.bytes || (a.path < b.path ? -1 : 1));
  const order = (kind) => { const at = KINDS.findIndex(([name]) => name === kind); return at < 0 ? KINDS.length : at; };
  return new Map([...found].sort(([a], [b]) => order(a) - order(b)));
}

/** One page of each kind, of middle size; with `widest`, also the largest of a kind. */
export function examples(folder, { widest = false } = {}) {
  const chosen = [];
  for (const [kind, pages] of pagesByKind(folder)) {
    const middle = pages[Math.floor(pages.length / 2)];
    chosen.push({ kind, ...middle });
    if (widest && pages.at(-1) !== middle) chosen.push({ kind: `${kind}, the largest`, ...pages.at(-1) });
  }
  return chosen;
}
