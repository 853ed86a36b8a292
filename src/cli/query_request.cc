// One JSON object.
#include "cli/query_request.h"

#include "base/text_writer.h"
#include "cli/vector_text.h"

namespace vexfs::cli {

std::string to_json(const QueryRequest& request) {
  std::string json;
  TextWriter writer(json);
  writer.text("{\"k\":").number(request.k);
  if (!request.vector.empty()) {
    writer.text(",\"vector\":");
    append_json_array(request.vector, json);
  }
  if (!request.like.empty()) writer.text(",\"like\":").json(request.like);
  if (!request.space.empty()) writer.text(",\"space\":").json(request.space);
  if (!request.types.empty()) {
    const char* separator = ",\"type\":[";
    for (const std::string& type : request.types) {
      writer.text(separator).json(type);
      separator = ",";
    }
    writer.text("]");
  }
  if (!request.after.empty()) writer.text(",\"after\":").json(request.after);
  if (request.ef != 0) writer.text(",\"ef\":").number(request.ef);
  if (request.exact) writer.text(",\"exact\":true");
  writer.text("}");
  return json;
}

}  // namespace vexfs::cli
