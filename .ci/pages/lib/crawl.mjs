// Serves the folder below a sub-path, the way many people host a site, and
// follows every link by HTTP from index.html. It finds what a look at the
// files cannot: addresses that only work at the root of a host, and pages no
// link leads to.
import { createReadStream } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join } from 'node:path';
import { cssUrls, readHtml } from './html.mjs';
import { isRedirect } from './site.mjs';

const UNDER = '/some/where/';
const TYPES = {
  '.html': 'text/html; charset=utf-8', '.css': 'text/css', '.js': 'text/javascript', '.svg': 'image/svg+xml',
  '.xml': 'application/xml', '.txt': 'text/plain', '.json': 'application/json',
};
const WORKERS = 8;

/** Knows exact file names only: no directory listings, no index.html by itself. */
export function serve(site) {
  const server = createServer((request, response) => {
    let path = null;
    try {
      const { pathname } = new URL(request.url, 'http://x.invalid');
      if (pathname.startsWith(UNDER)) path = decodeURIComponent(pathname.slice(UNDER.length));
    } catch { /* answered with 404 */ }
    if (path === null || !site.files.has(path)) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, { 'content-type': TYPES[extname(path)] ?? 'application/octet-stream' });
    createReadStream(join(site.folder, path)).pipe(response);
  });
  return new Promise((done) => {
    server.listen(0, '127.0.0.1', () => done({ server, root: `http://127.0.0.1:${server.address().port}${UNDER}` }));
  });
}

export async function checkCrawl(site) {
  const findings = [];
  const stats = { requests: 0, reached: 0 };
  const { server, root } = await serve(site);
  const { origin } = new URL(root);
  const asked = new Set();
  const reached = new Set();
  const queue = [];
  const pathOf = (url) => {
    try { return decodeURIComponent(url.slice(root.length)); } catch { return url.slice(root.length); }
  };

  const found = (value, from, leadsOn) => {
    if (!URL.canParse(value, from)) return; // the links check tells
    const url = new URL(value, from);
    url.hash = '';
    url.search = '';
    if (url.origin !== origin) return;
    // A page known only from <link rel=next> or the like is asked for, but its
    // links count only once a reader can get to it, so it may be asked twice.
    const before = leadsOn ? reached : asked;
    if (before.has(url.href) || reached.has(url.href)) return;
    before.add(url.href);
    queue.push({ url: url.href, from: pathOf(from), leadsOn });
  };

  const get = async ({ url, from, leadsOn }) => {
    stats.requests += 1;
    const response = await fetch(url, { redirect: 'manual' });
    const type = response.headers.get('content-type') ?? '';
    if (response.status !== 200) {
      await response.arrayBuffer();
      findings.push({ file: from, check: 'crawl', kind: 'not 200', message: `HTTP ${response.status} under ${UNDER}: ${url.slice(origin.length)}` });
    } else if (type.startsWith('text/html') && leadsOn) {
      for (const ref of readHtml(await response.text()).refs) {
        if (ref.value.trim() !== '') found(ref.value, url, ref.leadsOn);
      }
    } else if (type.startsWith('text/css')) {
      for (const value of cssUrls(await response.text())) found(value, url, false);
    } else {
      await response.arrayBuffer();
    }
  };

  try {
    found('index.html', root, true);
    while (queue.length > 0) await Promise.all(queue.splice(0, WORKERS).map(get));
  } finally {
    server.closeAllConnections();
    server.close();
  }

  const pages = new Set([...reached].map(pathOf));
  for (const [path, page] of site.pages) {
    if (pages.has(path)) stats.reached += 1;
    else if (path !== '404.html' && !isRedirect(page)) {
      findings.push({ file: path, check: 'crawl', kind: 'orphan page', message: 'orphan page: no chain of links leads here from index.html' });
    }
  }
  return { findings, stats };
}
