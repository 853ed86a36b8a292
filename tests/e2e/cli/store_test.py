#!/usr/bin/env python3
"""vexfs check, sync, status, inspect store and bench."""

import json
import os
import shutil
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from trees import Tree, TreeCase  # noqa: E402

from support_py import program  # noqa: E402

LIBRARY = Path(__file__).resolve().parents[3] / "samples/library"


class Store(TreeCase):
    def unmounted(self):
        tree = Tree(self, "unmounted")
        tree.files("a", "b")
        tree.space("s", 4)
        tree.set("a", [1, 2, 3, 4])
        return tree

    def test_check_of_a_good_store(self):
        tree = self.unmounted()
        self.assertEqual(tree.run("check", ".").stdout, "")
        tree.run("check", "--repair", ".")
        self.assertEqual(tree.get("a"), [[1, 2, 3, 4]])

    def test_check_finds_what_is_damaged(self):
        tree = self.unmounted()
        path = f"{tree.path}/.vexfs/spaces/s/vectors"
        size = os.path.getsize(path)
        with open(path, "r+b") as file:
            file.seek(0)
            content = file.read()
            at = content.rindex(b"\x00\x00\x80\x3f\x00\x00\x00\x40")  # The floats 1 and 2.
            file.seek(at)
            file.write(b"\xaa")
        self.assertEqual(os.path.getsize(path), size)
        self.assertIn("damaged: ", tree.run("check", ".", code=1).stdout)

    def test_check_finds_kept_texts_that_are_damaged(self):
        tree = Tree(self, "unmounted")
        shutil.copy(LIBRARY / "documents/washing_machine.pdf", tree.path)
        tree.run("index", ".")
        self.assertEqual(tree.run("check", ".").stdout, "")
        texts = Path(tree.path, ".vexfs/texts")
        (text,) = texts.iterdir()
        content = text.read_bytes()
        text.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
        self.assertIn("to be rebuilt: ", tree.run("check", ".", code=1).stdout)
        self.assertIn("rebuilt: ", tree.run("check", "--repair", ".").stdout)
        tree.run("index", ".")
        self.assertEqual(tree.run("check", ".").stdout, "")
        self.assertEqual(text.read_bytes(), content)

    def test_check_does_not_touch_a_store_in_use(self):
        tree = self.unmounted()
        self.mount(tree.path)
        self.assertIn("unmount", tree.run("check", ".", code=2).stderr)
        other = self.unmounted()
        self.mount(other.path, self.directory())
        self.assertIn("unmount", other.run("check", ".", code=2).stderr)

    def test_check_of_no_store(self):
        tree = Tree(self, "unmounted")
        tree.run("check", ".", code=2)
        tree.run("check", "none", code=2)
        self.assertEqual(os.listdir(tree.path), [])

    def test_sync_and_reports(self):
        for tree in self.trees():
            tree.files("a/b")
            tree.space("s", 4)
            tree.set("a/b", [1, 2, 3, 4])
            tree.run("sync")
            tree.run("sync", "a/b")
            status = tree.json("status")
            self.assertEqual([space["name"] for space in status["spaces"]], ["s"])
            self.assertIn("s: 4 x f32, cosine, 1 vectors", tree.run("status", "a").stdout)
            self.assertIn("space s\n", tree.run("inspect", "store").stdout)
            self.assertEqual(tree.json("inspect", "store")["spaces"][0]["dim"], 4)

    def test_bench(self):
        place = self.directory()
        tree = Tree(self, "unmounted")
        small = ["--files", "500", "--dim", "8", "--queries", "20"]
        result = tree.run("bench", *small, "--json", cwd=place)
        figures = [json.loads(line) for line in result.stdout.splitlines()]
        self.assertEqual([line["what"] for line in figures], ["set", "get", "search"])
        self.assertGreaterEqual(figures[2]["recall"], 0.9)
        self.assertEqual(figures[2]["short"], 0)
        for tree in self.trees():
            tree.files("a", "b", "c")
            tree.space("s", 4)
            tree.run("bench", ".", code=1)
            tree.set("a", [1, 2, 3, 4])
            tree.set("b", [1, 2, 4, 3])
            self.assertIn("recall 1.0000", tree.run("bench", ".").stdout)


if __name__ == "__main__":
    program.main()
