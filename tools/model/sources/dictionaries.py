"""Dictionaries in dictd's format: an index of offsets, in base 64, into a compressed text."""
import gzip
import os
import re

from .words import squeeze

PACKAGES = ("dict-gcide", "dict-foldoc", "dict-jargon")
NAMES = ("gcide", "foldoc", "jargon")
_DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_VALUES = {digit: value for value, digit in enumerate(_DIGITS)}
_GRAMMAR = re.compile(r"^(\([^)]*\),?|n\.|a\.|v\. ?[ti]\.|adv\.|imp\.|p\. p\.|[;,.] ?)+\s*")


def number(text):
    value = 0
    for digit in text:
        value = value * 64 + _VALUES[digit]
    return value


def definition(headword, entry):
    """The entry without etymologies, pronunciation, its own headword and its part of speech."""
    text = re.sub(r"\[[^\]]*\]|\\[^\\\n]*\\|[{}]", "", entry)
    text = re.sub("^" + re.escape(headword) + r"\b[ ,]*", "", squeeze(text), flags=re.I)
    return _GRAMMAR.sub("", text)


def entries(root, name):
    """(headword, definition)"""
    base = os.path.join(root, "usr/share/dictd", name)
    with gzip.open(base + ".dict.dz") as file:
        texts = file.read()
    with open(base + ".index", encoding="utf-8", errors="replace") as index:
        for line in index:
            headword, *place = line.rstrip("\n").split("\t")
            if len(place) < 2 or headword.startswith("00"):
                continue
            start, size = number(place[0]), number(place[1])
            entry = texts[start : start + size].decode(errors="replace")
            yield headword, definition(headword, entry)
