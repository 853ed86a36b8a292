// Numbers and names through TextWriter: no locale, names that are not UTF-8 stay JSON.
#include "engine/query/reply_json.h"

#include <cerrno>
#include <cstring>

#include "base/text_writer.h"

namespace vexfs::engine {
namespace {

const char* flag(bool value) { return value ? "true" : "false"; }

}  // namespace

void write_hits(const QueryResult& result, std::string& reply) {
  reply.clear();
  TextWriter writer(reply);
  writer.text("{\"hits\":[");
  const char* separator = "";
  for (const Hit& hit : result.hits) {
    writer.text(separator).text("{\"path\":").json(hit.path);
    writer.text(",\"score\":").shortest(hit.score);
    writer.text(",\"start\":").number(hit.start).text(",\"end\":").number(hit.end);
    writer.text(",\"line\":").number(hit.line);
    if (!hit.text.empty()) writer.text(",\"text\":").json(hit.text);
    if (hit.semantic.has_value()) writer.text(",\"semantic\":").shortest(*hit.semantic);
    if (hit.lexical.has_value()) writer.text(",\"lexical\":").shortest(*hit.lexical);
    if (hit.duplicates > 0) writer.text(",\"duplicates\":").number(hit.duplicates);
    writer.text("}");
    separator = ",";
  }
  writer.text("],\"total_us\":").number(result.total_us);
  writer.text(",\"complete\":").text(flag(result.complete));
  if (result.words_only) writer.text(",\"words_only\":true");
  writer.text(",\"cached\":").text(flag(result.cached));
  writer.text(",\"plan\":").json(result.plan);
  writer.text(",\"distances\":").number(result.distances);
  writer.text(",\"hops\":").number(result.hops);
  writer.text(",\"refinements\":").number(result.refinements).text("}\n");
}

void write_error(const QueryError& error, std::string& reply) {
  reply.clear();
  // One number has two names; ours is the one of POSIX.
  const char* code = error.error == ENOTSUP ? "ENOTSUP" : ::strerrorname_np(error.error);
  TextWriter writer(reply);
  writer.text("{\"error\":{\"code\":").json(code == nullptr ? "EIO" : code);
  writer.text(",\"message\":").json(error.message).text("}}\n");
}

void write_duplicates(const DuplicatesResult& result, const char* member, std::string& reply) {
  reply.clear();
  TextWriter writer(reply);
  writer.text("{\"").text(member).text("\":[");
  const char* separator = "";
  for (const DuplicateGroup& group : result.groups) {
    writer.text(separator).text("{\"distance\":");
    writer.shortest(group.distance).text(",\"paths\":[");
    const char* between = "";
    for (const std::string& path : group.paths) {
      writer.text(between).json(path);
      between = ",";
    }
    writer.text("]}");
    separator = ",";
  }
  writer.text("],\"complete\":").text(flag(result.complete)).text("}\n");
}

void write_files(const FileList& list, std::string& reply) {
  reply.clear();
  TextWriter writer(reply);
  writer.text("{\"files\":[");
  const char* separator = "";
  for (const ListedFile& file : list.files) {
    writer.text(separator).text("{\"path\":").json(file.path);
    writer.text(",\"vectors\":").number(file.vectors).text("}");
    separator = ",";
  }
  writer.text("],\"more\":").text(flag(list.more)).text("}\n");
}

void write_failures(const FileList& list, std::string& reply) {
  reply.clear();
  TextWriter writer(reply);
  writer.text("{\"failures\":[");
  const char* separator = "";
  for (const ListedFile& file : list.files) {
    writer.text(separator).text("{\"path\":").json(file.path).text(",\"state\":");
    writer.json(file.skipped ? "skipped" : "failed").text(",\"why\":").json(file.why).text("}");
    separator = ",";
  }
  writer.text("],\"more\":").text(flag(list.more)).text("}\n");
}

void append_progress(const TextProgress& progress, bool counts, std::string& json) {
  TextWriter writer(json);
  writer.text("\"indexing\":").text(flag(progress.indexing));
  writer.text(",\"scanning\":").text(flag(progress.scanning));
  if (counts) {
    writer.text(",\"documents\":").number(progress.documents);
    writer.text(",\"passages\":").number(progress.passages);
    writer.text(",\"pending\":").number(progress.pending);
    writer.text(",\"failed\":").number(progress.failed);
    writer.text(",\"skipped\":").number(progress.skipped);
  }
  writer.text(",\"files_per_second\":").fixed(double{progress.files_per_second}, 1);
  writer.text(",\"seconds_left\":").fixed(double{progress.seconds_left}, 1);
  if (!progress.trouble.ok()) writer.text(",\"trouble\":").json(progress.trouble.what());
  if (!progress.change.has_value()) return;
  const TextProgress::Switch& change = *progress.change;
  writer.text(",\"switching\":{\"to\":").json(change.to);
  if (counts) {
    writer.text(",\"documents\":").number(change.documents).text(",\"of\":").number(change.of);
  }
  writer.text(",\"files_per_second\":").fixed(double{change.files_per_second}, 1);
  writer.text(",\"seconds_left\":").fixed(double{change.seconds_left}, 1);
  if (!change.trouble.ok()) writer.text(",\"trouble\":").json(change.trouble.what());
  writer.text("}");
}

void write_progress(const TextProgress& progress, bool counts, std::string& reply) {
  reply = "{\"progress\":{";
  append_progress(progress, counts, reply);
  reply += "}}\n";
}

}  // namespace vexfs::engine
