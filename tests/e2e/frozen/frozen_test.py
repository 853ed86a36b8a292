#!/usr/bin/env python3
"""Stores of every version of the format open, read-only and for writing, with all that is in them.

store_v1.tar.gz was made by make_store, once. Unpacked, its files are other inodes than those that
the store knows: it finds them by their names, as after any copy of a tree.
"""

import json
import os
import shutil
import sqlite3
import struct
import sys
import tarfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from support_py import mount, process, program, wait  # noqa: E402
from support_py.case import MountCase, read, write  # noqa: E402

HERE = Path(__file__).resolve().parent
ASK = HERE.parent / "support_py" / "ask.py"

FRESH = 2
SKIPPED = 4


class FrozenVersion1(MountCase):
    def setUp(self):
        super().setUp()
        self.top = self.backing()
        with tarfile.open(HERE / "store_v1.tar.gz") as packed:
            packed.extractall(self.top)  # Times are kept: they say whether a document is fresh.

    def run_vexfs(self, *arguments):
        result = mount.vexfs(*arguments, cwd=self.top)
        self.assertEqual(result.returncode, 0, f"{arguments}: {result.stdout}{result.stderr}")
        return result.stdout

    def ask(self, **request):
        reply = process.run([sys.executable, "-B", str(ASK), f"{self.top}/.vexfs/query",
                             json.dumps(request)])
        return json.loads(reply.stdout)

    def paths(self, **request):
        return [hit["path"] for hit in self.ask(**request)["hits"]]

    def expect_vectors(self):
        listed = self.run_vexfs("space", "list", "--json", ".")
        spaces = {space["name"]: space for space in json.loads(listed)["spaces"]}
        # Under a mount the built-in embedder of today fills a space beside that of the old one.
        self.assertEqual(sorted(spaces.keys() - {"text~"}), ["clip", "text", "tone"])
        self.assertEqual((spaces["clip"]["dim"], spaces["clip"]["metric"]), (4, "l2"))
        self.assertEqual((spaces["tone"]["dim"], spaces["tone"]["storage"]), (3, "f16"))
        self.assertEqual(spaces["text"]["filler"], "embedder")
        self.assertEqual(self.vectors("p4", "clip"), [[4, 0.5, -4, 1]])
        self.assertEqual(self.vectors("p5", "clip"), [[5, 5, 5, 5]])
        self.assertEqual(self.vectors("p1", "tone"), [[1, 0, 0]])

    def vectors(self, name, space):
        return [json.loads(line) for line in self.run_vexfs(
            "vector", "get", f"notes/deep/{name}", "--space", space, "--json").splitlines()]

    def nearest(self):
        write(f"{self.top}/query.json", b"[3, 0.5, -3, 1]")
        found = self.run_vexfs("search", "--vector", "query.json", "--space", "clip", "-k", "1",
                               "-l", ".")
        os.unlink(f"{self.top}/query.json")
        return os.path.normpath(found.strip())

    def test_is_read_as_format_md_says(self):
        """Reads truth and derived files by their documented bytes alone."""
        catalog = sqlite3.connect(f"file:{self.top}/.vexfs/catalog.sqlite?mode=ro&immutable=1",
                                  uri=True)
        self.addCleanup(catalog.close)
        self.assertEqual(catalog.execute("PRAGMA application_id").fetchone(), (0x56455846,))
        self.assertEqual(catalog.execute("PRAGMA user_version").fetchone(), (1,))
        rows = catalog.execute(
            "SELECT CAST(names.name AS TEXT), documents.object, state, text_kept, why"
            " FROM documents JOIN names ON names.object = documents.object").fetchall()
        documents = {name: (state, kept, why) for name, _, state, kept, why in rows}
        self.assertEqual(len(documents), 11)
        self.assertEqual(documents["harbour.txt"], (FRESH, 0, ""))
        self.assertEqual(documents["owls.html"], (FRESH, 1, ""))
        self.assertEqual(documents["blob.bin"], (SKIPPED, 0, "no text in it"))
        kept = next(number for name, number, *_ in rows if name == "owls.html")
        text = read(f"{self.top}/.vexfs/texts/{kept}")
        magic, version, _, number, size = struct.unpack_from("<8sIIQQ", text)
        self.assertEqual((magic, version, number), (b"VEXFStxt", 1, kept))
        self.assertIn(b"An owl hunts at night", text[-size:])
        for folder, file, magic in (("clip", "graph", b"VEXFSgra"), ("text", "lexical",
                                                                     b"VEXFSlex")):
            image = next(Path(f"{self.top}/.vexfs/spaces/{folder}").glob(f"{file}.*"))
            self.assertEqual(image.read_bytes()[:8], magic)

    def test_is_checked_without_being_written(self):
        before = {path: (path.stat().st_mtime_ns, path.stat().st_size)
                  for path in Path(f"{self.top}/.vexfs").rglob("*") if path.is_file()}
        self.assertEqual(self.run_vexfs("check", "."), "")
        after = {path: (path.stat().st_mtime_ns, path.stat().st_size) for path in before}
        self.assertEqual(before, after)

    def test_opens_for_writing(self):
        self.expect_vectors()
        self.assertEqual(self.nearest(), "notes/deep/p3")
        self.run_vexfs("vector", "set", "notes/deep/p0", "--space", "clip", "--values", "3,1,-3,1")
        self.run_vexfs("vector", "rm", "notes/deep/p3", "--space", "clip")
        self.assertEqual(self.nearest(), "notes/deep/p0")
        self.assertEqual(self.run_vexfs("check", "."), "")

    def test_answers_through_a_mount(self):
        self.mount(self.top)
        self.expect_vectors()
        self.assertEqual(self.paths(vector=[4, 0.5, -4, 1], space="clip", k=1), ["notes/deep/p4"])
        wait.until(lambda: self.ask(text="owl")["complete"], what="the first scan")
        self.assertEqual(self.paths(text="icebreaker ships", k=1), ["notes/harbour.txt"])
        self.assertEqual(self.paths(text="owl", mode="lexical", k=1), ["notes/owls.html"])
        hit = self.ask(text="owl hunts at night", k=1)["hits"][0]
        self.assertIn("sleeps by day", hit["text"], "of the kept text")

    def test_what_is_derived_is_made_anew(self):
        for image in Path(f"{self.top}/.vexfs/spaces").glob("*/*.*"):
            image.unlink()
        shutil.rmtree(f"{self.top}/.vexfs/texts")
        self.assertEqual(self.nearest(), "notes/deep/p3")
        self.mount(self.top)
        wait.until(lambda: self.ask(text="owl")["complete"], what="the first scan")
        self.assertEqual(self.paths(text="icebreaker ships", k=1), ["notes/harbour.txt"])
        self.assertEqual(self.paths(text="owl", mode="lexical", k=1), ["notes/owls.html"])


if __name__ == "__main__":
    program.main()
