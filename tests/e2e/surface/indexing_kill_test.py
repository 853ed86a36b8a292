#!/usr/bin/env python3
"""kill -9 of the daemon while it indexes: the queue resumes, and each file is found once, as it is.

VEXFS_KILL_ROUNDS=100 makes the loop of kills long.
"""

import os
import random
import shutil
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from support_py import mount, program  # noqa: E402
from support_py.case import write  # noqa: E402
from support_py.text import TextCase  # noqa: E402
from support_py.vectors import ask, control  # noqa: E402

LIBRARY = Path(__file__).resolve().parents[3] / "samples" / "library"
ROUNDS = int(os.environ.get("VEXFS_KILL_ROUNDS", "20"))
SEED = int(os.environ.get("VEXFS_KILL_SEED", "1"))
FILES = 1200
CHANGES = 60  # A round.


class IndexingKill(TextCase):
    def setUp(self):
        super().setUp()
        self.random = random.Random(SEED)
        self.source = self.backing()
        # Documents of every format, and files that each say a word of their own.
        shutil.copytree(LIBRARY, f"{self.source}/library")
        self.words = {}  # Of each path.
        self.said = 0
        for number in range(FILES):
            os.makedirs(f"{self.source}/n{number % 9}", exist_ok=True)
            self.say(self.source, f"n{number % 9}/f{number}.txt")

    def say(self, top, path):
        """Gives the file a word that no file had before."""
        word = f"word{self.said}x{self.random.randrange(10**6)}"
        self.said += 1
        write(f"{top}/{path}", f"This one says {word}, as nothing else does.\n".encode())
        self.words[path] = word

    def change_some(self, top):
        for path in self.random.sample(sorted(self.words), CHANGES):
            how = self.random.choice(("another", "moved", "written", "written"))
            if how == "written":
                self.say(top, path)
                continue
            other = f"n{self.random.randrange(9)}/{how}{self.said}.txt"
            if how == "moved":
                os.rename(f"{top}/{path}", f"{top}/{other}")
                self.words[other] = self.words.pop(path)
            else:
                os.unlink(f"{top}/{path}")
                del self.words[path]
                self.say(top, other)

    def test_each_file_is_found_once(self):
        for _ in range(ROUNDS):
            mounted = mount.Mount(self.source).start()
            self.stack.callback(mounted.abort)
            self.assertNotIn("error", control(mounted.path, index=True))
            time.sleep(self.random.random() * 0.3)  # Any moment will do.
            self.change_some(mounted.path)
            time.sleep(self.random.random() * 0.1)
            mounted.kill()
        with mount.Mount(self.source) as again:
            self.top = again.path
            self.settle()
            files = sum(len(names) for directory, _, names in os.walk(self.source)
                        if not directory.startswith(f"{self.source}/.vexfs"))
            self.assertEqual(control(again.path, progress=True)["progress"]["documents"], files)
            for path, word in self.words.items():
                hits = ask(again.path, text=word, mode="lexical")["hits"]
                self.assertEqual([hit["path"] for hit in hits], [path], word)
            reply = ask(again.path, text="how long to boil an egg", path="library")
            self.assertGreater(len(reply["hits"]), 0, reply)
        checked = mount.vexfs("check", self.source)
        self.assertEqual(checked.returncode, 0, checked.stdout + checked.stderr)


if __name__ == "__main__":
    program.main()
