"""Debian packages and their descriptions, fetched by apt into a folder of our own.

The lists lie in that folder too, so that neither root nor a change of the machine's apt is needed.
"""
import os
import re
import subprocess


class Archive:
    def __init__(self, folder):
        self.folder = os.path.abspath(folder)
        self.lists = os.path.join(self.folder, "lists")
        self.options = [
            "-o", f"Dir::State::Lists={self.lists}",
            "-o", f"Dir::Cache={os.path.join(self.folder, 'cache')}",
            "-o", "Acquire::Languages=en",
            "-o", "Acquire::Retries=3",
            "-o", "APT::Sandbox::User=root",  # The user _apt may not write to our folder.
        ]

    def _apt(self, *arguments, cwd=None):
        done = subprocess.run(
            ["apt-get", "-qq", *self.options, *arguments], cwd=cwd, capture_output=True, text=True,
            check=False)
        if done.returncode != 0:
            raise SystemExit(f"apt-get {' '.join(arguments)} failed:\n{done.stderr}")

    def update(self):
        """Fetches the lists of packages once; later runs work on the same ones."""
        if os.path.isdir(self.lists) and any("Translation-en" in n for n in os.listdir(self.lists)):
            return
        os.makedirs(os.path.join(self.lists, "partial"), exist_ok=True)
        os.makedirs(os.path.join(self.folder, "cache/archives/partial"), exist_ok=True)
        self._apt("update")

    def unpack(self, packages):
        """Unpacks packages that are not there yet; returns the folder that has `usr/` of all."""
        self.update()
        root = os.path.join(self.folder, "root")
        marks = os.path.join(self.folder, "unpacked")
        os.makedirs(root, exist_ok=True)
        os.makedirs(marks, exist_ok=True)
        missing = [p for p in packages if not os.path.exists(os.path.join(marks, p))]
        if missing:
            self._apt("download", *missing, cwd=marks)
        for package in missing:
            (file,) = [n for n in os.listdir(marks) if n.startswith(package + "_")]
            path = os.path.join(marks, file)
            subprocess.run(["dpkg-deb", "-x", path, root], check=True)
            os.remove(path)
            with open(os.path.join(marks, package), "w", encoding="utf-8") as mark:
                mark.write(file + "\n")
        return root

    def descriptions(self):
        """(package, short description, long description) of Debian main, by name, each once."""
        self.update()
        found = {}
        for name in sorted(os.listdir(self.lists)):
            if not name.split(".")[-2 if name.endswith((".lz4", ".xz", ".gz")) else -1].endswith(
                    "Translation-en") or "_main_" not in name:
                continue
            text = subprocess.run(
                ["/usr/lib/apt/apt-helper", "cat-file", os.path.join(self.lists, name)],
                check=True, capture_output=True).stdout.decode()
            for stanza in text.split("\n\n"):
                package, short, long = parse_stanza(stanza)
                if long:
                    found.setdefault(package, (short, long))
        return [(package, *found[package]) for package in sorted(found)]


def parse_stanza(stanza):
    head, _, body = stanza.partition("\nDescription-en: ")
    match = re.search(r"^Package: (\S+)$", head, re.M)
    short, _, rest = body.partition("\n")
    lines = [line[1:] for line in rest.split("\n") if line.startswith(" ")]
    long = "\n".join("" if line.strip() == "." else line.rstrip() for line in lines)
    return (match.group(1) if match else ""), short.strip(), long.strip()
