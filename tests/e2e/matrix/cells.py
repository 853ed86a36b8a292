"""The cells of the matrix: which backing, which mount, which caller."""

from dataclasses import dataclass

BACKINGS = ("ext4", "tmpfs", "xfs", "btrfs")


@dataclass(frozen=True)
class Way:
    """One way to reach the backing directory."""

    name: str
    options: tuple = ()
    mounted: bool = True
    over_itself: bool = False
    user_daemon: bool = False
    callers: tuple = ("root", "user")


WAYS = (
    # Tests the expectations themselves, on the backing directory without a mount.
    Way("plain", mounted=False),
    Way("passthrough"),
    Way("daemon-io", ("passthrough=off",)),
    Way("small-stacks", ("thread_stack=16384",)),
    Way("small-stacks-daemon-io", ("thread_stack=16384", "passthrough=off"), callers=("root",)),
    Way("over-itself", over_itself=True),
    Way("remote-locks", ("remote_locks",)),
    # A plain user's own mount, through fusermount3.
    Way("user-mount", user_daemon=True, callers=("user",)),
)


@dataclass(frozen=True)
class Cell:
    backing: str
    way: Way
    caller: str

    def __str__(self):
        return f"{self.backing}/{self.way.name}/{self.caller}"


def full():
    """Every combination; the plain directory of the machine itself once as well."""
    chosen = [Cell(b, w, c) for b in BACKINGS for w in WAYS for c in w.callers]
    chosen += [Cell("directory", w, w.callers[0]) for w in WAYS if not w.over_itself]
    return chosen


# Each backing, way and caller at least once, where it is the likeliest to differ.
_QUICK = (
    "ext4/plain/root",
    "ext4/passthrough/root",
    "ext4/daemon-io/user",
    "ext4/over-itself/root",
    "ext4/remote-locks/root",
    "tmpfs/plain/root",
    "tmpfs/passthrough/user",
    "tmpfs/daemon-io/root",
    "tmpfs/small-stacks/root",
    "tmpfs/small-stacks-daemon-io/root",
    "tmpfs/user-mount/user",
    "xfs/plain/root",
    "xfs/passthrough/root",
    "btrfs/plain/root",
    "btrfs/daemon-io/root",
)


def quick():
    by_name = {str(cell): cell for cell in full()}
    return [by_name[name] for name in _QUICK]
