"""The applications: file under apps/, the Debian packages by the command that each must provide,
and the time limit in seconds for one place at each speed (ten times what a quiet machine needs)."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Application:
    name: str
    file: str
    needs: dict  # command or path pattern -> Debian package
    quick_s: int
    full_s: int


COREUTILS = {"cp": "coreutils", "find": "findutils"}
POSTGRES = {"/usr/lib/postgresql/*/bin/initdb": "postgresql", "runuser": "util-linux"}

APPLICATIONS = (
    Application("archives", "archives.py", {"tar": "tar", "rsync": "rsync", "cp": "coreutils",
                                            "setfacl": "acl", "setcap": "libcap2-bin"}, 120, 600),
    Application("walk", "walk.sh", COREUTILS, 60, 300),
    Application("build", "build.sh", {"gcc": "gcc", "make": "make", "ar": "binutils"}, 120, 600),
    Application("git", "git.sh", {"git": "git"}, 180, 900),
    Application("sqlite", "sqlite.py", {"sqlite3": "sqlite3"}, 120, 600),
    Application("postgresql", "postgresql.sh", POSTGRES, 240, 900),
    Application("fio", "fio.py", {"fio": "fio"}, 180, 1800),
    Application("dbench", "dbench.sh", {"dbench": "dbench"}, 60, 300),
    Application("stress-ng", "stress_ng.py", {"stress-ng": "stress-ng"}, 300, 3000),
)
