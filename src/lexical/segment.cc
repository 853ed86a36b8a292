// Offsets are checked once, when the image is opened. After that a look-up is a binary search.
#include "lexical/segment.h"

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace vexfs::lexical {
namespace {

// Takes an array of `count` rows from the start of `rest`. False where `rest` is too short.
template <typename Row>
bool take_rows(std::span<const std::byte>& rest, uint64_t count, std::span<const Row>& rows) {
  if (count > rest.size() / sizeof(Row)) return false;
  rows = {reinterpret_cast<const Row*>(rest.data()), static_cast<size_t>(count)};
  rest = rest.subspan(static_cast<size_t>(count) * sizeof(Row));
  return true;
}

bool in_order(const TermRow& before, const TermRow& after) {
  return before.string < after.string && before.postings <= after.postings;
}

}  // namespace

Result<Segment> Segment::open(std::span<const std::byte> image) {
  SegmentHeader header;
  if (image.size() < sizeof(header)) return Status(EUCLEAN, "lexical image: too short");
  if (reinterpret_cast<uintptr_t>(image.data()) % alignof(TermRow) != 0) {
    return Status(EUCLEAN, "lexical image: not aligned");
  }
  std::memcpy(&header, image.data(), sizeof(header));
  if (header.magic != SegmentHeader::kMagic) return Status(EUCLEAN, "lexical image: its magic");
  std::span<const std::byte> rest = image.subspan(sizeof(header));
  Segment segment;
  std::span<const char> strings;
  if (!take_rows(rest, header.docs, segment.docs_) ||
      !take_rows(rest, header.terms, segment.terms_) ||
      !take_rows(rest, header.string_bytes, strings) || rest.size() != header.postings_bytes) {
    return Status(EUCLEAN, "lexical image: its size");
  }
  segment.strings_ = {strings.data(), strings.size()};
  segment.postings_ = rest;
  const std::span<const TermRow> rows = segment.terms_;
  if (rows.empty()) return Status(EUCLEAN, "lexical image: no end of terms");
  for (size_t i = 0; i + 1 < rows.size(); ++i) {
    if (!in_order(rows[i], rows[i + 1]) || rows[i].docs > header.docs) {
      return Status(EUCLEAN, "lexical image: a term");
    }
  }
  if (rows.front().string != 0 || rows.front().postings != 0 ||
      rows.back().string != header.string_bytes || rows.back().postings != header.postings_bytes) {
    return Status(EUCLEAN, "lexical image: the ends of terms");
  }
  return segment;
}

std::string_view Segment::term(uint32_t row) const {
  return strings_.substr(terms_[row].string, terms_[row + 1].string - terms_[row].string);
}

PostingsReader Segment::postings(uint32_t row) const {
  return PostingsReader(
      postings_.subspan(terms_[row].postings, terms_[row + 1].postings - terms_[row].postings));
}

uint32_t Segment::find(std::string_view wanted) const {
  uint32_t low = 0;
  uint32_t high = terms();
  while (low < high) {
    const uint32_t middle = low + (high - low) / 2;
    if (term(middle) < wanted) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low < terms() && term(low) == wanted ? low : terms();
}

void SegmentBuilder::add_term(std::string_view term, uint32_t docs, std::string_view postings) {
  const TermRow row = {postings_.size(), static_cast<uint32_t>(strings_.size()), docs};
  terms_.append(reinterpret_cast<const char*>(&row), sizeof(row));
  strings_.append(term);
  postings_.append(postings);
}

Result<std::string> SegmentBuilder::finish() {
  if (strings_.size() > UINT32_MAX) return Status(EFBIG, "lexical image: too many terms");
  add_term({}, 0, {});  // The extra row says where the last term ends.
  SegmentHeader header;
  header.docs = static_cast<uint32_t>(docs_.size() / sizeof(DocRow));
  header.terms = static_cast<uint32_t>(terms_.size() / sizeof(TermRow));
  header.string_bytes = static_cast<uint32_t>(strings_.size());
  header.postings_bytes = postings_.size();
  std::string image(reinterpret_cast<const char*>(&header), sizeof(header));
  image.reserve(image.size() + docs_.size() + terms_.size() + strings_.size() + postings_.size());
  for (std::string* part : {&docs_, &terms_, &strings_, &postings_}) {
    image.append(*part);
    *part = {};
  }
  return image;
}

}  // namespace vexfs::lexical
