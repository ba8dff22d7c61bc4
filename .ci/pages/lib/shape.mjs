// What a page is made of, for choosing the pages that are looked at closely: two pages of 3,000 that are
// built alike would tell the same twice.
const SAID = /^(role|type|scope|rel|lang|dir|open|tabindex|hidden|aria-(?!label|labelledby|describedby|controls|owns).*)$/;
const numbers = new Map();

/** A small number for each feature, the same for the same words on every page. */
function number(words) {
  if (!numbers.has(words)) numbers.set(words, numbers.size);
  return numbers.get(words);
}

/**
 * The features of a parsed page, as numbers: each element with its classes, attributes and three of its parents,
 * whether it holds any words, and which heading follows which.
 */
export function shapeOf(tree) {
  const features = new Set();
  const headings = [];
  const walk = (node, parents) => {
    if (node.nodeName === '#text') return node.value.trim() !== '';
    const children = node.content ? [node.content] : node.childNodes ?? [];
    if (!node.tagName) return children.map((child) => walk(child, parents)).some(Boolean);
    const own = look(node);
    if (/^h[1-6]$/.test(node.tagName)) headings.push(node.tagName);
    const below = [...parents.slice(-2), own.name];
    const words = children.map((child) => walk(child, below)).some(Boolean);
    features.add(number(`${parents.join('>')}>${own.full}${words ? '' : ' empty'}`));
    return words || own.alt;
  };
  walk(tree, []);
  headings.forEach((name, i) => features.add(number(`${headings[i - 1] ?? ''} then ${name}`)));
  return features;
}

function look(node) {
  const attrs = node.attrs.map(({ name, value }) => (SAID.test(name) ? `${name}=${value}` : name)).sort();
  const classes = (node.attrs.find(({ name }) => name === 'class')?.value ?? '').split(/\s+/).filter(Boolean).sort();
  const name = [node.tagName, ...classes].join('.');
  return {
    name, full: `${name}[${attrs.join(' ')}]`,
    alt: node.attrs.some((a) => ['alt', 'aria-label', 'title'].includes(a.name) && a.value.trim() !== ''),
  };
}
