// How heavy a page is without its pictures, and whether it fetches a font.
export const LIMIT = 60_000;

const FONT = /\.(woff2?|ttf|otf|eot)([?#]|$)|^data:(font|application\/(x-)?font)/i;

/** heavy: pages that may weigh more, as regular expressions of their paths. */
export function checkWeight(site, { heavy = [] } = {}) {
  const findings = [];
  const stats = { over: 0, heaviest: ['', 0] };
  const say = (file, kind, message) => findings.push({ file, check: 'weight', kind, message });
  for (const [file, page] of site.pages) {
    if (page.bytes > stats.heaviest[1]) stats.heaviest = [file, page.bytes];
    if (page.bytes <= LIMIT) continue;
    stats.over += 1;
    if (!heavy.some((pattern) => pattern.test(file))) say(file, 'heavy page', `heavy page: ${page.bytes} bytes, ${LIMIT} are allowed`);
  }
  const font = (file, value) => say(file, 'fetches a font', `fetches a font: ${value.slice(0, 100)}`);
  for (const [file, page] of site.pages) for (const ref of page.refs) if (ref.fetched && FONT.test(ref.value.trim())) font(file, ref.value);
  for (const [file, urls] of site.css) for (const value of urls) if (FONT.test(value)) font(file, value);
  return { findings, stats };
}
