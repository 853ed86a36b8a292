#!/bin/bash
# A repository of the machine's own headers: commits, branches, clone, worktree, gc, fsck. Names and
# dates are fixed, so every commit id must be the same in both places.
. "$APPS_HARNESS/appkit.sh"

export GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL="$APPS_SCRATCH/gitconfig"
export GIT_AUTHOR_DATE='1700000000 +0000' GIT_COMMITTER_DATE='1700000000 +0000'
git config --global user.name Test
git config --global user.email test@example.org
git config --global init.defaultBranch main
git config --global advice.detachedHead false

repo="$APPS_DIR/repo"
clean() { # REPOSITORY: git status has nothing to say, also after every file was hashed again
  local said
  said=$(git -C "$1" status --porcelain) || return 1
  [ -z "$said" ] || { echo "status: ${said%%$'\n'*}"; return 1; }
  git -C "$1" diff --quiet HEAD
}
head_of() { git -C "$1" rev-parse HEAD; }
import() {
  mkdir "$repo" && cp -r /usr/include/linux "$repo/linux" || return 1
  [ "$APPS_SPEED" = quick ] || cp -r /usr/include/c++ "$repo/c++"
}
branch_with_changes() { # NAME PATTERN: rewrites every file that matches
  git -C "$repo" checkout -q -b "$1" main || return 1
  (cd "$repo" && grep -rlZ "$2" linux | xargs -0 sed -i "s/$2/$2_CHANGED/") || return 1
  git -C "$repo" mv linux/if.h linux/interface.h
  git -C "$repo" commit -q -a -m "change $2"
}

check "import" import
check "init" git -C "$APPS_DIR" init -q "$repo"
check "add" git -C "$repo" add .
check "commit" git -C "$repo" commit -q -m first
same "first commit" "$(head_of "$repo")"
check "status is clean" clean "$repo"
check "branch with changes" branch_with_changes other GPL
same "second commit" "$(head_of "$repo")"
for round in 1 2; do
  check "checkout main $round" git -C "$repo" checkout -q main
  check "main is clean $round" clean "$repo"
  check "checkout other $round" git -C "$repo" checkout -q other
  check "other is clean $round" clean "$repo"
done
check "an edit is seen" sh -c "echo edit >>'$repo/linux/fs.h' && ! git -C '$repo' diff --quiet"
check "stash" git -C "$repo" stash -q
check "clean after stash" clean "$repo"
check "stash pop" git -C "$repo" stash pop -q
check "reset" git -C "$repo" reset -q --hard
check "fsck" git -C "$repo" fsck --full --strict
check "clone with hard links" git clone -q "$repo" "$APPS_DIR/clone"
check "clone without" git clone -q --no-hardlinks "$repo" "$APPS_DIR/copy"
check "clone is clean" clean "$APPS_DIR/clone"
check "worktree" git -C "$repo" worktree add -q "$APPS_DIR/worktree" main
check "worktree is clean" clean "$APPS_DIR/worktree"
check "merge" git -C "$APPS_DIR/worktree" merge -q --no-ff -m merge other
same "merge commit" "$(head_of "$APPS_DIR/worktree")"
check "gc" git -C "$repo" gc -q --prune=now
check "fsck after gc" git -C "$repo" fsck --full --strict
check "clone's fsck" git -C "$APPS_DIR/clone" fsck --full --strict
same "archive" "$(git -C "$repo" archive other | sha256sum)"
check "push" git -C "$APPS_DIR/copy" push -q origin HEAD:refs/heads/pushed
same "pushed" "$(git -C "$repo" rev-parse pushed)"
check "status is clean at the end" clean "$repo"
exit 0
