// Reads data/annotations.jsonld of a site with jsonld, and says what it became: a JSON list on
// standard output, one object an annotation. Nothing is fetched: the terms of the W3C's context that
// are used stand in anno-context.json, and a term that is none of them is an error ("safe").
//
//     node annotations.mjs SITE

import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import jsonld from 'jsonld';

const site = process.argv[2];
const file = `${site}/data/annotations.jsonld`;
const context = JSON.parse(readFileSync(new URL('anno-context.json', import.meta.url), 'utf8'));
const documentLoader = async (url) => {
  if (url !== 'http://www.w3.org/ns/anno.jsonld') throw new Error(`${url} would be fetched`);
  return { contextUrl: null, documentUrl: url, document: context };
};
const options = { documentLoader, safe: true, base: pathToFileURL(file).href };
const text = JSON.parse(readFileSync(file, 'utf8'));
const [collection] = await jsonld.expand(text, options);
await jsonld.toRDF(text, options);

const OA = 'http://www.w3.org/ns/oa#';
const AS = 'http://www.w3.org/ns/activitystreams#';
const value = (node, name) => node?.[name]?.[0]?.['@value'];
const page = collection[`${AS}first`][0];
const items = page[`${AS}items`][0]['@list'];
const total = Number(value(collection, `${AS}totalItems`));
if (total !== items.length) throw new Error(`${items.length} annotations, ${total} are told`);
const read = items.map((item) => {
  const body = item[`${OA}hasBody`][0];
  const target = item[`${OA}hasTarget`][0];
  const selector = target[`${OA}hasSelector`]?.[0];
  const created = item['http://purl.org/dc/terms/created']?.[0];
  return {
    id: item['@id'],
    motivation: item[`${OA}motivatedBy`][0]['@id'].replace(OA, ''),
    words: value(body, 'http://www.w3.org/1999/02/22-rdf-syntax-ns#value'),
    by: value(item['http://purl.org/dc/terms/creator']?.[0], 'http://xmlns.com/foaf/0.1/name') ?? null,
    created: created?.['@value'] ?? null,
    source: target[`${OA}hasSource`][0]['@id'],
    exact: value(selector, `${OA}exact`) ?? null,
    prefix: value(selector, `${OA}prefix`) ?? null,
    suffix: value(selector, `${OA}suffix`) ?? null,
    fragment: selector?.['@type']?.[0] === `${OA}FragmentSelector`
      ? value(selector, 'http://www.w3.org/1999/02/22-rdf-syntax-ns#value') : null,
  };
});
console.log(JSON.stringify(read));
