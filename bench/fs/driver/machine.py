"""The machine under the measurement: scratch space, backing filesystems, load, caches."""
import contextlib
import os
import platform
import shutil
import subprocess
import tempfile
import time


def describe(arguments):
    return {
        "kernel": platform.release(),
        "cpus": os.cpu_count(),
        "load": round(os.getloadavg()[0], 2),
        "date": time.strftime("%Y-%m-%d"),
        "busy": arguments.busy,
        "rounds": arguments.rounds,
        "count": arguments.count,
        "file_mib": arguments.file_mib,
        "cold": arguments.cold,
        "quick": arguments.quick,
    }


@contextlib.contextmanager
def scratch_directory(parent):
    path = tempfile.mkdtemp(prefix="vexfs-bench-", dir=parent)
    try:
        yield path
    finally:
        shutil.rmtree(path)


@contextlib.contextmanager
def busy(arguments):
    """Load processes; they also end with this process, should it be killed."""
    spinners = [subprocess.Popen([arguments.bench_fs, "--spin"]) for _ in range(arguments.busy)]
    try:
        yield
    finally:
        for spinner in spinners:
            spinner.kill()
            spinner.wait()


@contextlib.contextmanager
def backing(kind, scratch, bytes_needed):
    """A fresh filesystem of this kind, yielded as its path."""
    path = os.path.join(scratch, kind)
    image = path + ".img"
    os.mkdir(path)
    try:
        if kind == "tmpfs":
            command = ["mount", "-t", "tmpfs", "-o", f"size={bytes_needed}", "vexfs-bench", path]
        else:
            with open(image, "wb") as file:
                file.truncate(bytes_needed)
            # Everything is written now; ext4 would otherwise initialise tables while we measure.
            subprocess.run(
                ["mkfs.ext4", "-q", "-F", "-E", "lazy_itable_init=0,lazy_journal_init=0", image],
                check=True,
            )
            command = ["mount", "-o", "loop", image, path]
        subprocess.run(command, check=True)
        try:
            yield path
        finally:
            unmount(path)
    finally:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(image)
        os.rmdir(path)


def is_mounted(path):
    with open(
        "/proc/self/mountinfo", encoding="utf-8"
    ) as file:  # stat fails where the daemon has died.
        return any(line.split()[4] == path for line in file)


def unmount(path):
    """The kernel may hold a mount for a moment after its last user has ended."""
    for _ in range(100):
        if not is_mounted(path):
            return
        done = subprocess.run(["umount", path], capture_output=True, text=True)
        if done.returncode == 0:
            return
        time.sleep(0.05)
    subprocess.run(["umount", "-l", path], check=False)
    raise RuntimeError(f"cannot unmount {path}: {done.stderr.strip()}")


def settle(path):
    """Writes back what the last row left dirty, so that the next one does not pay for it."""
    subprocess.run(["sync", "-f", path], check=True)


def drop_dentries_and_inodes():
    with open("/proc/sys/vm/drop_caches", "w", encoding="ascii") as file:
        file.write("2")
