"""Small things about words that all sources share."""
import hashlib
import re
import unicodedata


def squeeze(text):
    """Normalised characters, single blanks."""
    return re.sub(r"\s+", " ", unicodedata.normalize("NFKC", text)).strip()


def held_out(text, of):
    """Whether `text` is kept from training: one in `of` is, the same ones for ever."""
    digest = hashlib.md5(text.lower().encode()).hexdigest()
    return int(digest[:8], 16) % of == 0


def sentences(text):
    return re.split(r"(?<=[.!?])\s+(?=[A-Z])", text)
