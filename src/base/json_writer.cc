// Places commas and brackets; TextWriter writes keys and values.
#include "base/json_writer.h"

#include <cassert>

namespace vexfs {

JsonWriter& JsonWriter::open(char bracket, bool is_object) {
  assert(depth_ < kDepthMax);
  separate();
  writer_.character(bracket);
  const uint32_t bit = uint32_t{1} << depth_++;
  objects_ = is_object ? objects_ | bit : objects_ & ~bit;
  is_first_ = true;
  return *this;
}

JsonWriter& JsonWriter::end() {
  assert(depth_ > 0);
  const bool is_object = (objects_ >> --depth_ & 1) != 0;
  writer_.character(is_object ? '}' : ']');
  is_first_ = false;
  return *this;
}

JsonWriter& JsonWriter::key(std::string_view name) {
  assert(depth_ > 0 && (objects_ >> (depth_ - 1) & 1) != 0);
  separate();
  writer_.json(name).character(':');
  is_first_ = true;
  return *this;
}

JsonWriter& JsonWriter::value(std::string_view text) {
  separate();
  writer_.json(text);
  return *this;
}

JsonWriter& JsonWriter::value(bool truth) { return raw(truth ? "true" : "false"); }

JsonWriter& JsonWriter::value(float number) {
  separate();
  writer_.shortest(number);
  return *this;
}

JsonWriter& JsonWriter::fixed(double number, unsigned decimals) {
  separate();
  writer_.fixed(number, decimals);
  return *this;
}

JsonWriter& JsonWriter::null() { return raw("null"); }

JsonWriter& JsonWriter::raw(std::string_view json) {
  separate();
  writer_.text(json);
  return *this;
}

void JsonWriter::separate() {
  if (!is_first_) writer_.character(',');
  is_first_ = false;
}

}  // namespace vexfs
