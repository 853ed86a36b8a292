#!/bin/bash
# A C project of a few dozen files: make -j2, its test, and builds after a change. Make decides by
# time stamps, so a wrong mtime shows as a wrong number of compilations.
. "$APPS_HARNESS/appkit.sh"

units=$(by_speed 50 300)
project="$APPS_DIR/project"

generate() {
  local i
  mkdir -p "$project/include" "$project/src" || return 1
  for ((i = 0; i < units; i++)); do
    printf '#pragma once\nint unit_%d(int x);\n' "$i" >"$project/include/unit_$i.h"
    {
      printf '#include "unit_%d.h"\n#include <stdlib.h>\n' "$i"
      printf 'int unit_%d(int x) { return abs(x) + %d; }\n' "$i" "$i"
    } >"$project/src/unit_$i.c"
  done
  {
    for ((i = 0; i < units; i++)); do echo "#include \"unit_$i.h\""; done
    printf '#include <stdio.h>\nint main(void) {\n  int sum = 0;\n'
    for ((i = 0; i < units; i++)); do echo "  sum = unit_$i(sum);"; done
    printf '  printf("%%d\\n", sum);\n  return 0;\n}\n'
  } >"$project/src/main.c"
  cat >"$project/Makefile" <<'MAKE'
.RECIPEPREFIX := >
objects := $(patsubst src/%.c,obj/%.o,$(wildcard src/unit_*.c))
program: obj/main.o libunits.a
> $(CC) -o $@ $^
libunits.a: $(objects)
> $(AR) rcs $@ $^
obj/%.o: src/%.c
> @mkdir -p obj
> @echo compile >>compilations
> $(CC) -O1 -MMD -Iinclude -c -o $@ $<
test: program
> test "$$(./program)" = "$(SUM)"
.PHONY: test
-include $(wildcard obj/*.d)
MAKE
}

compilations() { # MAKE-TARGET...: how many files make compiles for it
  : >"$project/compilations"
  make -s -j2 -C "$project" "$@" || return 1
  wc -l <"$project/compilations"
}

counts() { # EXPECTED MAKE-TARGET...
  local expected=$1 found
  shift
  found=$(compilations "$@") || { echo "$found"; return 1; }
  [ "$found" = "$expected" ] || { echo "$found compilations instead of $expected"; return 1; }
}

check "generate" generate
check "make" counts $((units + 1)) program
check "make test" make -s -C "$project" test "SUM=$((units * (units - 1) / 2))"
check "up to date" make -q -C "$project" program
check "touch" touch "$project/include/unit_7.h"
check "out of date after touch" test "$(make -q -C "$project" program >/dev/null 2>&1; echo $?)" = 1
check "incremental make" counts 2 program
check "up to date again" make -q -C "$project" program
check "rewritten source" sed -i 's/+ 3;/+ 4;/' "$project/src/unit_3.c"
check "make after sed -i" counts 1 program
check "test sees the change" make -s -C "$project" test "SUM=$((units * (units - 1) / 2 + 1))"
same "program's size" "$(stat -c %s "$project/program")"
exit 0
