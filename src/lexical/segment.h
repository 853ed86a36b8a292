// Segment: the part of a lexical index that does not change, in one image of bytes.
#ifndef VEXFS_LEXICAL_SEGMENT_H_
#define VEXFS_LEXICAL_SEGMENT_H_

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/status.h"
#include "lexical/postings.h"

namespace vexfs::lexical {

// A passage that the index knows. Values are on disk.
struct DocRow {
  uint32_t slot;
  uint32_t length;  // Of its text, in terms.
};
static_assert(sizeof(DocRow) == 8);

// A term, in order of its bytes. Offsets are into the strings and the postings; the next row's end
// this one's. Values are on disk.
struct TermRow {
  uint64_t postings;
  uint32_t string;
  uint32_t docs;  // In which it occurs.
};
static_assert(sizeof(TermRow) == 16);

// Starts an image; the arrays follow in this order, without gaps.
// docs/format.md#lexical-checkpoints.
struct SegmentHeader {
  static constexpr std::array<char, 8> kMagic = {'V', 'X', 'L', 'E', 'X', 'I', 'C', 1};

  std::array<char, 8> magic = kMagic;  // Its last byte is the version.
  uint32_t docs = 0;
  uint32_t terms = 0;  // Rows: one more than there are terms.
  uint32_t string_bytes = 0;
  uint32_t reserved = 0;
  uint64_t postings_bytes = 0;
};
static_assert(sizeof(SegmentHeader) == 32);

// A view of an image, which must outlive it. Threads: any number.
class Segment {
 public:
  Segment() = default;  // Empty.
  // EUCLEAN where the image contradicts itself. Postings are looked at when they are read.
  static Result<Segment> open(std::span<const std::byte> image);

  std::span<const DocRow> docs() const { return docs_; }
  uint32_t terms() const { return terms_.empty() ? 0 : static_cast<uint32_t>(terms_.size() - 1); }
  std::string_view term(uint32_t row) const;
  uint32_t doc_count(uint32_t row) const { return terms_[row].docs; }
  PostingsReader postings(uint32_t row) const;
  // The term's row, or terms() where it is not there.
  uint32_t find(std::string_view term) const;

 private:
  std::span<const DocRow> docs_;
  std::span<const TermRow> terms_;
  std::string_view strings_;
  std::span<const std::byte> postings_;
};

// Makes an image: documents first, then terms in order with their postings.
class SegmentBuilder {
 public:
  void add_doc(const DocRow& doc) {
    docs_.append(reinterpret_cast<const char*>(&doc), sizeof(doc));
  }
  void add_term(std::string_view term, uint32_t docs, std::string_view postings);
  // EFBIG where the strings are beyond 32 bits.
  Result<std::string> finish();

 private:
  std::string docs_;
  std::string terms_;
  std::string strings_;
  std::string postings_;
};

}  // namespace vexfs::lexical

#endif  // VEXFS_LEXICAL_SEGMENT_H_
