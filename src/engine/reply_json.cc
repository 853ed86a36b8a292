// Numbers and names through TextWriter: no locale, names that are not UTF-8 stay JSON.
#include "engine/reply_json.h"

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
    writer.text(",\"line\":").number(hit.line).text("}");
    separator = ",";
  }
  writer.text("],\"total_us\":").number(result.total_us);
  writer.text(",\"complete\":").text(flag(result.complete));
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

}  // namespace vexfs::engine
