"""A real mount, and the files by which it is searched."""
import json
import os
import subprocess
import time

POLL_S = 0.05
INDEX_TIMEOUT_S = 3600


class Mount:
    """`vexfs mount -f` over its source, in a session of its own, as in the background."""

    def __init__(self, vexfs, source):
        self.vexfs, self.source = vexfs, source

    def __enter__(self):
        device = os.stat(self.source).st_dev
        self.child = subprocess.Popen([self.vexfs, "mount", self.source, "-f"],
                                      start_new_session=True)
        while os.stat(self.source).st_dev == device:
            if self.child.poll() is not None:
                raise SystemExit("vexfs mount failed")
            time.sleep(0.001)
        return self

    def __exit__(self, *_):
        subprocess.run([self.vexfs, "unmount", self.source], check=True)
        self.child.wait()

    def resident(self):
        """Resident bytes: (all, those that no file backs)."""
        with open(f"/proc/{self.child.pid}/status", encoding="ascii") as file:
            lines = dict(line.split(":", 1) for line in file)
        return tuple(int(lines[name].split()[0]) * 1024 for name in ("VmRSS", "RssAnon"))

    def control(self, **request):
        with Handle(self.source, "control") as handle:
            return handle.ask(request)

    def progress(self):
        return self.control(progress=True)["progress"]

    def index(self):
        """Makes the text index; returns when it is complete, with the last progress."""
        self.control(index=True)
        end = time.monotonic() + INDEX_TIMEOUT_S
        while time.monotonic() < end:
            progress = self.progress()
            if not (progress["indexing"] or progress["scanning"] or progress["pending"]):
                self.control(sync=True)
                return self.progress()
            time.sleep(POLL_S)
        raise SystemExit(f"not indexed after {INDEX_TIMEOUT_S} s: {progress}")

    def status(self):
        """As progress() and more, but the indexer does not hurry because of it."""
        with open(f"{self.source}/.vexfs/status", encoding="utf-8") as file:
            return json.load(file)

    def settle(self):
        """Returns when the graph has all vectors; until then the others are compared one by one."""
        end = time.monotonic() + INDEX_TIMEOUT_S
        while time.monotonic() < end:
            waiting = [space["pending"] for space in self.status()["spaces"]]
            if not any(waiting):
                return
            time.sleep(POLL_S)
        raise SystemExit(f"vectors are not linked after {INDEX_TIMEOUT_S} s: {waiting}")


class Handle:
    """One open of a query file: a write asks, and reads up to the end get the reply."""

    def __init__(self, directory, name):
        self.fd = os.open(f"{directory}/.vexfs/{name}", os.O_RDWR)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        os.close(self.fd)

    def exchange(self, request):
        os.write(self.fd, request)
        parts = []
        while part := os.read(self.fd, 1 << 20):
            parts.append(part)
        return b"".join(parts)

    def ask(self, request):
        reply = json.loads(self.exchange(json.dumps(request).encode()))
        if "error" in reply:
            raise SystemExit(f"{json.dumps(request)[:200]}: {reply['error']}")
        return reply


def write_files(documents, source, per_directory=1000):
    """Makes a small file of each document; returns {path: id}. Names say nothing about texts."""
    paths = {}
    for number, document in enumerate(documents):
        directory = f"{number // per_directory:03}"
        if number % per_directory == 0:
            os.makedirs(os.path.join(source, directory))
        path = f"{directory}/{number:06}.txt"
        with open(os.path.join(source, path), "w", encoding="utf-8") as file:
            file.write(document.text + "\n")
        paths[path] = document.id
    return paths
