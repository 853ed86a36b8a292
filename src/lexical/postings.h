// Postings: where a term occurs, as bytes: (distance to the document before, count), both varints.
#ifndef VEXFS_LEXICAL_POSTINGS_H_
#define VEXFS_LEXICAL_POSTINGS_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace vexfs::lexical {

// A number of a document within a part of the index: passages in order of being added.
using DocNumber = uint32_t;

struct Posting {
  DocNumber doc = 0;
  uint32_t count = 0;  // Occurrences of the term.
};

// Appends postings of growing documents.
class PostingsWriter {
 public:
  void add(const Posting& posting) {
    append(posting.doc - next_);
    append(posting.count);
    next_ = posting.doc + 1;
  }
  const std::string& bytes() const { return bytes_; }

 private:
  void append(uint32_t value) {
    for (; value >= 0x80; value >>= 7) bytes_.push_back(static_cast<char>(value | 0x80U));
    bytes_.push_back(static_cast<char>(value));
  }

  std::string bytes_;
  DocNumber next_ = 0;
};

// Reads them; ends at the end of the bytes or where they are broken. What it gives grows, and is
// for the caller to compare with how many documents there are.
class PostingsReader {
 public:
  explicit PostingsReader(std::span<const std::byte> bytes)
      : at_(bytes.data()), end_(bytes.data() + bytes.size()) {}

  bool next(Posting& posting) {
    uint32_t distance = 0;
    if (!read(distance) || !read(posting.count) || distance > UINT32_MAX - next_) return false;
    posting.doc = next_ + distance;
    if (posting.doc == UINT32_MAX || posting.count == 0) return false;
    next_ = posting.doc + 1;
    return true;
  }

 private:
  bool read(uint32_t& value) {
    value = 0;
    for (unsigned shift = 0; at_ != end_ && shift < 32; shift += 7) {
      const auto byte = std::to_integer<uint32_t>(*at_++);
      value |= (byte & 0x7FU) << shift;
      if (byte < 0x80) return true;
    }
    return false;
  }

  const std::byte* at_;
  const std::byte* end_;
  DocNumber next_ = 0;
};

}  // namespace vexfs::lexical

#endif  // VEXFS_LEXICAL_POSTINGS_H_
