// JsonWriter: appends JSON to a std::string and places the commas.
//
//   JsonWriter json(out);
//   json.object().member("pid", pid).member("source", path).key("spaces").array();
//   for (const Space& space : spaces) append_space(space, json);
//   json.end().end();
//
// The caller is responsible for valid JSON: keys stand in objects only, and each is followed by one
// value. Assertions check this where the nesting shows it. Strings may hold any bytes;
// TextWriter::json() says what becomes of those that are not UTF-8.
#ifndef VEXFS_BASE_JSON_WRITER_H_
#define VEXFS_BASE_JSON_WRITER_H_

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/text_writer.h"

namespace vexfs {

class JsonWriter {
 public:
  static constexpr unsigned kDepthMax = 32;

  // Appends to `out`, which must outlive the writer.
  explicit JsonWriter(std::string& out) : writer_(out) {}

  JsonWriter& object() { return open('{', true); }
  JsonWriter& array() { return open('[', false); }
  // Closes the innermost object or array that is open.
  JsonWriter& end();

  JsonWriter& key(std::string_view name);

  JsonWriter& value(std::string_view text);
  JsonWriter& value(const char* text) { return value(std::string_view(text)); }
  JsonWriter& value(bool truth);
  template <std::integral T>
  JsonWriter& value(T number) {
    separate();
    writer_.number(number);
    return *this;
  }
  // As TextWriter::shortest() and fixed() write them: null where the number is not finite.
  JsonWriter& value(float number);
  JsonWriter& fixed(double number, unsigned decimals);
  JsonWriter& null();
  // Appends JSON that was written elsewhere, as one value.
  JsonWriter& raw(std::string_view json);

  template <typename T>
  JsonWriter& member(std::string_view name, const T& its_value) {
    return key(name).value(its_value);
  }

 private:
  JsonWriter& open(char bracket, bool is_object);
  // Appends the comma before a key or an element, where one is due.
  void separate();

  TextWriter writer_;
  uint32_t objects_ = 0;  // Bit i: what was opened at depth i is an object.
  unsigned depth_ = 0;
  bool is_first_ = true;  // Nothing stands yet in what is open, or a key waits for its value.
};

}  // namespace vexfs

#endif  // VEXFS_BASE_JSON_WRITER_H_
