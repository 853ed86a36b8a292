// Segment: the part of a lexical index that does not change, as one image of bytes. It is used from
// a mapped file in place.
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

// A passage. The values are on the disk: docs/format.md describes them.
struct DocRow {
  uint32_t slot;
  uint32_t length;  // The length of its text, in terms.
};
static_assert(sizeof(DocRow) == 8);

// A term. Rows are in the order of the terms' bytes. The offsets say where the term starts in the
// strings and its postings in the postings; both end where those of the next row start. The values
// are on the disk.
struct TermRow {
  uint64_t postings;
  uint32_t string;
  uint32_t docs;  // The number of passages that it occurs in.
};
static_assert(sizeof(TermRow) == 16);

// An image starts with this header. The arrays follow in the order of its fields, without gaps
// (docs/format.md#lexical-checkpoints).
struct SegmentHeader {
  static constexpr std::array<char, 8> kMagic = {'V', 'X', 'L', 'E', 'X', 'I', 'C', 1};

  std::array<char, 8> magic = kMagic;  // Its last byte is the version.
  uint32_t docs = 0;
  uint32_t terms = 0;  // The rows, of which there is one more than there are terms.
  uint32_t string_bytes = 0;
  uint32_t reserved = 0;
  uint64_t postings_bytes = 0;
};
static_assert(sizeof(SegmentHeader) == 32);

// A view of an image, which must outlive it. Any number of threads may use it.
class Segment {
 public:
  // Without documents and terms.
  Segment() = default;
  // EUCLEAN where the image contradicts itself. The postings are not checked here but when they are
  // read.
  static Result<Segment> open(std::span<const std::byte> image);

  std::span<const DocRow> docs() const { return docs_; }
  uint32_t terms() const { return terms_.empty() ? 0 : static_cast<uint32_t>(terms_.size() - 1); }
  std::string_view term(uint32_t row) const;
  uint32_t doc_count(uint32_t row) const { return terms_[row].docs; }
  PostingsReader postings(uint32_t row) const;
  // The row of the term, or terms() where the segment does not have it.
  uint32_t find(std::string_view term) const;

 private:
  std::span<const DocRow> docs_;
  std::span<const TermRow> terms_;
  std::string_view strings_;
  std::span<const std::byte> postings_;
};

// Makes an image. The caller adds all documents, then the terms in ascending order of their bytes.
class SegmentBuilder {
 public:
  void add_doc(const DocRow& doc) {
    docs_.append(reinterpret_cast<const char*>(&doc), sizeof(doc));
  }
  void add_term(std::string_view term, uint32_t docs, std::string_view postings);
  // Answers the image and leaves the builder empty. EFBIG where the strings together are too long
  // for 32-bit offsets.
  Result<std::string> finish();

 private:
  std::string docs_;
  std::string terms_;
  std::string strings_;
  std::string postings_;
};

}  // namespace vexfs::lexical

#endif  // VEXFS_LEXICAL_SEGMENT_H_
