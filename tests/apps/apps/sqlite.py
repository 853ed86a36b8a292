#!/usr/bin/env python3
"""SQLite in rollback-journal and WAL mode: two processes write at once, and writers are killed in
the middle. Every transaction keeps one sum, so a torn or lost one shows, and integrity_check must
be ok."""

import contextlib
import os
import signal
import sqlite3
import subprocess
import sys
import time

from appkit import DIR, QUICK, check, failure, same

MODES = ("delete", "truncate", "persist", "wal")
ACCOUNTS = 50
TRANSACTIONS = 60 if QUICK else 2000  # How many each of two writers commits.
CRASHES = 5 if QUICK else 40
TRANSACTIONS_BEFORE_CRASH = 5
BUSY_S = 60


def connect(path):
    database = sqlite3.connect(path, timeout=BUSY_S, isolation_level=None)
    database.execute("PRAGMA synchronous=FULL")
    database.execute("PRAGMA cache_size=20")  # Small, so that transactions spill to the file.
    return database


def create(path, mode):
    with contextlib.closing(connect(path)) as database:
        found = database.execute(f"PRAGMA journal_mode={mode}").fetchone()[0]
        if found != mode:
            return f"journal_mode is {found}"
        database.execute("CREATE TABLE account(id INTEGER PRIMARY KEY, balance INTEGER, pad TEXT)")
        database.execute("CREATE TABLE done(writer TEXT, number INTEGER, "
                         "PRIMARY KEY(writer, number))")
        database.execute("BEGIN")
        for i in range(ACCOUNTS):
            database.execute("INSERT INTO account VALUES(?, 100, ?)", (i, "x" * 500))
        database.execute("COMMIT")
    return None


def transfer(database, writer, number):
    """Moves money: the sum of all balances stays, and the pads make it touch many pages."""
    database.execute("BEGIN IMMEDIATE")
    giver, taker = number % ACCOUNTS, (number * 7 + 1) % ACCOUNTS
    database.execute("UPDATE account SET balance=balance-1 WHERE id=?", (giver,))
    database.execute("UPDATE account SET pad=?", (f"{writer}{number}" * 100,))
    database.execute("UPDATE account SET balance=balance+1 WHERE id=?", (taker,))
    database.execute("INSERT INTO done VALUES(?, ?)", (writer, number))
    database.execute("COMMIT")


def write_many(path, mode, writer, count):
    """Prints each number once its transaction is committed."""
    with contextlib.closing(connect(path)) as database:
        if mode == "persist" or mode == "truncate":  # Not kept in the file, as wal is.
            database.execute(f"PRAGMA journal_mode={mode}")
        for number in range(count):
            transfer(database, writer, number)
            print(number, flush=True)


def start_writer(path, mode, writer, count):
    argv = [sys.executable, os.path.realpath(__file__), path, mode, writer, str(count)]
    return subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)


def wrong(path, committed):
    """Why the database is not what `committed` (writer -> count) promises, or None."""
    with contextlib.closing(connect(path)) as database:
        answer = database.execute("PRAGMA integrity_check").fetchone()[0]
        if answer != "ok":
            return f"integrity_check: {answer}"
        total = database.execute("SELECT sum(balance) FROM account").fetchone()[0]
        if total != ACCOUNTS * 100:
            return f"the balances sum up to {total}"
        for writer, count in committed.items():
            found = database.execute("SELECT count(*) FROM done WHERE writer=? AND number<?",
                                     (writer, count)).fetchone()[0]
            if found != count:
                return f"{count} transactions of {writer} were committed, {found} are there"
    return None


def two_writers(path, mode):
    writers = {name: start_writer(path, mode, name, TRANSACTIONS) for name in ("a", "b")}
    for name, process in writers.items():
        process.communicate()
        if process.returncode != 0:
            return f"writer {name}: exit {process.returncode}"
    return wrong(path, {name: TRANSACTIONS for name in writers})


def crash(path, mode, round_number):
    """Kills a writer in its stride: at once after it has reported some transactions, and then at an
    instant of the next one that moves with the round."""
    name = f"crash{round_number}"
    process = start_writer(path, mode, name, 1_000_000)
    committed = 0
    while committed < TRANSACTIONS_BEFORE_CRASH and process.stdout.readline():
        committed += 1
    time.sleep(round_number * 0.0007)
    process.send_signal(signal.SIGKILL)
    committed += len(process.communicate()[0].splitlines())
    if process.returncode != -signal.SIGKILL:
        return f"the writer ended by itself with {process.returncode}"
    return wrong(path, {name: committed})


def main():
    for mode in MODES:
        path = os.path.join(DIR, f"{mode}.db")
        check(f"{mode}: create", create(path, mode))
        check(f"{mode}: two writers", two_writers(path, mode))
        bad = [f"round {i}: {why}" for i in range(CRASHES) if (why := crash(path, mode, i))]
        check(f"{mode}: {CRASHES} crashes", "; ".join(bad))
        check(f"{mode}: vacuum and check by another program",
              failure(["sqlite3", "-bail", path, "VACUUM; PRAGMA integrity_check;"], BUSY_S))
        # A reader whose SQLite finds no journal to replay reads the same.
        copy = path + ".copy"
        check(f"{mode}: backup", failure(["sqlite3", path, f".backup '{copy}'"], BUSY_S))
        check(f"{mode}: the backup is whole", wrong(copy, {"a": TRANSACTIONS, "b": TRANSACTIONS}))
    same("databases", len([name for name in os.listdir(DIR) if name.endswith(".db")]))


if len(sys.argv) > 1:
    write_many(sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4]))
else:
    main()
