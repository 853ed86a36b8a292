#!/bin/bash
# PostgreSQL with its data directory here: load, transactions, a kill -9 in the middle of them,
# recovery, and every check that it has of its own files. It runs as the user postgres.
. "$APPS_HARNESS/appkit.sh"

bin=$(printf '%s\n' /usr/lib/postgresql/*/bin | sort -V | tail -n 1)
data="$APPS_DIR/data"
run="$APPS_SCRATCH"  # Socket, server log; pgbench's files.
port=54329           # Only names the socket: no TCP.
scale=$(by_speed 1 10)
transactions=$(by_speed 100 2000)
chown postgres: "$run"
mkdir "$data" && chown postgres: "$data" && chmod 700 "$data"
cd "$run" || exit 1

export PGHOST="$run" PGPORT="$port" HOME="$run" PATH="$bin:$PATH"
as_postgres() { runuser -u postgres -- env PATH="$PATH" "$@"; }
sql() { as_postgres psql -X -q -A -t -v ON_ERROR_STOP=1 -d bench -c "$1"; }
start() {
  as_postgres pg_ctl -D "$data" -w -t 60 -l "$run/server.log" -o "-k $run -c listen_addresses=''" \
    start >"$run/pg_ctl.log" 2>&1 || { cat "$run/server.log"; return 1; }
}
stop() { as_postgres pg_ctl -D "$data" -w -t 60 -m "$1" stop; }
postmaster() { head -n 1 "$data/postmaster.pid" 2>/dev/null; }
kill_server() { # The postmaster and each of its children, by their ids.
  local pid children
  pid=$(postmaster) && [ -n "$pid" ] || return 1
  children=$(cat "/proc/$pid/task/$pid/children" 2>/dev/null)
  kill -9 "$pid" $children 2>/dev/null
  for pid in $pid $children; do
    while [ -e "/proc/$pid" ]; do sleep 0.02; done  # The runner, which inherits them, reaps them.
  done
}
trap 'kill_server; exit 1' TERM
trap kill_server EXIT

consistent() { # pgbench keeps these four sums equal in every transaction.
  local sums
  sums=$(sql "select count(distinct s) from (select sum(abalance) s from pgbench_accounts
    union all select sum(bbalance) from pgbench_branches union all select sum(tbalance)
    from pgbench_tellers union all select coalesce(sum(delta), 0) from pgbench_history) t") ||
    return 1
  [ "$sums" = 1 ] || { echo "the sums of pgbench's tables differ"; return 1; }
}
bench() { as_postgres pgbench -n -c 4 -j 2 -t "$transactions" bench; }
amcheck() { as_postgres pg_amcheck --install-missing --heapallindexed --progress -d bench; }
history() { sql 'select count(*) from pgbench_history'; }
crash_in_transactions() { # Kills the server once it has written some; none reported may be lost.
  local before reported client
  before=$(history) || return 1
  as_postgres pgbench -n -c 4 -j 2 -t 1000000 -l --log-prefix="$run/crash" bench \
    >"$run/crash.out" 2>&1 &
  client=$!
  until [ "$(cat "$run"/crash.* 2>/dev/null | grep -c '^[0-9]* [0-9]* [0-9]')" -ge 50 ]; do
    kill -0 "$client" 2>/dev/null || { cat "$run/crash.out"; return 1; }
    sleep 0.1
  done
  kill_server || return 1
  wait "$client"
  reported=$(cat "$run"/crash.[0-9]* | grep -c '^[0-9]* [0-9]* [0-9]')
  rm -f "$run"/crash.*
  start || return 1
  [ "$(history)" -ge $((before + reported)) ] || {
    echo "$reported transactions were reported since $before, $(history) are there"
    return 1
  }
}
tablespace() {
  mkdir "$APPS_DIR/space" && chown postgres: "$APPS_DIR/space" || return 1
  sql "create tablespace other location '$APPS_DIR/space'" &&
    sql 'alter table pgbench_accounts set tablespace other'
}
backup() {
  as_postgres pg_basebackup -D "$APPS_DIR/backup" -c fast -X stream \
    --tablespace-mapping="$APPS_DIR/space=$APPS_DIR/space-backup" &&
    as_postgres pg_verifybackup "$APPS_DIR/backup"
}

chown postgres: "$APPS_DIR"
check "initdb" as_postgres initdb -D "$data" -A trust -E UTF8 --locale=C --data-checksums || exit 0
check "start" start || exit 0
check "createdb" as_postgres createdb bench
check "pgbench -i" as_postgres pgbench -q -i -s "$scale" bench
check "pgbench" bench
check "sums" consistent
same "transactions" "$(history)"
for round in $(seq "$(by_speed 1 5)"); do
  check "crash and recovery $round" crash_in_transactions || exit 0
  check "sums after recovery $round" consistent
done
check "pg_amcheck" amcheck
check "tablespace" tablespace
check "vacuum full" sql 'vacuum full'
check "backup" backup
check "restart" stop fast
check "checksums" as_postgres pg_checksums --check -D "$data"
check "start again" start
check "sums at the end" consistent
same "accounts" "$(sql 'select count(*), count(distinct aid) from pgbench_accounts')"
check "stop" stop fast
same "mode of the data directory" "$(stat -c '%a %U' "$data")"
exit 0
