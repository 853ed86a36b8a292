// Reads the few Python literals that NumPy writes into the header (NEP 1, and
// numpy.lib.format): a dictionary of strings, a bool and a tuple, and nothing else.
#include "cli/vectors/npy_header.h"

#include "base/limits.h"
#include "base/parse.h"
#include "base/text_writer.h"

namespace vexfs::cli {
namespace {

constexpr size_t kWrittenHeaderBytes = 128;  // A multiple of 64, as NumPy aligns the data.

// A cursor over the text. Each method skips blanks, takes what it is named after if that is next,
// and otherwise takes nothing.
class Literals {
 public:
  explicit Literals(std::string_view text) : text_(text) {}

  void blanks() {
    const size_t next = text_.find_first_not_of(" \t\r\n");
    text_.remove_prefix(next == std::string_view::npos ? text_.size() : next);
  }
  bool symbol(char c) {
    blanks();
    if (!text_.starts_with(c)) return false;
    text_.remove_prefix(1);
    return true;
  }
  // 'text' or "text"; NumPy escapes nothing in what we know.
  bool string(std::string_view& value) {
    blanks();
    if (text_.empty() || (text_[0] != '\'' && text_[0] != '"')) return false;
    const size_t end = text_.find(text_[0], 1);
    if (end == std::string_view::npos) return false;
    value = text_.substr(1, end - 1);
    text_.remove_prefix(end + 1);
    return true;
  }
  // A run of letters or of digits.
  std::string_view word(std::string_view of) {
    blanks();
    const std::string_view found = text_.substr(0, text_.find_first_not_of(of));
    text_.remove_prefix(found.size());
    return found;
  }
  bool ended() {
    blanks();
    return text_.empty();
  }

 private:
  std::string_view text_;
};

constexpr std::string_view kLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
constexpr std::string_view kDigits = "0123456789";
constexpr StaticText kBroken = "the npy header is damaged";

Status parse_element(std::string_view descr, ElementType& element) {
  if (descr == "<f4") {
    element = ElementType::kF32;
  } else if (descr == "<f2") {
    element = ElementType::kF16;
  } else if (descr.ends_with("f8")) {
    return Status(EINVAL, "the array is float64; save it with .astype('<f4')");
  } else {
    return Status(EINVAL, "the array is neither float32 nor float16, little-endian");
  }
  return Status();
}

// (rows, dim) or (rows, dim,)
Status parse_shape(Literals& literals, NpyShape& shape) {
  constexpr StaticText kTwo = "the array does not have two dimensions";
  if (!literals.symbol('(')) return Status(EINVAL, kBroken);
  const std::string_view rows = literals.word(kDigits);
  if (!literals.symbol(',')) return Status(EINVAL, literals.symbol(')') ? kTwo : kBroken);
  const std::string_view dim = literals.word(kDigits);
  if (dim.empty()) return Status(EINVAL, kTwo);
  if (literals.symbol(',') && !literals.word(kDigits).empty()) return Status(EINVAL, kTwo);
  if (!literals.symbol(')')) return Status(EINVAL, kBroken);
  const Result<uint64_t> parsed_rows = parse_u64(rows, 0, limits::kSlotsMax);
  if (!parsed_rows.ok()) return Status(EINVAL, "the array has more rows than a space may have");
  const Result<uint64_t> parsed_dim = parse_u64(dim, 1, limits::kDimMax);
  if (!parsed_dim.ok()) return Status(EINVAL, "the array's rows are not of 1 to 4096 numbers");
  static_assert(limits::kDimMax == 4096, "the sentence above says so");
  shape.rows = parsed_rows.value();
  shape.dim = static_cast<uint32_t>(parsed_dim.value());
  return Status();
}

}  // namespace

Result<size_t> npy_length_bytes(std::string_view magic) {
  if (magic.size() != kNpyMagicBytes || !magic.starts_with(kNpyMagic)) {
    return Status(EINVAL, "this is not an npy file");
  }
  const char major = magic[6];
  if (major < 1 || major > 3 || magic[7] != 0) {
    return Status(EINVAL, "an npy file of a version later than 3.0");
  }
  return major == 1 ? size_t{2} : size_t{4};
}

Result<NpyShape> parse_npy_text(std::string_view text) {
  NpyShape shape;
  Literals literals(text);
  bool has_descr = false;
  bool has_order = false;
  bool has_shape = false;
  if (!literals.symbol('{')) return Status(EINVAL, kBroken);
  while (!literals.symbol('}')) {
    std::string_view key;
    if (!literals.string(key) || !literals.symbol(':')) return Status(EINVAL, kBroken);
    if (key == "descr" && !has_descr) {
      std::string_view descr;
      // A list here describes a structured array.
      if (!literals.string(descr)) return Status(EINVAL, "the array does not hold plain numbers");
      VEXFS_CHECK_OK(parse_element(descr, shape.element));
      has_descr = true;
    } else if (key == "fortran_order" && !has_order) {
      const std::string_view value = literals.word(kLetters);
      if (value == "True") return Status(EINVAL, "the array is in Fortran order, not in C order");
      if (value != "False") return Status(EINVAL, kBroken);
      has_order = true;
    } else if (key == "shape" && !has_shape) {
      VEXFS_CHECK_OK(parse_shape(literals, shape));
      has_shape = true;
    } else {
      return Status(EINVAL, kBroken);
    }
    if (literals.symbol(',')) continue;
    if (!literals.symbol('}')) return Status(EINVAL, kBroken);
    break;
  }
  if (!has_descr || !has_order || !has_shape || !literals.ended()) return Status(EINVAL, kBroken);
  return shape;
}

std::string make_npy_header(const NpyShape& shape) {
  constexpr size_t kTextBytes = kWrittenHeaderBytes - kNpyMagicBytes - 2;
  static_assert(kTextBytes < 256, "the length's upper byte is zero");
  std::string header(kNpyMagic);
  header += {'\x01', '\x00', static_cast<char>(kTextBytes), '\x00'};
  TextWriter writer(header);
  writer.text("{'descr': '").text(shape.element == ElementType::kF32 ? "<f4" : "<f2");
  writer.text("', 'fortran_order': False, 'shape': (").number(shape.rows);
  writer.text(", ").number(shape.dim).text("), }");
  header.resize(kWrittenHeaderBytes - 1, ' ');
  header += '\n';
  return header;
}

}  // namespace vexfs::cli
