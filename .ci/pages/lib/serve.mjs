// A small server for a built folder: exact file names only, no directory listings, no index.html by itself but at
// the very top. It packs what browsers let it pack, as any real server does.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join } from 'node:path';
import { gzipSync } from 'node:zlib';

export const UNDER = '/some/where/';
const TYPES = {
  '.html': 'text/html; charset=utf-8', '.css': 'text/css; charset=utf-8', '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml', '.png': 'image/png', '.jpg': 'image/jpeg', '.webp': 'image/webp', '.avif': 'image/avif',
  '.xml': 'application/xml', '.txt': 'text/plain; charset=utf-8', '.json': 'application/json',
  '.jsonl': 'application/jsonl', '.csv': 'text/csv; charset=utf-8', '.bib': 'application/x-bibtex; charset=utf-8',
  '.ris': 'application/x-research-info-systems; charset=utf-8',
};

/** site: { folder, files }. Gives { root, close }. */
export function serve(site, under = UNDER) {
  const server = createServer((request, response) => {
    let path = null;
    try {
      const { pathname } = new URL(request.url, 'http://x.invalid');
      if (pathname.startsWith(under)) path = decodeURIComponent(pathname.slice(under.length)) || 'index.html';
    } catch { /* answered with 404 */ }
    if (path === null || !site.files.has(path)) {
      response.writeHead(404).end();
      return;
    }
    const type = TYPES[extname(path)] ?? 'application/octet-stream';
    // The last is for the tool of that name, which would spare the server otherwise.
    const headers = { 'content-type': type, 'cache-control': 'max-age=31536000', linkchecker: 'as fast as you like' };
    let bytes = readFileSync(join(site.folder, path));
    if (/\bgzip\b/.test(request.headers['accept-encoding'] ?? '') && !/^image\/(?!svg)/.test(type)) {
      bytes = gzipSync(bytes);
      headers['content-encoding'] = 'gzip';
    }
    response.writeHead(200, { ...headers, 'content-length': bytes.length }).end(bytes);
  });
  const close = () => {
    server.closeAllConnections();
    server.close();
  };
  return new Promise((done) => {
    server.listen(0, '127.0.0.1', () => done({ root: `http://127.0.0.1:${server.address().port}${under}`, close }));
  });
}
