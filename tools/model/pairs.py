"""Pairs of texts that mean the same, (source, one, other): what the model is trained on.

Each source has batches of its own, so that the others of a batch, which count as wrong, are alike.
What sources/held_out.py names is left out.
"""
import random
import re

from sources import dictionaries, documentation, held_out, manual_pages, wordnet
from sources.words import sentences, squeeze

SEED = 3
WORDS_MOST = 160
CHUNK_WORDS = 110
CHUNKS_MOST = 6
CLOZE_WORDS = (5, 40)
PEOPLE = manual_pages.NOT_TEXT | {"SYNOPSIS", "SEE ALSO", "HISTORY"}


class Pairs:
    def __init__(self):
        self.found = []
        self.chance = random.Random(SEED)
        self._seen = set()

    def add(self, source, one, other):
        one, other = squeeze(one), squeeze(other)
        key = (one[:80] + "|" + other[:120]).lower()
        if len(one) < 2 or len(other) < 8 or key in self._seen:
            return
        self._seen.add(key)
        cut = [" ".join(text.split(" ")[:WORDS_MOST]) for text in (one, other)]
        self.found.append((source, *cut))

    def cloze(self, source, text):
        """Pairs of a sentence and the text around it."""
        parts = sentences(text)
        if len(parts) < 3:
            return
        taken = self.chance.randrange(len(parts))
        if CLOZE_WORDS[0] <= len(parts[taken].split()) <= CLOZE_WORDS[1]:
            self.add(source, parts[taken], " ".join(parts[:taken] + parts[taken + 1 :]))

    def section(self, source, title, heading, text):
        """Pairs of a text's headings and its beginning, and of its pieces with each other."""
        words = squeeze(text).split(" ")
        pieces = [words[i : i + CHUNK_WORDS] for i in range(0, len(words), CHUNK_WORDS)]
        pieces = [" ".join(p) for i, p in enumerate(pieces) if i == 0 or len(p) >= 12][:CHUNKS_MOST]
        if not re.search("[a-z]{3}", text):
            return
        named = heading.lower() in title.lower()
        asked = squeeze(title if named else title + " " + heading)
        if len(asked) > 3:
            self.add(source, asked, pieces[0])
        if len(pieces) > 1:
            self.add(source, heading if len(heading) > 8 else asked, pieces[1])
        for one, other in zip(pieces, pieces[1:]):
            self.add(source + " pieces", one, other)
        for piece in pieces[:4]:
            self.cloze(source + " pieces", piece)


def of_packages(pairs, archive):
    kept_back = held_out.packages()
    for package, short, long in archive.descriptions():
        if package in kept_back:
            continue
        text = squeeze(long)
        pairs.add("packages", short, text)
        words = text.split(" ")
        if len(words) > 60:
            half = len(words) // 2
            pairs.add("packages pieces", " ".join(words[:half]), " ".join(words[half:]))
        pairs.cloze("packages pieces", text)


def of_wordnet(pairs, archive):
    for synset in wordnet.synsets(archive.unpack(wordnet.PACKAGES)):
        if held_out.is_synset(synset.key):
            continue
        words = synset.words
        pairs.add("definitions", " ".join(words[:3]), synset.definition)
        if len(words) > 1:
            taken = pairs.chance.randrange(len(words))
            others = words[:taken] + words[taken + 1 :]
            pairs.add("definitions", words[taken], " ".join([*others, synset.definition]))
        for example in synset.examples[:2]:
            pairs.add("examples", synset.definition, example)


def of_dictionaries(pairs, archive):
    root = archive.unpack(dictionaries.PACKAGES)
    for name in dictionaries.NAMES:
        for headword, text in dictionaries.entries(root, name):
            pairs.add(name, headword, text)


def of_manual_pages(pairs, archive):
    for page in manual_pages.pages(archive.unpack(manual_pages.PACKAGES)):
        if held_out.is_manual_page(page.title):
            continue
        for heading, text in page.sections:
            if heading.upper() in PEOPLE:
                continue
            shown = heading.lower() if heading.isupper() else heading
            pairs.section("manual pages", page.title,
                          "" if heading.upper() == "DESCRIPTION" else shown, text)


def of_documentation(pairs, archive):
    for title, heading, text in documentation.sections(archive.unpack(documentation.PACKAGES)):
        pairs.section("documentation", title, heading, text)


SOURCES = {
    "packages": of_packages,
    "wordnet": of_wordnet,
    "dictionaries": of_dictionaries,
    "manual-pages": of_manual_pages,
    "documentation": of_documentation,
}


def collect(archive, names):
    pairs = Pairs()
    for name in names:
        before = len(pairs.found)
        SOURCES[name](pairs, archive)
        print(f"{name}: {len(pairs.found) - before} pairs", flush=True)
    return pairs.found
