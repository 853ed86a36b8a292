// Replies are parsed with nlohmann-json in its mode that does not throw.
#include "text/embedding_reply.h"

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <nlohmann/json.hpp>
#include <vector>

#include "base/json_writer.h"
#include "base/limits.h"
#include "text/static_model.h"

namespace vexfs::text {
namespace {

using Json = nlohmann::json;

// A proper reply nests three levels deep. Anything much deeper is taken for an attack on the
// parser.
constexpr int kDepthMax = 8;

const Json* member(const Json& object, const char* name) {
  if (!object.is_object()) return nullptr;
  const auto found = object.find(name);
  return found == object.end() ? nullptr : &*found;
}

// Answers the discarded value for what is not JSON or nests too deep.
Json parse(std::string_view reply) {
  bool too_deep = false;
  const Json::parser_callback_t watch = [&too_deep](int depth, Json::parse_event_t, Json&) {
    too_deep = too_deep || depth > kDepthMax;
    return !too_deep;
  };
  Json parsed = Json::parse(reply, watch, false);
  return too_deep ? Json(Json::value_t::discarded) : parsed;
}

// Reads a vector and normalises it. False unless it has exactly vector.size() finite numbers.
bool read_vector(const Json& embedding, std::span<float> vector) {
  if (!embedding.is_array() || embedding.size() != vector.size()) return false;
  for (size_t i = 0; i < vector.size(); ++i) {
    if (!embedding[i].is_number()) return false;
    vector[i] = embedding[i].get<float>();
    if (!std::isfinite(vector[i])) return false;
  }
  (void)StaticModel::normalise(vector);
  return true;
}

}  // namespace

std::string embedding_request(std::string_view model, std::span<const std::string_view> texts) {
  std::string request;
  JsonWriter json(request);
  json.object().member("model", model).member("encoding_format", "float").key("input").array();
  for (const std::string_view text : texts) json.value(text);
  json.end().end();
  return request;
}

Status read_embedding_reply(std::string_view reply, size_t inputs, uint32_t dim,
                            std::span<float> vectors) {
  const Json parsed = parse(reply);
  const Json* data = member(parsed, "data");
  if (data == nullptr || !data->is_array() || data->size() != inputs) {
    return Status(EPROTO, "embedder: the reply has not one vector for each text");
  }
  std::vector<bool> seen(inputs);
  for (size_t i = 0; i < inputs; ++i) {
    const Json* index = member((*data)[i], "index");
    const Json* embedding = member((*data)[i], "embedding");
    // Some servers leave the index out; their vectors come in the order of the texts.
    const size_t row = index != nullptr && index->is_number_unsigned() ? index->get<size_t>() : i;
    if (embedding == nullptr || row >= inputs || seen[row]) {
      return Status(EPROTO, "embedder: the reply lacks a text or has one twice");
    }
    seen[row] = true;
    if (!read_vector(*embedding, vectors.subspan(row * dim, dim))) {
      return Status(EPROTO, "embedder: a vector of another dimension, or not of numbers");
    }
  }
  return {};
}

Result<uint32_t> embedding_reply_dim(std::string_view reply) {
  const Json parsed = parse(reply);
  const Json* data = member(parsed, "data");
  if (data != nullptr && data->is_array() && !data->empty()) {
    const Json* embedding = member((*data)[0], "embedding");
    if (embedding != nullptr && embedding->is_array() && !embedding->empty() &&
        embedding->size() <= limits::kDimMax) {
      return static_cast<uint32_t>(embedding->size());
    }
  }
  return Status(EPROTO, "embedder: the reply has no vector");
}

}  // namespace vexfs::text
