"""Reads what `archive tag export` prints with rdflib, and compares it with tags.toml.

Usage: skos.py ARCHIVE ROOT, where ARCHIVE is the program and ROOT an archive.
"""

import subprocess
import sys
import tomllib
from collections import Counter
from pathlib import Path

from rdflib import RDF, SKOS, Graph, Literal, URIRef

program, root = sys.argv[1], Path(sys.argv[2])
site = tomllib.loads((root / "site.toml").read_text("utf-8"))
tags = tomllib.loads((root / "tags.toml").read_text("utf-8"))["tag"]
base = site.get("base_url", "") or "https://relative.example/"
language = site.get("language", "en")

printed = subprocess.run(
    [program, "-C", str(root), "tag", "export"], check=True, capture_output=True
).stdout
graph = Graph().parse(data=printed, format="turtle", publicID=base)


def same(what, found, expected):
    found, expected = Counter(found), Counter(expected)
    if found != expected:
        sys.exit(f"{what}: only exported {found - expected}, only in tags.toml {expected - found}")


[scheme] = graph.subjects(RDF.type, SKOS.ConceptScheme)
concepts = set(graph.subjects(RDF.type, SKOS.Concept))
same("concepts", [len(concepts)], [len(tags)])
by_name = {}
for concept in concepts:
    assert (concept, SKOS.inScheme, scheme) in graph, concept
    assert str(concept).startswith(base + "tags/"), concept
    [name] = [o for o in graph.objects(concept, SKOS.prefLabel) if o.language.lower() == language.lower()]
    by_name[str(name)] = concept
same("names", list(by_name), [tag["name"] for tag in tags])


def literals(predicate):
    return [(s, str(o), o.language.lower()) for s, o in graph.subject_objects(predicate) if isinstance(o, Literal)]


def links(predicate):
    return [(s, o) for s, o in graph.subject_objects(predicate) if isinstance(o, URIRef)]


own = language.lower()
of = {tag["name"]: (by_name[tag["name"]], tag) for tag in tags}
labels = [(c, t["name"], own) for c, t in of.values()]
labels += [(c, text, l.lower()) for c, t in of.values() for l, text in t.get("labels", {}).items()]
same("skos:prefLabel", literals(SKOS.prefLabel), labels)
same(
    "skos:altLabel",
    literals(SKOS.altLabel),
    [(c, word, own) for c, t in of.values() for word in t.get("synonyms", [])],
)
same(
    "skos:definition",
    literals(SKOS.definition),
    [(c, t["description"], own) for c, t in of.values() if t.get("description")],
)
broader = [(c, by_name[t["broader"]]) for c, t in of.values() if t.get("broader")]
same("skos:broader", links(SKOS.broader), broader)
same("skos:narrower", links(SKOS.narrower), [(above, below) for below, above in broader])
related = {(c, by_name[name]) for c, t in of.values() for name in t.get("related", [])}
related |= {(other, one) for one, other in related}
same("skos:related", links(SKOS.related), related)
same(
    "skos:exactMatch",
    links(SKOS.exactMatch),
    [(c, URIRef(uri)) for c, t in of.values() for uri in t.get("matches", [])],
)
tops = [c for c, t in of.values() if not t.get("broader")]
same("skos:topConceptOf", links(SKOS.topConceptOf), [(c, scheme) for c in tops])
same("skos:hasTopConcept", links(SKOS.hasTopConcept), [(scheme, c) for c in tops])
print(f"{root}: {len(concepts)} concepts, {len(graph)} triples")
