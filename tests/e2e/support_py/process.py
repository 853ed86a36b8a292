"""Child processes with an end: a command that does not finish in time is killed and reported."""

import signal
import subprocess

# Seconds. Generous, because sanitizer builds on a loaded machine are slow; a healthy run comes
# nowhere near it.
COMMAND_SECONDS_MAX = 60
KILL_SECONDS_MAX = 5

# An id that owns nothing on a Debian system. It has a passwd entry, which fusermount3 asks for.
UNPRIVILEGED_ID = 65534


class CommandTimeout(Exception):
    """The command was still running when its time was over; it has been killed."""


def as_caller(argv, uid=None, groups=(), ends_with_us=False):
    """argv, run as uid without capabilities, and ended by the kernel if the caller dies.

    setpriv does it after fork, so that no Python runs between fork and exec.
    """
    prefix = ["setpriv"]
    if uid is not None:
        prefix += [f"--reuid={uid}", f"--regid={uid}"]
        prefix += ["--groups=" + ",".join(map(str, groups))] if groups else ["--clear-groups"]
    if ends_with_us:
        prefix += ["--pdeathsig=TERM"]
    return prefix + [str(a) for a in argv] if len(prefix) > 1 else [str(a) for a in argv]


def run(argv, *, timeout=COMMAND_SECONDS_MAX, uid=None, **options):
    """Runs argv to its end and returns its CompletedProcess with text output.

    Raises CommandTimeout instead of waiting for ever, even when the child cannot die.
    """
    argv = as_caller(argv, uid)
    options.setdefault("stdin", subprocess.DEVNULL)
    with_output = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    child = subprocess.Popen(argv, **{**with_output, **options})
    try:
        out, err = child.communicate(timeout=timeout)
    except subprocess.TimeoutExpired:
        end(child)
        raise CommandTimeout(f"still running after {timeout} s: {' '.join(argv)}") from None
    except BaseException:
        end(child)
        raise
    return subprocess.CompletedProcess(argv, child.returncode, out, err)


def check(argv, **options):
    """run(), and an error that carries the output unless the command succeeded."""
    result = run(argv, **options)
    if result.returncode != 0:
        raise RuntimeError(
            f"{' '.join(map(str, argv))}: exit {result.returncode}: {result.stderr}{result.stdout}"
        )
    return result


def end(child, polite=False):
    """Ends child. Gives up rather than wait for a process that the kernel does not let go."""
    for number in [signal.SIGTERM, signal.SIGKILL] if polite else [signal.SIGKILL]:
        if child.poll() is not None:
            break
        child.send_signal(number)
        try:
            child.wait(KILL_SECONDS_MAX)
        except subprocess.TimeoutExpired:
            continue
    for stream in (child.stdin, child.stdout, child.stderr):
        if stream is not None:
            try:
                stream.close()
            except BrokenPipeError:
                pass
