"""WordNet 3.0: sets of synonyms with their definitions (Debian's wordnet-base)."""
import os
import re
from dataclasses import dataclass, field

PACKAGES = ("wordnet-base",)
PARTS = {"noun": "n", "verb": "v", "adj": "a", "adv": "r"}
NEIGHBOURS = {"@", "@i", "~", "~i", "&", "#p", "%p", "+"}  # Broader, narrower, similar, parts.


@dataclass
class Synset:
    key: str  # Its part of speech and offset, which name it.
    words: list
    definition: str
    examples: list
    neighbours: list = field(default_factory=list)  # Keys.


def parse_line(line, part):
    data, _, gloss = line.partition(" | ")
    fields = data.split(" ")
    count = int(fields[3], 16)
    words = [re.sub(r"\(\w+\)$", "", fields[4 + 2 * i]).replace("_", " ") for i in range(count)]
    at = 4 + 2 * count
    pointers = [fields[at + 1 + 4 * i : at + 4 + 4 * i] for i in range(int(fields[at]))]
    neighbours = [kind + offset for symbol, offset, kind in pointers if symbol in NEIGHBOURS]
    examples = re.findall(r'"([^"]+)"', gloss)
    definition = re.sub(r'[;:,]?\s*"[^"]*"[^";]*', "", gloss).strip(" ;\n")
    return Synset(part + fields[0], words, definition, examples, neighbours)


def synsets(root):
    """All of them, in the order of the files."""
    for name, part in PARTS.items():
        path = os.path.join(root, "usr/share/wordnet", "data." + name)
        with open(path, encoding="latin-1") as file:
            for line in file:
                if not line.startswith("  "):
                    yield parse_line(line, part)
