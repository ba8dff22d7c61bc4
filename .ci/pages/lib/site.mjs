// Reads a built site folder once; all checks work from the result.
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join, posix } from 'node:path';
import { cssUrls, readHtml } from './html.mjs';
import { readXml } from './xml.mjs';

const XML_NAMES = /\.(xml|atom|rss|opml|svg)$/;

/** All files below the folder, as paths with slashes, sorted. */
export function listFiles(folder, under = '') {
  const found = [];
  for (const name of readdirSync(join(folder, under)).sort()) {
    const path = posix.join(under, name);
    if (statSync(join(folder, path)).isDirectory()) found.push(...listFiles(folder, path));
    else found.push(path);
  }
  return found;
}

/**
 * { folder, files, directories, pages, css, xml }: files and directories are
 * sets of exact names, so every look-up minds upper and lower case, whatever
 * the file system does.
 */
export function readSite(folder) {
  const files = listFiles(folder);
  const site = {
    folder, files: new Set(files), directories: new Set(['']), pages: new Map(), css: new Map(), xml: new Map(),
  };
  for (const path of files) {
    for (let dir = posix.dirname(path); dir !== '.'; dir = posix.dirname(dir)) site.directories.add(dir);
    if (path.endsWith('.html')) site.pages.set(path, readHtml(text(site, path), { shape: true }));
    else if (path.endsWith('.css')) site.css.set(path, cssUrls(text(site, path)));
    else if (XML_NAMES.test(path)) site.xml.set(path, readXml(text(site, path)));
  }
  return site;
}

function text(site, path) {
  return readFileSync(join(site.folder, path), 'utf8');
}

/** Pages that only send the reader on; they are never looked at themselves. */
export function isRedirect(page) {
  return page.redirect?.url != null;
}
