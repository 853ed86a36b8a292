// vexfs index: chooses the embedder if asked to, indexes, and with --watch goes on with changes.
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <optional>

#include "base/limits.h"
#include "cli/commands.h"
#include "cli/embedder_request.h"
#include "cli/index_wait.h"
#include "cli/interrupt.h"
#include "cli/output.h"
#include "cli/printing/display.h"
#include "cli/tree/paths.h"
#include "cli/tree/reply.h"
#include "cli/tree/source_of.h"
#include "cli/tree/tree_client.h"
#include "cli/tree/tree_watch.h"

namespace vexfs::cli {
namespace {

using Clock = std::chrono::steady_clock;

// Changes come in crowds. Those within this time are one scan's.
constexpr std::chrono::milliseconds kSettle{200};
// A scan takes at most this part of the time.
constexpr int kScanShare = 5;

// Makes one scan and waits until what it finds is indexed and durable. kFailed, kInterrupted or
// kDone.
IndexWait index_once(TreeClient& tree, const IndexArguments& arguments, TextProgress& last,
                     std::string& problem) {
  const Reply begun = reply_of(tree.control("{\"index\":true}"));
  if (!begun.ok()) {
    problem = begun.problem;
    return IndexWait::kFailed;
  }
  Progress progress(arguments.quiet, "files");
  const IndexWait waited =
      wait_for_index(tree, progress, kNoTimeout, last, problem, WaitFor::kEmbedder);
  progress.clear();
  if (waited != IndexWait::kDone) return waited;
  const Reply synced = reply_of(tree.control("{\"sync\":true}"));
  problem = synced.problem;
  return synced.ok() ? IndexWait::kDone : IndexWait::kFailed;
}

int tell(const IndexArguments& arguments, const TextProgress& last, Clock::duration took) {
  if (arguments.quiet) return kExitOk;
  char seconds[32];
  std::snprintf(seconds, sizeof(seconds), "%.1f", std::chrono::duration<double>(took).count());
  std::string text =
      progress_sentence(last) + ", " + grouped(last.passages) + " passages, in " + seconds + " s\n";
  if (last.failed != 0) {
    text += "`vexfs status --failed " + arguments.directory + "` says why\n";
  }
  return print(text, kExitOk);
}

int tell_interrupted(const TreeClient& tree, const TextProgress& last) {
  return fail("interrupted: " + progress_sentence(last) +
              (tree.mounted() ? "; the mount goes on with the rest"
                              : "; the same command goes on from here"));
}

// The directory in which files may change unseen by VexFS: the source, unless a mount covers it.
std::optional<std::string> watched_source(TreeClient& tree, const std::string& directory) {
  const Reply status = reply_of(tree.status());
  const std::string source = text_in(status.json, "source");
  const std::string mountpoint = text_in(status.json, "mountpoint");
  if (!mountpoint.empty()) {
    return source == mountpoint ? std::nullopt : std::optional(source);
  }
  return source.empty() ? real_path(directory) : source;
}

// Indexes what changes, until Ctrl-C. The store is not open in between, so that others can search.
int follow(const IndexArguments& arguments, const std::string& source) {
  auto created = TreeWatch::create(source);
  std::optional<TreeWatch> watch;
  if (created.ok()) watch.emplace(std::move(created).value());
  const std::chrono::seconds scan_every{limits::kWatchScanSeconds};
  if (!watch.has_value() || !watch->whole()) {
    std::fprintf(stderr,
                 "vexfs: not every directory can be watched (fs.inotify.max_user_watches is too "
                 "low); looking every %u s instead\n",
                 limits::kWatchScanSeconds);
  } else if (!arguments.quiet) {
    std::fprintf(stderr, "watching %s directories; Ctrl-C ends it\n",
                 grouped(watch->directories()).c_str());
  }
  IndexArguments again = arguments;
  again.quiet = true;
  Clock::time_point scanned = Clock::now();
  Clock::duration rest = kSettle;
  while (!Interrupt::came()) {
    const bool told =
        watch.has_value() ? watch->wait(scan_every) : (::sleep(limits::kWatchScanSeconds), false);
    const bool whole = watch.has_value() && watch->whole();
    if (Interrupt::came() || (!told && whole)) continue;
    // Waits until the changes have settled and the last scan's rest is over.
    while (!Interrupt::came() && watch.has_value() &&
           (watch->wait(kSettle) || Clock::now() - scanned < rest)) {
      // Where something changes all the time, it never settles.
      if (Clock::now() - scanned > rest + std::chrono::seconds(1)) break;
    }
    const OpenedTree tree = open_tree(arguments.directory);
    TextProgress last;
    std::string problem = tree.problem;
    const Clock::time_point start = Clock::now();
    const bool failed = tree.client == nullptr ||
                        index_once(*tree.client, again, last, problem) == IndexWait::kFailed;
    if (failed) std::fprintf(stderr, "vexfs: %s\n", problem.c_str());
    scanned = Clock::now();
    rest = std::max<Clock::duration>(kSettle, (scanned - start) * kScanShare);
  }
  return kExitOk;
}

}  // namespace

int run_index(const IndexArguments& arguments) {
  std::string problem;
  const Interrupt interrupt;
  std::optional<std::string> source;
  std::string embedder;
  if (!embedder_request(arguments.embedder, embedder, problem)) return fail(problem);
  {
    const OpenedTree tree = open_tree(arguments.directory, NewStore::kYes);
    if (tree.client == nullptr) return fail(tree.problem);
    if (!embedder.empty()) {
      const Reply chosen = reply_of(tree.client->control(embedder));
      if (!chosen.ok()) return fail(chosen.problem);
    }
    const Clock::time_point start = Clock::now();
    TextProgress last;
    const IndexWait waited = index_once(*tree.client, arguments, last, problem);
    if (waited == IndexWait::kInterrupted) return tell_interrupted(*tree.client, last);
    if (waited == IndexWait::kFailed) return fail(problem);
    if (!last.warning.empty()) std::fprintf(stderr, "vexfs: %s\n", last.warning.c_str());
    if (const int code = tell(arguments, last, Clock::now() - start); code != kExitOk) return code;
    if (!arguments.watch) return kExitOk;
    source = watched_source(*tree.client, arguments.directory);
  }
  if (!source.has_value()) {
    std::fputs("vexfs: the mount covers its source and sees every change; nothing to watch\n",
               stderr);
    return kExitOk;
  }
  return follow(arguments, *source);
}

}  // namespace vexfs::cli
