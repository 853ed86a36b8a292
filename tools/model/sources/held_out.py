"""What the model is never trained on, so that the evaluation can ask for it."""
import json
import os

from .words import held_out

MANUAL_PAGES_ONE_IN = 16
SYNSETS_ONE_IN = 100
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))
PACKAGES_FILE = os.path.join(ROOT, "bench/search/corpus/debian-mini/queries.jsonl")


def packages():
    """The packages that bench/search asks for."""
    with open(PACKAGES_FILE, encoding="utf-8") as file:
        return {json.loads(line)["id"] for line in file}


def is_manual_page(title):
    return held_out(title, MANUAL_PAGES_ONE_IN)


def is_synset(key):
    return held_out(key, SYNSETS_ONE_IN)
