// Two places, of which a listener takes the first that is free.
#include "engine/storage/text_events.h"

#include <algorithm>
#include <utility>

namespace vexfs::engine {

bool TextListeners::add(std::shared_ptr<TextEvents> events) {
  const auto free = std::find(all_.begin(), all_.end(), nullptr);
  if (free == all_.end()) return false;
  *free = std::move(events);
  return true;
}

std::shared_ptr<TextEvents> TextListeners::remove(const TextEvents* events) {
  for (std::shared_ptr<TextEvents>& one : all_) {
    if (one.get() == events) return std::exchange(one, nullptr);
  }
  return nullptr;
}

void TextListeners::renamed(store::ObjectId object) {
  for (const std::shared_ptr<TextEvents>& one : all_) {
    if (one != nullptr) one->renamed(object);
  }
}

}  // namespace vexfs::engine
