// Reads one HTML page: every address it mentions, its ids, and a few facts the
// checks need. The page is parsed as a browser without scripts parses it, so
// that what stands in <noscript> is checked too.
import { parse, parseFragment } from 'parse5';
import { shapeOf } from './shape.mjs';

// <link rel=…> that make the browser contact the address while loading the page.
const FETCHED_RELS = new Set([
  'stylesheet', 'icon', 'apple-touch-icon', 'apple-touch-icon-precomposed', 'mask-icon',
  'manifest', 'preload', 'modulepreload', 'prefetch', 'prerender', 'preconnect', 'dns-prefetch',
]);
// Elements whose src, data, poster … is loaded together with the page.
const FETCHED_TAGS = new Set([
  'img', 'source', 'script', 'video', 'audio', 'track', 'embed', 'object', 'iframe', 'input',
  'image', 'use', 'feimage',
]);
// Following one of these brings the reader to another page.
const LEADS_ON = new Set(['a', 'area', 'iframe', 'form', 'button']);
const URL_ATTRS = new Set([
  'href', 'src', 'data', 'poster', 'action', 'formaction', 'cite', 'background', 'longdesc',
]);
// Meta tags with an address (link previews): nobody loads them with the page.
const META_URLS = /^(og:(url|image|video|audio)(:(secure_)?url)?|twitter:(image|url)(:src)?)$/;

/**
 * A ref is { value, tag, attr, fetched, leadsOn, absoluteOk }:
 *   fetched     the browser asks for it while loading the page
 *   leadsOn     a reader gets there by following it
 *   absoluteOk  a full address is right here (canonical, link previews)
 * With `shape`, the page also has what it is made of.
 */
export function readHtml(text, { fragment = false, shape = false } = {}) {
  const page = {
    refs: [], ids: new Set(), redirect: null, viewport: false, scripts: 0, inlineScripts: 0, baseElement: false,
    bytes: Buffer.byteLength(text), shape: null,
  };
  const tree = fragment ? parseFragment(text) : parse(text, { scriptingEnabled: false });
  if (shape) page.shape = shapeOf(tree);
  const todo = [tree];
  while (todo.length > 0) {
    const node = todo.pop();
    if (node.tagName) readElement(node, page);
    if (node.content) todo.push(node.content); // <template>
    if (node.childNodes) for (const child of node.childNodes) todo.push(child);
  }
  return page;
}

function readElement(node, page) {
  const tag = node.tagName.toLowerCase();
  const attrs = Object.fromEntries(node.attrs.map((a) => [a.name.toLowerCase(), a.value]));
  if (attrs.id) page.ids.add(attrs.id);
  if (tag === 'a' && attrs.name) page.ids.add(attrs.name);
  if (tag === 'base') page.baseElement = true;
  const code = tag === 'script' && isCode(attrs.type);
  const handler = Object.keys(attrs).some((name) => /^on[a-z]/.test(name));
  if (code) page.scripts += 1;
  if (handler) page.scripts += 1;
  if ((code && attrs.src === undefined) || handler) page.inlineScripts += 1;
  if (tag === 'meta') return readMeta(attrs, page);

  const add = (attr, value, more = {}) => page.refs.push({
    value, tag, attr,
    fetched: FETCHED_TAGS.has(tag), leadsOn: LEADS_ON.has(tag), absoluteOk: false, ...more,
  });
  if (tag === 'link') {
    const rels = (attrs.rel ?? '').toLowerCase().split(/\s+/);
    const fetched = rels.some((rel) => FETCHED_RELS.has(rel));
    if (attrs.href !== undefined) add(`href rel=${attrs.rel}`, attrs.href, { fetched, absoluteOk: !fetched });
    if (attrs.imagesrcset) for (const url of srcset(attrs.imagesrcset)) add('imagesrcset', url, { fetched });
  } else {
    for (const [name, value] of Object.entries(attrs)) {
      if (URL_ATTRS.has(name)) add(name, value, name === 'cite' ? { fetched: false, leadsOn: false } : {});
      if (name === 'srcset') for (const url of srcset(value)) add(name, url);
      if (name === 'ping') for (const url of value.trim().split(/\s+/)) add(name, url, { fetched: true, leadsOn: false });
    }
  }
  if (attrs.style) for (const url of cssUrls(attrs.style)) add('style', url, { fetched: true, leadsOn: false });
  if (tag === 'style') {
    const css = node.childNodes.map((child) => child.value ?? '').join('');
    for (const url of cssUrls(css)) add('css', url, { fetched: true, leadsOn: false });
  }
}

function readMeta(attrs, page) {
  const name = (attrs.name ?? attrs.property ?? '').toLowerCase();
  if (name === 'viewport' && /width\s*=\s*device-width/.test(attrs.content ?? '')) page.viewport = true;
  if (META_URLS.test(name) && attrs.content) {
    page.refs.push({ value: attrs.content, tag: 'meta', attr: name, fetched: false, leadsOn: false, absoluteOk: true });
  }
  if ((attrs['http-equiv'] ?? '').toLowerCase() === 'refresh') {
    const parts = /^\s*([\d.]+)\s*(?:[;,]\s*(?:url\s*=\s*)?['"]?([^'"]*)['"]?)?/i.exec(attrs.content ?? '');
    const [delay, url] = [Number(parts?.[1] ?? 0), parts?.[2]?.trim() || null];
    page.redirect = { delay, url };
    if (url) page.refs.push({ value: url, tag: 'meta', attr: 'refresh', fetched: false, leadsOn: true, absoluteOk: false });
  }
}

// JSON-LD, templates and the like stand in <script> but run nothing.
function isCode(type) {
  return !type || /^(module|importmap|(text|application)\/(x-)?(java|ecma)script)\b/i.test(type.trim());
}

function srcset(value) {
  const urls = [];
  for (const [, url] of value.matchAll(/\s*([^\s,]\S*)(?:\s+[^,]*)?(?:,|$)/g)) urls.push(url.replace(/,+$/, ''));
  return urls;
}

/** Addresses in a style sheet: url(…) and @import "…". */
export function cssUrls(css) {
  const clean = css.replace(/\/\*[\s\S]*?\*\//g, ' ');
  const urls = [];
  for (const m of clean.matchAll(/url\(\s*(?:"([^"]*)"|'([^']*)'|([^)"'\s]*))\s*\)|@import\s+(?:"([^"]*)"|'([^']*)')/gi)) {
    urls.push(m[1] ?? m[2] ?? m[3] ?? m[4] ?? m[5]);
  }
  return urls;
}
