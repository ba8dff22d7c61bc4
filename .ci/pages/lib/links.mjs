// Every address in HTML, CSS and XML: relative, explicit, and leading to a
// file (and an id in it) that is really in the folder.
import { xmlIds, xmlRefs } from './xml.mjs';

// Stands for the place the site is served from. It is several levels deep, so
// that '../' out of the site is seen and not swallowed by the address parser.
const PREFIX = 'http://site.invalid/a/b/c/d/e/f/g/h/';

/** What an address means: { file, fragment } | { external } | { ignore } | { bad }. */
export function resolve(value, from, { base = null, absoluteOk = false, site }) {
  const trimmed = value.trim();
  if (trimmed === '') return { bad: 'empty address' };
  if (/^[\\/]{2}/.test(trimmed)) return { bad: 'address without scheme (//host)' };
  if (/^[\\/]/.test(trimmed)) return { bad: 'root-relative address' };
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(trimmed)?.[1].toLowerCase();
  if (scheme === 'javascript') return { bad: 'javascript: address' };
  if (scheme === 'file') return { bad: 'file: address' };
  if (scheme === 'data' || scheme === 'blob') return { ignore: true };
  if (scheme) {
    if (base === null || !`${trimmed}/`.startsWith(base)) return { external: trimmed };
    if (!absoluteOk) return { bad: 'full address of the site itself, use a relative one' };
  }
  // With the base cut off, a full address of ours is read like a relative one.
  const relative = scheme ? trimmed.slice(base.length) : trimmed;
  let url;
  try {
    url = new URL(relative, PREFIX + (scheme ? '' : from.split('/').map(encodeURIComponent).join('/')));
  } catch {
    return { bad: 'address cannot be parsed' };
  }
  if (!url.href.startsWith(PREFIX)) return { bad: 'leads out of the folder' };
  let file;
  let fragment;
  try {
    file = decodeURIComponent(url.pathname.slice(new URL(PREFIX).pathname.length));
    fragment = decodeURIComponent(url.hash.slice(1).replace(/:~:.*/, ''));
  } catch {
    return { bad: 'wrong percent sign' };
  }
  if (file === '' || file.endsWith('/') || site.directories.has(file)) {
    // A server answers a full address of a directory with its index.html; a
    // relative one has to name it, to work from a disk as well.
    if (!scheme) return { bad: 'link to a directory, name its index.html' };
    file = `${file}${file === '' || file.endsWith('/') ? '' : '/'}index.html`;
  }
  return { file, fragment };
}

export function checkLinks(site, { base = null } = {}) {
  const findings = [];
  const stats = { links: 0, anchors: 0, external: 0 };
  const options = { base: base && `${base.replace(/\/+$/, '')}/`, site };
  const idsOfSvg = new Map();
  const hasId = (file, id) => {
    if (site.pages.has(file)) return site.pages.get(file).ids.has(id);
    const document = site.xml.get(file);
    if (!file.endsWith('.svg') || !document || document.error) return true; // not ours to know
    if (!idsOfSvg.has(file)) idsOfSvg.set(file, xmlIds(document));
    return idsOfSvg.get(file).has(id);
  };

  const look = (file, ref, absoluteOk) => {
    const say = (kind) => findings.push({ file, check: 'links', kind, message: `${kind}: ${ref.tag} ${ref.attr} "${ref.value}"` });
    let { value } = ref;
    if (ref.base) { // xml:base of a feed
      if (!URL.canParse(value, ref.base)) return say('address cannot be parsed');
      value = new URL(value, ref.base).href;
    }
    const target = resolve(value, file, { ...options, absoluteOk });
    if (target.ignore) return;
    if (target.external) { stats.external += 1; return; }
    stats.links += 1;
    if (target.bad) return say(target.bad);
    if (!site.files.has(target.file)) return say(missing(site, target.file));
    if (target.fragment === '' || target.fragment === 'top') return;
    stats.anchors += 1;
    if (!hasId(target.file, target.fragment)) say('dead anchor');
  };

  for (const [file, page] of site.pages) {
    if (page.baseElement) findings.push({ file, check: 'links', kind: 'base element', message: 'has a <base> element; it changes what every link means' });
    if (page.redirect && page.redirect.delay !== 0) findings.push({ file, check: 'links', kind: 'slow redirect', message: `meta refresh waits ${page.redirect.delay} s; only 0 is allowed` });
    // A host shows 404.html at any depth, so its links have to be whole addresses.
    for (const ref of page.refs) look(file, ref, ref.absoluteOk || file === '404.html');
  }
  for (const [file, urls] of site.css) {
    // url(#id) in a style sheet means an id of the page that uses it.
    for (const value of urls) if (!value.startsWith('#')) look(file, { value, tag: 'css', attr: 'url' }, false);
  }
  for (const [file, document] of site.xml) {
    if (!document.error) for (const ref of xmlRefs(document)) look(file, ref, true);
  }
  return { findings, stats };
}

function missing(site, file) {
  const other = [...site.files].find((name) => name.toLowerCase() === file.toLowerCase());
  return other ? `dead link (the file is spelled ${other})` : 'dead link';
}

/** Addresses on other hosts that a browser would ask for while showing a page. */
export function checkStaticRequests(site) {
  const findings = [];
  const look = (file, ref) => {
    if (ref.fetched && /^\s*(https?:|ftp:|wss?:|[\\/]{2})/i.test(ref.value)) findings.push(outside(file, ref.value.trim()));
  };
  for (const [file, page] of site.pages) for (const ref of page.refs) look(file, ref);
  for (const [file, urls] of site.css) for (const value of urls) look(file, { value, fetched: true });
  for (const [file, document] of site.xml) if (!document.error) for (const ref of xmlRefs(document)) look(file, ref);
  return findings;
}

/** The same words from here and from the browser, so that one is shown. */
export function outside(file, url) {
  let full = url;
  try { full = new URL(url, 'https://x.invalid').href; } catch { /* shown as it is written */ }
  return { file, check: 'requests', kind: 'asks another host', message: `asks another host: ${full}` };
}
