#!/usr/bin/env python3
"""kill -9 at random moments while vectors and names change; then the next mount is checked.

ctest runs it with a few rounds; VEXFS_KILL_ROUNDS=500 (and VEXFS_KILL_SEED, another course) with as
many as a release should stand. After each kill, with the tree itself as the truth about names:
  - each file has the vector that was fsynced, or one that was set after that; nothing else;
  - every file with a vector is found by it, under the name that it has now, by walk and by scan;
  - nothing else is found.
"""

import json
import os
import random
import struct
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from support_py import mount, process, program  # noqa: E402
from support_py.vectors import SPACE, VectorCase, ask, ask_when_known, attribute  # noqa: E402

ROUNDS = int(os.environ.get("VEXFS_KILL_ROUNDS", "12"))
SEED = int(os.environ.get("VEXFS_KILL_SEED", "1"))
SECONDS_MAX = 0.4  # Of a round, before the kill.
WORKER = Path(__file__).resolve().parent / "kill_worker.py"


class Model:
    """What each file's vector may be: the durable value first, then those set since."""

    def __init__(self):
        self.values = {}  # Content of the file -> values, None for no vector.

    def allowed(self, file):
        return self.values.get(file, [None])

    def read(self, lines):
        """The lines of one worker, the last of which may be cut off."""
        for line in lines:
            if not line.endswith("\n"):
                continue
            said = json.loads(line)
            if "about" in said:
                file, value = said["about"]
                self.values.setdefault(file, [None]).append(value)
            else:
                self.values = {file: values[-1:] for file, values in self.values.items()}

    def settle(self, found):
        """What is there now is what will be there."""
        self.values = {file: [value] for file, value in found.items()}


class Kill(VectorCase):
    def tree(self, top):
        """Content of each file -> its paths below `top`."""
        names = {}
        for where, _, files in os.walk(top):
            for name in files:
                path = os.path.join(where, name)
                with open(path, encoding="ascii") as file:
                    # A file whose making was cut short is empty, and has no vector.
                    names.setdefault(file.read(), []).append(os.path.relpath(path, top))
        return names

    def vector(self, path):
        if attribute() not in os.listxattr(path):
            return None
        return list(struct.unpack("<4f", os.getxattr(path, attribute())))

    def check(self, top, model, where):
        names = self.tree(top)
        found = {file: self.vector(f"{top}/{paths[0]}") for file, paths in names.items()}
        for file, value in found.items():
            self.assertIn(value, model.allowed(file), f"{where}: {names[file]}")
        file_of = {path: file for file, paths in names.items() for path in paths}
        carriers = sorted(file for file, value in found.items() if value is not None)
        for exact in (False, True):
            reply = ask_when_known(top, vector=[0.0] * 4, k=1000, space=SPACE, exact=exact)
            self.assertIn("hits", reply, f"{where}: {reply}")
            files = sorted(file_of.get(hit["path"], hit["path"]) for hit in reply["hits"])
            self.assertEqual(files, carriers, f"{where}: exact={exact}")
        for file in carriers[:10]:
            hit = ask(top, vector=found[file], k=1, space=SPACE)["hits"][0]
            self.assertEqual(hit["score"], 0, f"{where}: {names[file]}")
        return found

    def test_rounds(self):
        source = self.backing()
        with mount.Mount(source) as first:
            self.make_space(first.path, metric="l2")
        model = Model()
        random_ = random.Random(SEED)
        for number in range(ROUNDS):
            where = f"round {number} of seed {SEED}"
            mounted = mount.Mount(source).start()
            self.stack.callback(mounted.abort)
            model.settle(self.check(mounted.path, model, where))
            worker = subprocess.Popen(
                process.as_caller([sys.executable, WORKER, mounted.path,
                                   str(random_.getrandbits(32))], ends_with_us=True),
                stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
            self.stack.callback(process.end, worker)
            time.sleep(0.1 + random_.random() * SECONDS_MAX)  # Any moment will do.
            mounted.kill()
            lines, complaint = worker.communicate(timeout=process.COMMAND_SECONDS_MAX)
            self.assertEqual(worker.returncode, 0, f"{where}: {complaint}")
            model.read(lines.splitlines(True))
        with mount.Mount(source) as last:
            self.check(last.path, model, "the end")
        checked = mount.vexfs("check", source)
        self.assertEqual(checked.returncode, 0, checked.stdout + checked.stderr)


if __name__ == "__main__":
    program.main()
