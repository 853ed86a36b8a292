// A query as JSON, which engine::parse_query_json() reads back as the same query. Members that have
// their default are left out.
#include "cli/query_request.h"

#include "base/text_writer.h"
#include "cli/vectors/vector_text.h"

namespace vexfs::cli {
namespace {

const char* name_of(engine::QueryMode mode) {
  if (mode == engine::QueryMode::kSemantic) return "semantic";
  return mode == engine::QueryMode::kLexical ? "lexical" : "hybrid";
}

void write_weight(TextWriter& writer, const char* name, float value, float otherwise) {
  if (value != otherwise) writer.text(",\"").text(name).text("\":").shortest(value);
}

void write_text(const engine::QueryRequest& request, TextWriter& writer) {
  writer.text(",\"text\":").json(request.text);
  if (request.mode.has_value()) writer.text(",\"mode\":\"").text(name_of(*request.mode)).text("\"");
  const engine::FusionOptions& fusion = request.fusion;
  const engine::FusionOptions usual;
  if (fusion.kind != usual.kind) {
    writer.text(",\"fusion\":");
    writer.json(fusion.kind == engine::FusionOptions::Kind::kReciprocalRank ? "rrf" : "weighted");
  }
  write_weight(writer, "semantic_weight", fusion.semantic_weight, usual.semantic_weight);
  write_weight(writer, "path_weight", fusion.path_weight, usual.path_weight);
  write_weight(writer, "recency", fusion.recency_days, usual.recency_days);
  if (!request.fold_duplicates) writer.text(",\"fold\":false");
  if (request.text_bytes != engine::QueryRequest().text_bytes) {
    writer.text(",\"text_bytes\":").number(request.text_bytes);
  }
}

}  // namespace

std::string to_json(const engine::QueryRequest& request) {
  std::string json;
  TextWriter writer(json);
  writer.text("{\"k\":").number(request.k);
  if (!request.text.empty()) write_text(request, writer);
  if (!request.vector.empty()) {
    writer.text(",\"vector\":");
    append_json_array(request.vector, json);
  }
  if (!request.like.empty()) writer.text(",\"like\":").json(request.like);
  if (!request.space.empty()) writer.text(",\"space\":").json(request.space);
  if (!request.path.empty()) writer.text(",\"path\":").json(request.path);
  if (!request.types.empty()) {
    const char* separator = ",\"type\":[";
    for (const std::string& type : request.types) {
      writer.text(separator).json(type);
      separator = ",";
    }
    writer.text("]");
  }
  if (request.after != 0) writer.text(",\"after\":").number(request.after);
  if (request.ef != 0) writer.text(",\"ef\":").number(request.ef);
  if (request.exact) writer.text(",\"exact\":true");
  writer.text("}");
  return json;
}

}  // namespace vexfs::cli
