// Well-formedness of XML files and the rules of Atom feeds. xmllint is not
// used even where it is installed: the feeds have to be parsed here anyway,
// and one parser gives the same answer on every machine.
import { SaxesParser } from 'saxes';
import { readHtml } from './html.mjs';

const ATOM = 'http://www.w3.org/2005/Atom';
const XLINK = 'http://www.w3.org/1999/xlink';

/** { error } or { root, styles }; a node is { local, uri, attrs, children, text }. */
export function readXml(source) {
  const parser = new SaxesParser({ xmlns: true, position: true });
  const document = { children: [], text: '' };
  const open = [document];
  const styles = [];
  let error = null;
  parser.on('error', (e) => { error ??= e.message; });
  parser.on('opentag', (tag) => {
    const attrs = Object.values(tag.attributes).map((a) => ({ name: a.name, local: a.local, uri: a.uri, value: a.value }));
    const node = { local: tag.local, uri: tag.uri, attrs, children: [], text: '' };
    open.at(-1).children.push(node);
    open.push(node);
  });
  parser.on('closetag', () => { if (open.length > 1) open.pop(); });
  parser.on('text', (t) => { open.at(-1).text += t; });
  parser.on('cdata', (t) => { open.at(-1).text += t; });
  parser.on('processinginstruction', ({ target, body }) => {
    const href = /href\s*=\s*["']([^"']*)["']/.exec(body);
    if (target === 'xml-stylesheet' && href) styles.push(href[1]);
  });
  try {
    parser.write(source).close();
  } catch (e) {
    error ??= e.message; // a broken tag can leave the parser unable to go on
  }
  return error ? { error } : { root: document.children[0], styles };
}

const attr = (node, name) => node.attrs.find((a) => a.name === name)?.value;
const children = (node, local, uri = node.uri) => node.children.filter((c) => c.local === local && c.uri === uri);
const textOf = (node, local) => children(node, local)[0]?.text.trim();

/** All nodes with the xml:base that holds for them (null when there is none). */
function* everyNode(node, base = null) {
  const own = attr(node, 'xml:base');
  const now = own === undefined ? base : URL.canParse(own, base ?? undefined) ? new URL(own, base ?? undefined).href : own;
  yield [node, now];
  for (const child of node.children) yield* everyNode(child, now);
}

/** The addresses in an XML file, like the refs of html.mjs; base is its xml:base. */
export function xmlRefs(document) {
  const refs = document.styles.map((value) => ({ value, tag: 'xml-stylesheet', attr: 'href', base: null, fetched: true }));
  const add = (node, name, value, base, fetched = false) => refs.push({ value, tag: node.local, attr: name, base, fetched });
  for (const [node, base] of everyNode(document.root)) {
    if (node.uri === ATOM && ['link', 'content', 'category', 'generator'].includes(node.local)) {
      for (const name of ['href', 'src', 'uri']) {
        const value = attr(node, name);
        if (value !== undefined) add(node, name, value, base);
      }
    }
    if (node.uri === ATOM && ['logo', 'icon'].includes(node.local)) add(node, 'text', node.text.trim(), base);
    if (node.uri === ATOM && attr(node, 'type') === 'html') {
      // Feed readers show this text far from the site; notes that point at
      // themselves (#fn1) stay inside the entry and are not our business.
      for (const ref of readHtml(node.text, { fragment: true }).refs) {
        if (!ref.value.startsWith('#')) add(node, `html ${ref.tag} ${ref.attr}`, ref.value, base);
      }
    }
    if (node.local === 'loc' && /sitemap/.test(node.uri)) add(node, 'text', node.text.trim(), base);
    if (/xhtml$|svg$/.test(node.uri)) {
      for (const a of node.attrs) {
        if (!['href', 'src'].includes(a.local) || !['', XLINK].includes(a.uri)) continue;
        add(node, a.name, a.value, base, node.local !== 'a' && /svg$/.test(node.uri));
      }
    }
  }
  return refs;
}

export function xmlIds(document) {
  const ids = new Set();
  for (const [node] of everyNode(document.root)) if (attr(node, 'id')) ids.add(attr(node, 'id'));
  return ids;
}

export function checkXml(site) {
  const findings = [];
  const stats = { files: 0, feeds: 0, entries: 0 };
  for (const [file, document] of site.xml) {
    stats.files += 1;
    const say = (kind, message = kind) => findings.push({ file, check: 'xml', kind, message });
    if (document.error) say('not well-formed', `not well-formed: ${document.error}`);
    else if (document.root.uri === ATOM && document.root.local === 'feed') {
      stats.feeds += 1;
      stats.entries += checkAtom(document.root, say);
    }
  }
  return { findings, stats };
}

// RFC 3339, the only form Atom allows.
const DATE = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;

function checkAtom(feed, say) {
  const entries = children(feed, 'entry');
  const seen = new Set();
  for (const [node, name] of [[feed, 'feed'], ...entries.map((e, i) => [e, `entry ${i + 1}`])]) {
    for (const needed of ['id', 'title', 'updated']) {
      const count = children(node, needed).length;
      if (count !== 1) say(`atom needs exactly one ${needed}`, `${name} has ${count} ${needed} elements, needs exactly one`);
      else if (!textOf(node, needed)) say(`atom ${needed} is empty`, `${name}: ${needed} is empty`);
    }
    for (const date of ['updated', 'published']) {
      const value = textOf(node, date);
      if (value && (!DATE.test(value) || Number.isNaN(Date.parse(value)))) say('atom date is not RFC 3339', `${name}: ${date} is not an RFC 3339 date: ${value}`);
    }
    const id = textOf(node, 'id');
    if (id && !URL.canParse(id)) say('atom id is not a full address', `${name}: id is not a full address: ${id}`);
    if (id && node !== feed && seen.has(id)) say('atom entry id used twice', `${name}: id used twice: ${id}`);
    if (node !== feed) seen.add(id);
    if (node !== feed && !children(feed, 'author').length && !children(node, 'author').length) say('atom author is missing', `${name}: no author, and the feed has none`);
  }
  return entries.length;
}
