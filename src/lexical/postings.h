// Postings: the documents that a term occurs in, as bytes. A posting is the distance from the
// document before it and the number of occurrences, both as varints (LEB128).
#ifndef VEXFS_LEXICAL_POSTINGS_H_
#define VEXFS_LEXICAL_POSTINGS_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace vexfs::lexical {

// Numbers the passages of one part of an index, from 0 in the order in which they were added.
using DocNumber = uint32_t;

struct Posting {
  DocNumber doc = 0;
  uint32_t count = 0;  // Occurrences of the term in it; never 0.
};

// Appends postings, whose documents must ascend.
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

// Reads postings until the end of the bytes or until they are broken, so bytes from a damaged file
// are safe. Documents ascend; the caller checks that there are so many.
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
