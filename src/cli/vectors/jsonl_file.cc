// Lines are read by nlohmann's streaming parser (SAX): no tree is built, nothing is thrown, and a
// line with more numbers than a vector may have is refused at the first of them.
#include "cli/vectors/jsonl_file.h"

#include <nlohmann/json.hpp>

#include "base/json_writer.h"
#include "base/limits.h"
#include "cli/vectors/vector_text.h"

namespace vexfs::cli {
namespace {

// Takes the events of one line. Each handler returns false to stop the parser; depth 1 is inside
// the line's object, depth 2 inside its vector.
class LineEvents : public nlohmann::json_sax<nlohmann::json> {
 public:
  LineEvents(std::string& path, std::vector<float>& vector) : path_(path), vector_(vector) {}

  bool complete() {
    if (problem_ == nullptr && !has_path_) problem_ = "no \"path\" on this line";
    if (problem_ == nullptr && !has_vector_) problem_ = "no \"vector\" on this line";
    return problem_ == nullptr;
  }
  const char* problem() const { return problem_ == nullptr ? "this is not JSON" : problem_; }

  bool null() override { return other(); }
  bool boolean(bool) override { return other(); }
  bool number_integer(number_integer_t value) override { return number(double(value)); }
  bool number_unsigned(number_unsigned_t value) override { return number(double(value)); }
  bool number_float(number_float_t value, const string_t&) override { return number(value); }
  bool binary(binary_t&) override { return other(); }

  bool string(string_t& value) override {
    if (depth_ != 1 || key_ != Key::kPath) return other();
    if (value.empty()) return refuse("\"path\" is empty");
    if (value.size() >= limits::kSymlinkBytesMax) return refuse("\"path\" is too long");
    path_ = std::move(value);
    has_path_ = true;
    return true;
  }
  bool start_object(size_t) override {
    if (depth_ == 0) return deeper();
    return other() && deeper();
  }
  bool key(string_t& value) override {
    if (depth_ != 1) return true;
    key_ = value == "path" ? Key::kPath : value == "vector" ? Key::kVector : Key::kOther;
    if (key_ == Key::kPath && has_path_) return refuse("\"path\" stands there twice");
    if (key_ == Key::kVector && has_vector_) return refuse("\"vector\" stands there twice");
    return true;
  }
  bool end_object() override {
    --depth_;
    return true;
  }
  bool start_array(size_t) override {
    if (depth_ == 1 && key_ == Key::kVector) {
      has_vector_ = true;
      return deeper();
    }
    return other() && deeper();
  }
  bool end_array() override {
    --depth_;
    if (depth_ == 1 && key_ == Key::kVector && vector_.empty()) {
      return refuse("\"vector\" has no numbers");
    }
    return true;
  }
  bool parse_error(size_t, const std::string&, const nlohmann::detail::exception&) override {
    return false;
  }

 private:
  enum class Key { kPath, kVector, kOther };

  bool refuse(const char* problem) {
    problem_ = problem;
    return false;
  }
  bool deeper() {
    ++depth_;
    return true;
  }
  // A value where neither a path nor a number of the vector may stand.
  bool other() {
    if (depth_ == 0) return refuse("this is not a JSON object");
    if (key_ == Key::kVector) return refuse("\"vector\" is not an array of numbers");
    if (key_ == Key::kPath) return refuse("\"path\" is not a string");
    return true;
  }
  bool number(double value) {
    if (depth_ != 2 || key_ != Key::kVector) return other();
    if (vector_.size() == limits::kDimMax) return refuse("\"vector\" has more than 4096 numbers");
    static_assert(limits::kDimMax == 4096, "the sentence above says so");
    float narrowed = 0;
    if (!narrow_number(value, narrowed)) return refuse("a number of \"vector\" is out of range");
    vector_.push_back(narrowed);
    return true;
  }

  std::string& path_;
  std::vector<float>& vector_;
  const char* problem_ = nullptr;
  Key key_ = Key::kOther;
  unsigned depth_ = 0;
  bool has_path_ = false;
  bool has_vector_ = false;
};

}  // namespace

bool parse_jsonl_line(std::string_view line, std::string& path, std::vector<float>& vector,
                      const char*& problem) {
  path.clear();
  vector.clear();
  LineEvents events(path, vector);
  const bool parsed = nlohmann::json::sax_parse(line, &events) && events.complete();
  problem = parsed ? "" : events.problem();
  return parsed;
}

void append_jsonl_line(std::string_view path, std::span<const float> vector, std::string& out) {
  JsonWriter json(out);
  json.object().member("path", path).key("vector");
  append_json_array(vector, json);
  json.end();
  out += '\n';
}

Result<std::unique_ptr<VectorReader>> JsonlReader::open(Fd fd) {
  return std::unique_ptr<VectorReader>(new JsonlReader(std::move(fd)));
}

Result<VectorReader::Next> JsonlReader::next(VectorRow& row) {
  for (;;) {
    ++line_;
    const Result<std::optional<std::string_view>> line = stream_.line();
    row = {line_, {}, {}};
    if (line.error() == EMSGSIZE) {
      problem_ = "the line is too long";
      return Next::kBad;
    }
    if (!line.ok()) return line.status();
    if (!line.value().has_value()) return Next::kEnd;
    if (line.value()->find_first_not_of(" \t") == std::string_view::npos) continue;
    if (!parse_jsonl_line(*line.value(), path_, vector_, problem_)) return Next::kBad;
    row = {line_, path_, vector_};
    return Next::kRow;
  }
}

}  // namespace vexfs::cli
