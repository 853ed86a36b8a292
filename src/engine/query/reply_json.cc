// Names of files are bytes. JsonWriter replaces those that are not UTF-8, so each reply is valid
// JSON.
#include "engine/query/reply_json.h"

#include <cerrno>
#include <cstring>

namespace vexfs::engine {
namespace {

// Writes one object, whose members `write` appends, and a newline.
template <typename Write>
void write_line(std::string& reply, Write write) {
  reply.clear();
  JsonWriter json(reply);
  json.object();
  write(json);
  json.end();
  reply += '\n';
}

void append_hit(const Hit& hit, JsonWriter& json) {
  json.object().member("path", hit.path).member("score", hit.score);
  json.member("start", hit.start).member("end", hit.end).member("line", hit.line);
  if (!hit.text.empty()) json.member("text", hit.text);
  if (hit.semantic.has_value()) json.member("semantic", *hit.semantic);
  if (hit.lexical.has_value()) json.member("lexical", *hit.lexical);
  if (hit.duplicates > 0) json.member("duplicates", hit.duplicates);
  json.end();
}

}  // namespace

void write_hits(const QueryResult& result, std::string& reply) {
  write_line(reply, [&](JsonWriter& json) {
    json.key("hits").array();
    for (const Hit& hit : result.hits) append_hit(hit, json);
    json.end().member("total_us", result.total_us).member("complete", result.complete);
    if (result.words_only) json.member("words_only", true);
    json.member("cached", result.cached).member("plan", result.plan);
    json.member("distances", result.distances).member("hops", result.hops);
    json.member("refinements", result.refinements);
  });
}

void write_error(const Refusal& refusal, std::string& reply) {
  // ENOTSUP and EOPNOTSUPP are one number on Linux; the protocol uses the name of POSIX.
  const char* const known = refusal.error == ENOTSUP ? "ENOTSUP" : ::strerrorname_np(refusal.error);
  write_line(reply, [&](JsonWriter& json) {
    json.key("error").object().member("code", known == nullptr ? "EIO" : known);
    json.member("message", refusal.message).end();
  });
}

void write_duplicates(const DuplicatesResult& result, const char* member, std::string& reply) {
  write_line(reply, [&](JsonWriter& json) {
    json.key(member).array();
    for (const DuplicateGroup& group : result.groups) {
      json.object().member("distance", group.distance).key("paths").array();
      for (const std::string& path : group.paths) json.value(path);
      json.end().end();
    }
    json.end().member("complete", result.complete);
  });
}

void write_files(const FileList& list, std::string& reply) {
  write_line(reply, [&](JsonWriter& json) {
    json.key("files").array();
    for (const ListedFile& file : list.files) {
      json.object().member("path", file.path).member("vectors", file.vectors).end();
    }
    json.end().member("more", list.more);
  });
}

void write_failures(const FileList& list, std::string& reply) {
  write_line(reply, [&](JsonWriter& json) {
    json.key("failures").array();
    for (const ListedFile& file : list.files) {
      json.object().member("path", file.path);
      json.member("state", file.skipped ? "skipped" : "failed").member("why", file.why).end();
    }
    json.end().member("more", list.more);
  });
}

void append_progress(const TextProgress& progress, bool counts, JsonWriter& json) {
  json.member("indexing", progress.indexing).member("scanning", progress.scanning);
  if (counts) {
    json.member("documents", progress.documents).member("passages", progress.passages);
    json.member("pending", progress.pending).member("failed", progress.failed);
    json.member("skipped", progress.skipped);
  }
  json.key("files_per_second").fixed(progress.files_per_second, 1);
  json.key("seconds_left").fixed(progress.seconds_left, 1);
  if (!progress.trouble.empty()) json.member("trouble", progress.trouble);
  if (!progress.warning.empty()) json.member("warning", progress.warning);
  if (!progress.change.has_value()) return;
  const TextProgress::Switch& change = *progress.change;
  json.key("switching").object().member("to", change.to);
  if (counts) json.member("documents", change.documents).member("of", change.of);
  json.key("files_per_second").fixed(change.files_per_second, 1);
  json.key("seconds_left").fixed(change.seconds_left, 1);
  if (!change.trouble.empty()) json.member("trouble", change.trouble);
  json.end();
}

void write_progress(const TextProgress& progress, bool counts, std::string& reply) {
  write_line(reply, [&](JsonWriter& json) {
    json.key("progress").object();
    append_progress(progress, counts, json);
    json.end();
  });
}

}  // namespace vexfs::engine
