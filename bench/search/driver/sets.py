"""Retrieval sets: documents, questions, and which documents answer which.

A set is a folder with documents.jsonl and queries.jsonl (bench/search/corpus/README.md has the
format). All but the one that is in the repository are made of Debian packages, once, in the work
folder.
"""
import collections
import json
import os
import random
from dataclasses import dataclass

from sources import archive, held_out, manual_pages, wordnet
from sources.words import squeeze

SHIPPED = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "corpus")
SEED = 20
WORDS = (3, 20)  # The least and most words of a question.


@dataclass
class Document:
    id: str
    text: str


@dataclass
class Query:
    id: str
    text: str
    relevant: list


@dataclass
class RetrievalSet:
    name: str
    documents: list
    queries: list


def unique(texts):
    counts = collections.Counter(text.lower() for text in texts)
    return {text for text in texts if counts[text.lower()] == 1}


def debian(debs):
    """Short description of a package -> its long one."""
    found = [(p, squeeze(s), squeeze(long)) for p, s, long in debs.descriptions()]
    first = {}
    for package, _, long in found:
        first.setdefault(long[:300], package)
    found = [row for row in found if first[row[2][:300]] == row[0] and len(row[2].split()) >= 8]
    asked = held_out.packages()
    once = unique([short for _, short, _ in found])
    queries = [Query(p, short, [p]) for p, short, _ in found if p in asked and short in once]
    return [Document(p, long) for p, _, long in found], queries


def manual(debs):
    """NAME line of a manual page -> the page without it."""
    pages = list(manual_pages.pages(debs.unpack(manual_pages.PACKAGES)))
    first, documents, kept = {}, [], []
    for page in pages:
        text = page.text()
        if len(text.split()) >= 60 and first.setdefault(text[:300], page.name) == page.name:
            documents.append(Document(page.name, text))
            kept.append(page)
    once = unique([page.title for page in pages])
    queries = [Query(page.name, page.title, [page.name]) for page in kept
               if held_out.is_manual_page(page.title) and page.title in once
               and WORDS[0] <= len(page.title.split()) <= WORDS[1]]
    return documents, queries


def wordnet_words(debs):
    """Synonyms -> the definition that they share."""
    synsets = [s for s in wordnet.synsets(debs.unpack(wordnet.PACKAGES)) if len(s.definition) > 12]
    once = unique([" ".join(s.words) for s in synsets])
    queries = [Query(s.key, " ".join(s.words), [s.key]) for s in synsets
               if held_out.is_synset(s.key) and len(s.words) >= 2 and " ".join(s.words) in once]
    return [Document(s.key, " ".join([s.definition] + s.examples)) for s in synsets], queries


def wordnet_glosses(debs):
    """A definition -> the words it defines, examples of their use, and neighbouring words."""
    synsets = list(wordnet.synsets(debs.unpack(wordnet.PACKAGES)))
    by_key = {s.key: s for s in synsets}
    documents, queries = [], []
    for s in synsets:
        near = [word for key in s.neighbours for word in by_key[key].words]
        documents.append(Document(s.key, ". ".join([", ".join(s.words)] + s.examples + near[:20])))
        if held_out.is_synset(s.key) and len(s.definition.split()) >= 5:
            queries.append(Query(s.key, s.definition, [s.key]))
    return documents, queries


MAKERS = {
    "debian": debian,
    "manual": manual,
    "wordnet-words": wordnet_words,
    "wordnet-glosses": wordnet_glosses,
}
NAMES = ["debian-mini", *MAKERS]


def read_lines(path):
    with open(path, encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def write_lines(path, rows):
    with open(path + ".new", "w", encoding="utf-8") as file:
        file.writelines(json.dumps(vars(row), ensure_ascii=False) + "\n" for row in rows)
    os.replace(path + ".new", path)


def load(name, work):
    """Reads the set, which is made first if it is not there."""
    folder = os.path.join(SHIPPED if name not in MAKERS else os.path.join(work, "sets"), name)
    files = [os.path.join(folder, file) for file in ("documents.jsonl", "queries.jsonl")]
    if not all(map(os.path.exists, files)):
        documents, queries = MAKERS[name](archive.Archive(os.path.join(work, "archive")))
        os.makedirs(folder, exist_ok=True)
        write_lines(files[0], documents)
        write_lines(files[1], queries)
    documents = [Document(**row) for row in read_lines(files[0])]
    return RetrievalSet(name, documents, [Query(**row) for row in read_lines(files[1])])


def reduced(whole, documents_most, queries_most):
    """A smaller set: questions drawn at random, their answers, and other documents beside them."""
    chance = random.Random(SEED)
    queries = list(whole.queries)
    if 0 < queries_most < len(queries):
        queries = chance.sample(queries, queries_most)
    documents = whole.documents
    if 0 < documents_most < len(documents):
        kept = {id for query in queries for id in query.relevant}
        others = [d for d in documents if d.id not in kept]
        kept |= {d.id for d in chance.sample(others, max(0, documents_most - len(kept)))}
        documents = [d for d in documents if d.id in kept]
    return RetrievalSet(whole.name, documents, queries)
