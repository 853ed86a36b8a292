// Fuzz target: a damaged catalog. Opening it, checking it, reading all of it and changing it return
// errors or rows, and never crash.
//
// An input is a list of damages to a catalog that is made here: an offset (4 bytes, little-endian,
// modulo the file's size) and a byte that is XORed to the one there. So inputs are small, and most
// of them get past the header. An offset above 2^31 cuts the file there instead.
#include <fcntl.h>
#include <unistd.h>

#include <cstring>
#include <string>

#include "base/durable_file.h"
#include "base/log.h"
#include "base/scratch_directory.h"
#include "base/testing/fuzz_require.h"
#include "store/catalog.h"

namespace {

using namespace vexfs;
using store::Catalog;

constexpr size_t kDamageBytes = 5;
constexpr store::SpaceId kSpace{1};

// Fills the catalog that is damaged later, with some rows of each kind.
Status fill(Catalog& catalog) {
  VEXFS_CHECK_OK(catalog.add_space("text", {.dim = 4}, store::Filler::kEmbedder, 9).status());
  VEXFS_CHECK_OK(catalog.add_space("clip", {.dim = 4}, store::Filler::kUser).status());
  for (uint64_t i = 0; i < 40; ++i) {
    store::ObjectKey key;
    key.bytes = static_cast<uint16_t>(1 + i);
    key.data.fill(static_cast<unsigned char>(i));
    const auto kind = i % 8 == 0 ? store::ObjectKind::kDirectory : store::ObjectKind::kFile;
    VEXFS_TRY(object, catalog.add_object(key, kind, i));
    VEXFS_CHECK_OK(catalog.put_name(store::kRootObject, std::string(1 + i, 'n'), object));
    if (kind == store::ObjectKind::kDirectory) continue;
    for (uint32_t ordinal = 0; ordinal < 2; ++ordinal) {
      VEXFS_TRY(slot, catalog.take_slot(kSpace));
      VEXFS_CHECK_OK(
          catalog.put_passage(kSpace, {.object = object, .ordinal = ordinal, .slot = slot})
              .status());
    }
    store::Document document;
    document.object = object;
    document.state = static_cast<store::DocumentState>(1 + i % 4);
    document.space = kSpace;
    document.why = std::string(i, 'w');
    VEXFS_CHECK_OK(catalog.put_document(document));
    if (i % 5 == 0) VEXFS_CHECK_OK(catalog.remove_passages(kSpace, object, 1).status());
  }
  VEXFS_CHECK_OK(catalog.set_mark("clean", 1));
  return catalog.commit();
}

// A directory for the damaged catalog, and the bytes of the sound one.
struct Ground {
  Ground() {
    set_log_level(LogLevel::kError);
    require(!scratch.path().empty());
    directory = Fd(::open(scratch.path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    {
      auto made = Catalog::open(system_io(), directory, Catalog::Access::kReadWrite);
      require(made.ok() && fill(*made.value()).ok());
    }
    const Fd file(::openat(directory.get(), "catalog.sqlite", O_RDONLY | O_CLOEXEC));
    sound = read_all(system_io(), file, size_t{1} << 24).value();
  }
  void clear() const {
    for (const char* name : {"catalog.sqlite", "catalog.sqlite-wal", "catalog.sqlite-shm"}) {
      (void)::unlinkat(directory.get(), name, 0);
    }
  }
  void put(const std::string& bytes) const {
    clear();
    const Fd file(
        ::openat(directory.get(), "catalog.sqlite", O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
    require(::pwrite(file.get(), bytes.data(), bytes.size(), 0) ==
            static_cast<ssize_t>(bytes.size()));
  }

  const ScratchDirectory scratch;
  Fd directory;
  std::string sound;
};

std::string damaged(std::string bytes, const unsigned char* data, size_t count) {
  for (size_t at = 0; at + kDamageBytes <= count && !bytes.empty(); at += kDamageBytes) {
    uint32_t offset;
    std::memcpy(&offset, data + at, sizeof(offset));
    const size_t place = offset % bytes.size();
    if (offset >> 31 != 0) {
      bytes.resize(place);
    } else {
      bytes[place] = static_cast<char>(bytes[place] ^ static_cast<char>(data[at + 4]));
    }
  }
  return bytes;
}

// Reads everything that can be read. Any answer is good.
void read_everything(Catalog& catalog) {
  (void)catalog.check();
  (void)catalog.count_documents();
  (void)catalog.count_objects();
  (void)catalog.mark("clean", 0);
  (void)catalog.directories([](const auto&, const auto&, auto, auto) { return true; });
  std::vector<store::ObjectId> objects = {store::kRootObject};
  (void)catalog.objects(store::kNoObject, [&](const store::Object& object) {
    objects.push_back(object.id);
    return objects.size() < 100;
  });
  for (const store::ObjectId object : objects) {
    (void)catalog.object(object);
    (void)catalog.key_of(object);
    (void)catalog.document(object);
    (void)catalog.names_of(object, [](auto, auto) { return true; });
    (void)catalog.children_of(object, {}, [](auto, auto, auto) { return true; });
    (void)catalog.spaces_of(object, [](auto) { return true; });
    (void)catalog.passages_of(kSpace, object, [](const auto&) { return true; });
  }
  for (int state = 1; state <= 4; ++state) {
    (void)catalog.documents(static_cast<store::DocumentState>(state), store::kNoObject,
                            [](const auto&) { return true; });
  }
  const auto spaces = catalog.spaces();
  if (!spaces.ok()) return;
  for (const store::Space& space : spaces.value()) {
    (void)catalog.all_passages(space.id, [](const auto&) { return true; });
    (void)catalog.passages_after(space.id, 0, [](const auto&) { return true; });
    (void)catalog.freed_after(space.id, 0, [](auto, auto) { return true; });
    (void)catalog.free_slots(space.id, [](auto, auto) { return true; });
    (void)catalog.passage_at(space.id, Slot{0});
    (void)catalog.owner_at(space.id, Slot{0}, [](auto, auto) { return true; });
  }
}

Status change_some(Catalog& catalog) {
  VEXFS_CHECK_OK(catalog.set_mark("clean", 0));
  VEXFS_CHECK_OK(catalog.put_name(store::kRootObject, "another", store::ObjectId{3}));
  VEXFS_CHECK_OK(catalog.mark_pending(store::ObjectId{3}).status());
  VEXFS_CHECK_OK(catalog.remove_passages(kSpace, store::ObjectId{4}, 0).status());
  VEXFS_TRY(slot, catalog.take_slot(kSpace));
  VEXFS_CHECK_OK(
      catalog.put_passage(kSpace, {.object = store::ObjectId{3}, .slot = slot}).status());
  VEXFS_CHECK_OK(catalog.shrink(kSpace, 10).status());
  VEXFS_CHECK_OK(catalog.commit());
  VEXFS_CHECK_OK(catalog.remove_space(kSpace));
  return catalog.commit();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, size_t bytes) {
  static const Ground ground;
  ground.put(damaged(ground.sound, data, bytes));
  for (const auto access : {Catalog::Access::kReadOnly, Catalog::Access::kReadWrite}) {
    auto opened = Catalog::open(system_io(), ground.directory, access);
    if (!opened.ok()) continue;
    Catalog& catalog = *opened.value();
    read_everything(catalog);
    if (access == Catalog::Access::kReadOnly) continue;
    const Status changed = change_some(catalog);
    require(bytes >= kDamageBytes || changed.ok());
    if (!changed.ok()) (void)catalog.roll_back();
    read_everything(catalog);
  }
  return 0;
}
