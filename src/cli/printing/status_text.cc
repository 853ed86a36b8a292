// Prints lines of a name and a value. Members that are missing are left out and unknown ones passed
// over, so the status of older and newer mounts can be shown.
#include "cli/printing/status_text.h"

#include <cinttypes>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "cli/printing/display.h"

namespace vexfs::cli {
namespace {

void line(std::string& text, const char* name, const std::string& value) {
  char padded[32];
  std::snprintf(padded, sizeof(padded), "  %-12s ", name);
  text.append(padded).append(value).append("\n");
}

std::string seconds(const Json& object, const char* name) {
  char text[32];
  std::snprintf(text, sizeof(text), "%.0f s", real_in(object, name));
  return text;
}

std::string shown_age(uint64_t seconds) {
  if (seconds < 120) return std::to_string(seconds) + " s";
  if (seconds < 7200) return std::to_string(seconds / 60) + " min";
  if (seconds < 172800) return std::to_string(seconds / 3600) + " h";
  return std::to_string(seconds / 86400) + " days";
}

std::string shown_recall(const Json& space) {
  char text[32];
  std::snprintf(text, sizeof(text), "%.3f", real_in(space, "self_check_recall"));
  return text;
}

// "512 x f16, cosine, 12345 vectors"
std::string shown_space(const Json& space) {
  std::string text = std::to_string(number_in(space, "dim")) + " x " + text_in(space, "storage") +
                     ", " + text_in(space, "metric");
  if (member(space, "vectors").is_number_unsigned()) {
    text += ", " + std::to_string(number_in(space, "vectors")) + " vectors";
  }
  return text;
}

// The figures of a space that is open: memory, queues, recall.
std::string shown_activity(const Json& space) {
  if (!flag_in(space, "open")) return {};
  std::string text = shown_bytes(number_in(space, "resident_bytes")) + " resident";
  if (number_in(space, "pending") != 0) {
    text += ", " + std::to_string(number_in(space, "pending")) + " to be linked";
  }
  if (number_in(space, "unlinking") != 0) {
    text += ", " + std::to_string(number_in(space, "unlinking")) + " to be unlinked";
  }
  if (member(space, "self_check_recall").is_number()) text += ", recall " + shown_recall(space);
  return text;
}

void mount_lines(const Json& status, std::string& text) {
  const Json& passthrough = member(status, "passthrough");
  const Json& timeouts = member(status, "timeouts");
  line(text, "version",
       text_in(status, "version") + ", pid " + std::to_string(number_in(status, "pid")));
  line(text, "file data",
       flag_in(passthrough, "active") ? "kernel passthrough"
                                      : "through the daemon: " + text_in(passthrough, "reason"));
  line(text, "identity", "by " + text_in(status, "identity"));
  const Json& locks = member(status, "locks");
  if (flag_in(locks, "remote")) {
    line(text, "locks",
         "by the source's filesystem, " + std::to_string(number_in(locks, "owners")) + " owners, " +
             std::to_string(number_in(locks, "waiting")) + " waiting");
  }
  line(text, "caches",
       "names " + seconds(timeouts, "entry") + ", attributes " + seconds(timeouts, "attributes") +
           ", absent names " + seconds(timeouts, "negative"));
  char resident[32];
  std::snprintf(resident, sizeof(resident), "%.1f MiB",
                static_cast<double>(number_in(status, "rss_bytes")) / (1024.0 * 1024.0));
  line(text, "in use",
       std::to_string(number_in(status, "inodes")) + " inodes, " +
           std::to_string(number_in(status, "open_files")) + " open files, " +
           std::to_string(number_in(status, "file_descriptors")) + " descriptors, " + resident +
           " resident");
}

}  // namespace

std::string shown_status(const Json& status) {
  const bool mounted = member(status, "mountpoint").is_string();
  std::string text = text_in(status, "source");
  text += mounted ? " on " + text_in(status, "mountpoint") + "\n" : ", not mounted\n";
  if (mounted) mount_lines(status, text);
  for (const Json& space : array_in(status, "spaces")) {
    line(text, "space", text_in(space, "name") + ": " + shown_space(space));
    const std::string activity = shown_activity(space);
    if (!activity.empty()) line(text, "", activity);
    if (member(space, "error").is_string()) line(text, "error", text_in(space, "error"));
  }
  const std::string embedder = text_in(member(status, "text"), "embedder");
  if (!embedder.empty()) line(text, "embedder", embedder);
  const std::string lost = text_in(member(status, "store"), "error");
  if (!lost.empty()) line(text, "error", "vectors cannot be written: " + lost);
  for (const Json& error : array_in(status, "errors")) {
    line(text, "error", error.is_string() ? error.get<std::string>() : error.dump());
  }
  return text;
}

std::string shown_index(const TextProgress& progress, const std::vector<FailedFile>& failed) {
  std::string text;
  line(text, "indexed",
       grouped(progress.documents) + " files, " + grouped(progress.passages) + " passages");
  if (progress.indexing || progress.pending != 0) {
    std::string waiting = grouped(progress.pending) + " files";
    if (progress.scanning) {
      waiting = progress.pending == 0 ? "all files are looked at" : waiting + ", or more";
    }
    if (progress.files_per_second > 0) {
      waiting += ", " + grouped(static_cast<uint64_t>(progress.files_per_second)) + "/s, " +
                 shown_age(static_cast<uint64_t>(progress.seconds_left) + 1) + " left";
    }
    line(text, "waiting", waiting);
  }
  if (progress.skipped != 0) line(text, "without text", grouped(progress.skipped) + " files");
  if (progress.failed != 0) line(text, "failed", grouped(progress.failed) + " files");
  for (const FailedFile& file : failed) line(text, "", file.path + ": " + file.why);
  if (progress.failed > failed.size()) line(text, "", "vexfs status --failed lists all");
  if (!progress.trouble.empty()) line(text, "trouble", progress.trouble);
  if (!progress.warning.empty()) line(text, "warning", progress.warning);
  if (!progress.change.has_value()) return text;
  const TextProgress::Switch& change = *progress.change;
  std::string moving = switch_sentence(change);
  if (change.files_per_second > 0) {
    moving += ", " + grouped(static_cast<uint64_t>(change.files_per_second)) + "/s, " +
              shown_age(static_cast<uint64_t>(change.seconds_left) + 1) + " left";
  }
  line(text, "switching", moving);
  if (!change.trouble.empty()) line(text, "trouble", change.trouble);
  return text;
}

std::string shown_store(const Json& status) {
  const Json& store = member(status, "store");
  std::string text = text_in(status, "source") + "\n";
  line(text, "changes",
       std::to_string(number_in(store, "last_change")) + ", " +
           std::to_string(number_in(store, "waiting_changes")) + " wait for a commit");
  line(text, "log", shown_bytes(number_in(store, "log_bytes")));
  line(text, "started", flag_in(store, "started_clean") ? "after a clean end" : "by recovery");
  for (const Json& space : array_in(status, "spaces")) {
    text += "space " + text_in(space, "name") + "\n";
    line(text, "vectors", shown_space(space));
    line(text, "graph",
         "m " + std::to_string(number_in(space, "m")) + ", ef_construction " +
             std::to_string(number_in(space, "ef_construction")) + ", ef_search " +
             std::to_string(number_in(space, "ef_search")));
    if (!flag_in(space, "open")) {
      line(text, "open", "not yet");
      continue;
    }
    line(text, "linked",
         std::to_string(number_in(space, "linked")) + ", " +
             std::to_string(number_in(space, "pending")) + " wait, " +
             std::to_string(number_in(space, "unlinking")) + " leave");
    line(text, "bytes",
         shown_bytes(number_in(space, "resident_bytes")) + " in memory, " +
             shown_bytes(number_in(space, "disk_bytes")) + " of vectors on disk");
    line(text, "checkpoint",
         member(space, "checkpoint_age_s").is_number()
             ? "of change " + std::to_string(number_in(space, "checkpoint")) + ", " +
                   shown_age(number_in(space, "checkpoint_age_s")) + " old"
             : "none");
    if (member(space, "self_check_recall").is_number()) line(text, "recall", shown_recall(space));
  }
  return text;
}

}  // namespace vexfs::cli
