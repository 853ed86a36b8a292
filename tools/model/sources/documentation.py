"""Handbooks and references in HTML: their sections, each under the title of its page."""
import glob
import gzip
import os
import re
from html.parser import HTMLParser

from .words import squeeze

PACKAGES = (
    "debian-handbook", "developers-reference", "debian-faq", "debian-policy", "debian-reference-en",
    "postgresql-doc-15", "git-doc", "python3.11-doc", "apache2-doc", "sqlite3-doc", "postfix-doc",
    "python-django-doc", "python-scipy-doc", "python-sklearn-doc", "python-pandas-doc",
    "octave-doc", "libreoffice-help-en-us", "installation-guide-amd64",
)
PAGES_MOST = 1500  # The most pages of a folder, so that none outweighs the others.
FILE_BYTES_MAX = 500_000
LANGUAGE = re.compile(r"/[a-z]{2}([-_][A-Z]{2})?/|\.[a-z]{2}([-_][a-z]+)?\.html")
ENGLISH = re.compile(r"/en([-_]US)?/|\.en\.|\.html\.en")
NOT_TEXT = re.compile(r"genindex|py-modindex|/_modules/|/search\.html|_sources|translations")
HEADINGS = ("h1", "h2", "h3", "h4", "title")
SKIPPED = ("script", "style", "nav", "table")
BLOCKS = ("p", "li", "div", "pre", "dd", "dt")


class Sections(HTMLParser):
    def __init__(self):
        super().__init__()
        self.found = []  # (title of the page, heading, text)
        self._title = self._heading = ""
        self._text, self._heading_text = [], []
        self._inside, self._skipping = None, 0

    def handle_starttag(self, tag, attrs):
        if tag in HEADINGS:
            self.end_section()
            self._inside, self._heading_text = tag, []
        elif tag in SKIPPED:
            self._skipping += 1

    def handle_endtag(self, tag):
        if tag == self._inside:
            self._heading = squeeze("".join(self._heading_text)).strip("¶# ")
            if tag in ("title", "h1") and not self._title:
                self._title = re.sub(r"\s+[—–|-]\s+.*$", "", self._heading)
            self._inside = None
        elif tag in SKIPPED and self._skipping:
            self._skipping -= 1
        elif tag in BLOCKS:
            self._text.append(" ")

    def handle_data(self, data):
        if self._inside:
            self._heading_text.append(data)
        elif not self._skipping:
            self._text.append(data)

    def end_section(self):
        if self._text:
            self.found.append((self._title, self._heading, "".join(self._text)))
            self._text = []


def files(root):
    by_folder = {}
    for path in sorted(glob.glob(os.path.join(root, "usr/share/**/*.html*"), recursive=True)):
        if os.path.islink(path) or NOT_TEXT.search(path) or os.path.getsize(path) > FILE_BYTES_MAX:
            continue
        if LANGUAGE.search(path) and not ENGLISH.search(path):
            continue
        folder = "/".join(os.path.relpath(path, root).split("/")[:4])
        by_folder.setdefault(folder, []).append(path)
    for paths in by_folder.values():
        step = max(1, -(-len(paths) // PAGES_MOST))
        yield from paths[::step]


def sections(root):
    """(title, heading, text) of every section of every page."""
    for path in files(root):
        with (gzip.open if path.endswith(".gz") else open)(path, "rb") as file:
            text = file.read().decode("utf-8", "replace")
        parser = Sections()
        parser.feed(text)
        parser.end_section()
        yield from parser.found
