// Serves the folder below a sub-path, the way many people host a site, and
// follows every link by HTTP from index.html. It finds what a look at the
// files cannot: addresses that only work at the root of a host, and pages no
// link leads to.
import { cssUrls } from './html.mjs';
import { UNDER, serve } from './serve.mjs';
import { isRedirect } from './site.mjs';

const WORKERS = 8;

export async function checkCrawl(site) {
  const findings = [];
  const stats = { requests: 0, reached: 0 };
  const { root, close } = await serve(site);
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
    const response = await fetch(url, { redirect: 'manual', headers: { 'accept-encoding': 'identity' } });
    const type = response.headers.get('content-type') ?? '';
    if (response.status !== 200) {
      await response.arrayBuffer();
      findings.push({ file: from, check: 'crawl', kind: 'not 200', message: `HTTP ${response.status} under ${UNDER}: ${url.slice(origin.length)}` });
    } else if (type.startsWith('text/html') && leadsOn) {
      await response.arrayBuffer();
      // The server gives the file that was read before.
      for (const ref of site.pages.get(pathOf(url)).refs) {
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
    close();
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
