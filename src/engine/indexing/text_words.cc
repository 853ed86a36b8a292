// The lexical side of TextIndex: what comes from its image and what the image lacks.
#include <algorithm>

#include "base/log.h"
#include "engine/indexing/text_index_state.h"

namespace vexfs::engine {

Result<std::vector<store::ObjectId>> TextIndex::load_words() {
  State& state = *state_;
  store::ChangeNumber change = 0;
  Result<VectorStorageManager::LexicalImage> image = state.storage.map_lexical(state.space);
  if (image.ok()) {
    const Status opened = state.lexical.open(image.value().bytes, std::move(image.value().release));
    if (opened.ok()) change = image.value().change;
    if (!opened.ok()) log(LogLevel::kWarning, "a lexical image is made anew", opened);
  } else if (image.error() != ENOENT) {
    log(LogLevel::kWarning, "no lexical image can be read, it is made anew", image.status());
  }
  std::vector<store::ObjectId> lacking;
  std::vector<bool> owned;
  Status status;
  state.storage.locked([&](store::Catalog& catalog, NameTable&) {
    status = catalog.all_passages(state.space.id, [&](const store::Passage& passage) {
      const auto slot = static_cast<uint32_t>(passage.slot);
      if (slot >= owned.size()) owned.resize(std::max<size_t>(slot + 1, owned.size() * 2));
      owned[slot] = true;
      return true;
    });
    if (!status.ok()) return;
    status = catalog.passages_after(state.space.id, change, [&](const store::Passage& passage) {
      if (lacking.empty() || lacking.back() != passage.object) lacking.push_back(passage.object);
      // What the image has there is of the slot's former passage.
      owned[static_cast<size_t>(passage.slot)] = false;
      return true;
    });
  });
  VEXFS_CHECK_OK(status);
  std::sort(lacking.begin(), lacking.end());
  lacking.erase(std::unique(lacking.begin(), lacking.end()), lacking.end());
  // What was freed when the image was written, or since, and given out again perhaps.
  const std::lock_guard lock(state.words_mutex);
  for (const Slot slot : state.lexical.slots()) {
    const auto number = static_cast<uint32_t>(slot);
    if (number >= owned.size() || !owned[number]) state.lexical.remove(slot);
  }
  return lacking;
}

Status TextIndex::put_words(Slot slot, const PassageTerms& terms) {
  const std::lock_guard lock(state_->words_mutex);
  return state_->lexical.put(slot, terms.terms, terms.length);
}

void TextIndex::forget_words(std::span<const Slot> slots) {
  const std::lock_guard lock(state_->words_mutex);
  for (const Slot slot : slots) state_->lexical.remove(slot);
  if (state_->merging) {
    state_->forgotten.insert(state_->forgotten.end(), slots.begin(), slots.end());
  }
}

uint64_t TextIndex::changed_bytes() const { return state_->lexical.changed_bytes(); }

Status TextIndex::write_image() {
  State& state = *state_;
  store::ChangeNumber change = 0;
  // All passages up to here were put by this thread, and their words with them.
  state.storage.locked(
      [&](store::Catalog& catalog, NameTable&) { change = catalog.last_change(); });
  {
    const std::lock_guard lock(state.words_mutex);
    state.merging = true;
    state.forgotten.clear();
  }
  const auto replace = [&]() -> Status {
    {
      VEXFS_TRY(merged, state.lexical.merged());
      VEXFS_CHECK_OK(state.storage.write_lexical(
          state.space, change, std::as_bytes(std::span(merged.data(), merged.size()))));
    }
    VEXFS_TRY(image, state.storage.map_lexical(state.space));
    if (image.change != change) {
      if (image.release) image.release();
      return Status(EIO, "a lexical image that was just written");
    }
    return state.lexical.adopt(image.bytes, std::move(image.release));
  };
  const Status status = replace();
  const std::lock_guard lock(state.words_mutex);
  state.merging = false;
  for (const Slot slot : state.forgotten) state.lexical.remove(slot);
  state.forgotten.clear();
  return status;
}

}  // namespace vexfs::engine
