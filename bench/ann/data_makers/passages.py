"""Texts of Debian's dictionaries through the embedder that is part of the program.

Rows: the definitions of WordNet, and the entries of GCIDE and FOLDOC. Queries: WordNet's usage
examples, which are sentences and share few words with the definitions that they illustrate.
"""
import gzip
import os
import random
import re
import subprocess
import tempfile

PACKAGES = ("wordnet-base", "dict-gcide", "dict-foldoc")
QUERIES = 5000
SEED = 42
TEXT_CHARACTERS = (12, 1200)  # Shorter texts are left out, longer ones are cut.
BASE64 = {
    c: i
    for i, c in enumerate("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
}


def unpack_packages(steps, folder):
    for package in PACKAGES:
        steps.run(["apt-get", "download", package], f"fetching {package} through apt", cwd=folder)
    for file in os.listdir(folder):
        if file.endswith(".deb"):
            subprocess.run(["dpkg-deb", "-x", os.path.join(folder, file), folder], check=True)


def wordnet(folder):
    """(definition, examples) of every synset: the text after the bar of each line."""
    for part in ("noun", "verb", "adj", "adv"):
        path = os.path.join(folder, "usr/share/wordnet", "data." + part)
        with open(path, encoding="latin-1") as file:
            for line in file:
                if line.startswith("  ") or "| " not in line:
                    continue
                gloss = line.split("| ", 1)[1].strip()
                examples = re.findall(r'"([^"]+)"', gloss)
                yield re.sub(r'[;:]?\s*"[^"]*"[^";]*', "", gloss), examples


def number(text):
    value = 0
    for c in text:
        value = value * 64 + BASE64[c]
    return value


def dictd(folder, name):
    """The entries of a dictionary in dictd's format: an index of offsets into a compressed text."""
    base = os.path.join(folder, "usr/share/dictd", name)
    with gzip.open(base + ".dict.dz") as file:
        text = file.read()
    places = set()
    with open(base + ".index", encoding="utf-8") as file:
        for line in file:
            word, offset, length = line.rstrip("\n").split("\t")[:3]
            if not word.startswith("00database") and not word.startswith("00-database"):
                places.add((number(offset), number(length)))
    for offset, length in sorted(places):
        yield text[offset : offset + length].decode("utf-8", "replace")


def tidy(text):
    text = re.sub(r"\[[^\]]{0,80}\]|[{}\\_]", " ", text)  # These are etymologies, marks of links.
    text = " ".join(text.split())[: TEXT_CHARACTERS[1]]
    return text if len(text) >= TEXT_CHARACTERS[0] and re.search("[a-z]{3}", text) else None


def embed(steps, texts, suffix):
    lines = "".join(text + "\n" for text in texts).encode()
    steps.run(
        [steps.tool, "embed", steps.path(suffix)], f"embedding {len(texts)} texts", input=lines
    )


def make(steps):
    rows, examples = {}, {}
    with tempfile.TemporaryDirectory(dir=steps.folder) as folder:
        unpack_packages(steps, folder)
        for definition, quoted in wordnet(folder):
            rows[tidy(definition)] = None
            for example in quoted:
                examples[tidy(example)] = None
        for name in ("gcide", "foldoc"):
            for entry in dictd(folder, name):
                rows[tidy(entry)] = None
    rows.pop(None, None)
    examples.pop(None, None)
    chance = random.Random(SEED)
    base = list(rows)
    chance.shuffle(base)
    queries = chance.sample([text for text in examples if text not in rows], QUERIES)
    with open(steps.path("texts"), "w", encoding="utf-8") as file:
        file.writelines(text + "\n" for text in base)
    embed(steps, base, "base.fbin")
    embed(steps, queries, "query.fbin")
