// The checks of a graph's image, cheap enough for every start: one pass over links and words.
//
// Checksums say that the bytes are those that were written; these checks say that no number in them
// leads out of bounds or round in a circle, so searches follow links without looking. Checking
// links in blocks took a first search over 1M x 128 after a remount from 105 to 82 ms (median of
// eight).
#include "index/image_header.h"

#include <array>
#include <cstring>
#include <span>

#include "base/limits.h"
#include "index/graph.h"

namespace vexfs::index {
namespace {

constexpr uint32_t kSignBit = 0x80000000U;

std::span<const std::byte> section(const GraphImage& image, GraphSection which) {
  return image.sections[static_cast<uint32_t>(which) - 1];
}

std::span<const uint32_t> words_of(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const uint32_t*>(bytes.data()), bytes.size() / sizeof(uint32_t)};
}

// Whether every word is a slot or kNoLink. kNoLink + 1 is 0; with any other word + 1 above
// `slots_end`, the difference is negative and its sign bit shows. There is no branch for a word,
// and compilers make vectors of the blocks.
bool all_are_links(std::span<const uint32_t> words, uint32_t slots_end) {
  static_assert(limits::kSlotsMax < kSignBit);
  constexpr size_t kBlock = 16;
  std::array<uint32_t, kBlock> signs{};
  const auto look_at = [&](uint32_t word, uint32_t& sign) {
    const uint32_t next = word + 1;
    sign |= next | (slots_end - next);
  };
  size_t at = 0;
  for (; at + kBlock <= words.size(); at += kBlock) {
    for (size_t i = 0; i < kBlock; ++i) look_at(words[at + i], signs[i]);
  }
  for (; at < words.size(); ++at) look_at(words[at], signs[0]);
  uint32_t all = 0;
  for (const uint32_t sign : signs) all |= sign;
  return (all & kSignBit) == 0;
}

// The section of upper rows, read as words.
class UpperRows {
 public:
  UpperRows(std::span<const uint32_t> words, uint32_t stride, uint32_t count)
      : words_(words), stride_(stride), count_(count) {}

  uint32_t count() const { return count_; }
  uint32_t header(uint32_t row, Graph::UpperHeader word) const {
    return words_[size_t{row} * stride_ + word];
  }
  std::span<const uint32_t> links(uint32_t row) const {
    return words_.subspan(size_t{row} * stride_ + Graph::kUpperHeaderWords,
                          stride_ - Graph::kUpperHeaderWords);
  }
  bool is(uint32_t row, uint32_t slot, uint32_t layer) const {
    return row < count_ && header(row, Graph::kSlotWord) == slot &&
           header(row, Graph::kLayerWord) == layer;
  }
  // Whether the row is free, or is one layer of a slot whose chain, if it goes on, goes on with the
  // layer above. As layers grow along a chain and are bounded, no chain is a circle.
  bool holds(uint32_t row, uint32_t slots_end) const {
    const uint32_t slot = header(row, Graph::kSlotWord);
    if (slot == kNoLink) return true;
    const uint32_t layer = header(row, Graph::kLayerWord);
    const uint32_t above = header(row, Graph::kAboveWord);
    if (slot >= slots_end || layer == 0 || layer >= limits::kLayersMax) return false;
    if (above != Graph::kNoRow && !is(above, slot, layer + 1)) return false;
    return all_are_links(links(row), slots_end);
  }
  uint32_t top_layer(uint32_t word) const {
    if (word < Graph::kFirstUpperRow) return 0;
    uint32_t layer = 1;
    for (uint32_t row = header(word - Graph::kFirstUpperRow, Graph::kAboveWord);
         row != Graph::kNoRow; row = header(row, Graph::kAboveWord))
      ++layer;
    return layer;
  }

 private:
  std::span<const uint32_t> words_;
  uint32_t stride_;
  uint32_t count_;
};

// The words of slots agree with the count of the header, with the chains, and with the entry.
Status check_words(const ImageHeader& header, std::span<const uint32_t> words,
                   const UpperRows& upper) {
  uint32_t present = 0;
  for (uint32_t slot = 0; slot < words.size(); ++slot) {
    const uint32_t word = words[slot];
    present += word == Graph::kAbsent ? 0 : 1;
    if (word >= Graph::kFirstUpperRow && !upper.is(word - Graph::kFirstUpperRow, slot, 1))
      return Status(EUCLEAN, "graph image: a slot's upper row is not its own");
  }
  if (present != header.size) return Status(EUCLEAN, "graph image: slots miscounted");
  if (header.entry_slot == kNoLink)
    return present == 0 ? Status() : Status(EUCLEAN, "graph image: no entry");
  if (header.entry_slot >= words.size() || words[header.entry_slot] == Graph::kAbsent ||
      upper.top_layer(words[header.entry_slot]) != header.entry_layer)
    return Status(EUCLEAN, "graph image: the entry is not in the graph");
  return {};
}

Status check_header(const ImageHeader& header, const SpaceParameters& parameters) {
  if (header.magic != ImageHeader::kMagic) return Status(EUCLEAN, "graph image: not one");
  if (header.dim != parameters.dim || header.m != parameters.m ||
      header.metric != static_cast<uint8_t>(parameters.metric))
    return Status(EUCLEAN, "graph image: of another space");
  if (header.slots_end > limits::kSlotsMax || header.upper_rows > limits::kSlotsMax)
    return Status(EUCLEAN, "graph image: too many slots");
  return {};
}

}  // namespace

Result<ImageHeader> check_image(const SpaceParameters& parameters, const GraphImage& image) {
  ImageHeader header;
  const std::span<const std::byte> bytes = section(image, GraphSection::kHeader);
  if (bytes.size() != sizeof(header)) return Status(EUCLEAN, "graph image: header of wrong size");
  std::memcpy(&header, bytes.data(), sizeof(header));
  VEXFS_CHECK_OK(check_header(header, parameters));

  const size_t slots = header.slots_end;
  const size_t upper_stride = Graph::kUpperHeaderWords + size_t{header.m};
  const auto flags = section(image, GraphSection::kFlags);
  const auto links = section(image, GraphSection::kLinks);
  const auto rows = section(image, GraphSection::kUpper);
  if (flags.size() != slots * sizeof(uint32_t) ||
      section(image, GraphSection::kCodes).size() !=
          slots * CodeShape::of(header.dim).stride_bytes ||
      links.size() != slots * 2 * header.m * sizeof(uint32_t) ||
      rows.size() != header.upper_rows * upper_stride * sizeof(uint32_t))
    return Status(EUCLEAN, "graph image: section of wrong size");

  if (!all_are_links(words_of(links), header.slots_end))
    return Status(EUCLEAN, "graph image: link out of bounds");
  const UpperRows upper(words_of(rows), static_cast<uint32_t>(upper_stride), header.upper_rows);
  for (uint32_t row = 0; row < upper.count(); ++row)
    if (!upper.holds(row, header.slots_end))
      return Status(EUCLEAN, "graph image: damaged upper row");
  VEXFS_CHECK_OK(check_words(header, words_of(flags), upper));
  return header;
}

}  // namespace vexfs::index
