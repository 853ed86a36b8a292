// The door to the parts of an open store. Reads of the catalog that need no part are made here.
#include "engine/storage/vector_storage_manager.h"

#include "engine/storage/storage_parts.h"

namespace vexfs::engine {

VectorStorageManager::VectorStorageManager(std::unique_ptr<StorageParts> parts)
    : parts_(std::move(parts)) {}

VectorStorageManager::~VectorStorageManager() = default;

Result<std::unique_ptr<VectorStorageManager>> VectorStorageManager::open(
    FileIo& io, tree::Tree& tree, const EngineOptions& options, bool create) {
  VEXFS_TRY(parts, StorageParts::open(io, tree, options, create));
  return std::unique_ptr<VectorStorageManager>(new VectorStorageManager(std::move(parts)));
}

// --- Names.

void VectorStorageManager::linked(const ObjectKey& parent, std::string_view name,
                                  const ObjectKey& object) {
  StorageParts& parts = *parts_;
  const MutexLock lock(parts.store.mutex());
  if (parts.names.may_change()) {
    parts.names.settle(parts.store.names->linked(parent, name, object));
  }
}

void VectorStorageManager::unlinked(const ObjectKey& parent, std::string_view name) {
  StorageParts& parts = *parts_;
  const MutexLock lock(parts.store.mutex());
  if (parts.names.may_change()) parts.names.settle(parts.store.names->unlinked(parent, name));
}

void VectorStorageManager::renamed(const ObjectKey& old_parent, std::string_view old_name,
                                   const ObjectKey& new_parent, std::string_view new_name,
                                   bool exchange) {
  StorageParts& parts = *parts_;
  const MutexLock lock(parts.store.mutex());
  if (parts.names.may_change()) {
    parts.names.settle(
        parts.store.names->renamed(old_parent, old_name, new_parent, new_name, exchange));
  }
}

Status VectorStorageManager::reconcile() { return parts_->upkeep.reconcile(); }

bool VectorStorageManager::names_known() const { return parts_->names.known(); }

void VectorStorageManager::wait_for_names(std::chrono::milliseconds most) const {
  parts_->names.wait_until_known(most);
}

DirectoryIndex VectorStorageManager::find_directory(const ObjectKey& directory) const {
  const MutexLock lock(parts_->store.mutex());
  return parts_->store.names->find_directory(directory);
}

// --- Vectors.

Status VectorStorageManager::set_vectors(const ObjectKey& key, std::string_view space,
                                         std::span<const std::byte> value, SetMode mode) {
  return parts_->vectors.set(key, space, value, mode);
}

Result<size_t> VectorStorageManager::get_vectors(const ObjectKey& key, std::string_view space,
                                                 std::span<std::byte> out) {
  return parts_->vectors.get(key, space, out);
}

Status VectorStorageManager::remove_vectors(const ObjectKey& key, std::string_view space) {
  return parts_->vectors.remove(key, space);
}

Status VectorStorageManager::spaces_of(const ObjectKey& key,
                                       FunctionRef<bool(std::string_view)> visit) {
  OpenStore& store = parts_->store;
  const MutexLock lock(store.mutex());
  VEXFS_TRY(object, store.catalog->find_object(key));
  if (!object.has_value()) return {};
  return store.catalog->spaces_of(object->id, [&](store::SpaceId id) {
    storage_mutex.assert_held();
    const SpacePointer space = store.spaces.find(id);
    // What nobody can set is not listed: copies of files would try to.
    if (space == nullptr || space->filler() != store::Filler::kUser) return true;
    return visit(space->row.name);
  });
}

Status VectorStorageManager::flush() { return parts_->commit.flush(); }

// --- Spaces.

Status VectorStorageManager::create_space(std::string_view name, const SpaceParameters& parameters,
                                          uint64_t embedder) {
  return parts_->spaces.create(name, parameters, embedder);
}

Status VectorStorageManager::drop_space(std::string_view name) { return parts_->spaces.drop(name); }

Status VectorStorageManager::replace_space(std::string_view name) {
  return parts_->spaces.replace(name);
}

std::vector<store::Space> VectorStorageManager::spaces() const {
  const MutexLock lock(parts_->store.mutex());
  std::vector<store::Space> rows;
  for (const SpacePointer& space : parts_->store.spaces) rows.push_back(space->row);
  return rows;
}

Result<OpenSpace> VectorStorageManager::open_space(std::string_view name) {
  return parts_->spaces.open_handle(name);
}

Result<store::Passage> VectorStorageManager::passage_at(const OpenSpace& space, Slot slot) {
  const MutexLock lock(parts_->store.mutex());
  VEXFS_TRY(passage, parts_->store.catalog->passage_at(space.id, slot));
  if (!passage.has_value()) return Status(ENOENT, "nothing has the slot");
  return *passage;
}

Status VectorStorageManager::read_vector(const OpenSpace& space, Slot slot,
                                         std::span<float> vector) {
  const MutexLock lock(parts_->store.mutex());
  const SpacePointer found = parts_->store.spaces.find(space.id);
  if (found == nullptr || !found->is_open()) return Status(ENODATA, "no such space");
  return found->vectors->read(slot, vector);
}

Result<std::vector<Slot>> VectorStorageManager::slots_of(const OpenSpace& space, ObjectId object) {
  const MutexLock lock(parts_->store.mutex());
  const SpacePointer found = parts_->store.spaces.find(space.id);
  if (found == nullptr) return Status(ENODATA, "no such space");
  std::vector<Slot> slots;
  VEXFS_CHECK_OK(parts_->slots.collect(*found, object, slots));
  return slots;
}

Status VectorStorageManager::for_each_slot(const OpenSpace& space, SlotVisitor visit) {
  const MutexLock lock(parts_->store.mutex());
  const SpacePointer found = parts_->store.spaces.find(space.id);
  if (found == nullptr) return Status(ENODATA, "no such space");
  VEXFS_CHECK_OK(parts_->slots.load_owners(*found));
  found->owners->visit(visit);
  return {};
}

Status VectorStorageManager::objects_of(const OpenSpace& space, std::span<const Slot> slots,
                                        std::vector<ObjectId>& objects) {
  objects.clear();
  const MutexLock lock(parts_->store.mutex());
  const SpacePointer found = parts_->store.spaces.find(space.id);
  if (found == nullptr) return Status(ENODATA, "no such space");
  VEXFS_CHECK_OK(parts_->slots.load_owners(*found));
  for (const Slot slot : slots) objects.push_back(found->owners->object_of(slot));
  return {};
}

// --- Documents.

Status VectorStorageManager::put_documents(const OpenSpace& space, std::span<DocumentPart> parts,
                                           std::optional<SearchEpochs::Entered>* held) {
  return parts_->documents.put(space, parts, held);
}

Status VectorStorageManager::mark_documents_pending(std::span<const ObjectKey> keys) {
  return parts_->documents.mark_pending(keys);
}

Status VectorStorageManager::name_documents(const std::unordered_map<ObjectId, uint64_t>& hashes) {
  return parts_->documents.set_names(hashes);
}

Status VectorStorageManager::take_back(const OpenSpace& space, ObjectId object) {
  return parts_->documents.take_back(space, object);
}

Status VectorStorageManager::remove_document(const ObjectKey& key) {
  return parts_->documents.remove(key);
}

Result<std::optional<store::Document>> VectorStorageManager::document_of(const ObjectKey& key) {
  return parts_->documents.document_of(key);
}

Result<store::DocumentCounts> VectorStorageManager::count_documents() const {
  return parts_->documents.count();
}

const store::TextFiles& VectorStorageManager::texts() const { return parts_->documents.texts(); }

void VectorStorageManager::tell(std::shared_ptr<TextEvents> events) {
  const MutexLock lock(parts_->store.mutex());
  (void)parts_->listeners.add(std::move(events));
}

void VectorStorageManager::tell_no_more(const TextEvents* events) {
  std::shared_ptr<TextEvents> ended;  // It ends after the lock.
  const MutexLock lock(parts_->store.mutex());
  ended = parts_->listeners.remove(events);
}

Status VectorStorageManager::write_lexical(const OpenSpace& space, store::ChangeNumber change,
                                           std::span<const std::byte> image) {
  return parts_->lexical_images.write(space, change, image);
}

Result<LexicalImage> VectorStorageManager::map_lexical(const OpenSpace& space) {
  return parts_->lexical_images.map(space);
}

// --- Reads of the catalog.

void VectorStorageManager::read(FunctionRef<void(const Snapshot&)> callback) const {
  const MutexLock lock(parts_->store.mutex());
  callback(Snapshot(*parts_->store.catalog, *parts_->store.names));
}

Result<std::optional<store::Object>> VectorStorageManager::find_object(const ObjectKey& key) const {
  const MutexLock lock(parts_->store.mutex());
  return parts_->store.catalog->find_object(key);
}

store::ChangeNumber VectorStorageManager::last_change() const {
  const MutexLock lock(parts_->store.mutex());
  return parts_->store.catalog->last_change();
}

store::ObjectId VectorStorageManager::last_object() const {
  const MutexLock lock(parts_->store.mutex());
  return parts_->store.catalog->last_object();
}

uint64_t VectorStorageManager::generation() const { return parts_->store.generation.load(); }

// --- Housekeeping.

int VectorStorageManager::maintain() { return parts_->upkeep.maintain(); }

int VectorStorageManager::work_fd() const { return parts_->store.work.get(); }

Status VectorStorageManager::poisoned() const {
  const MutexLock lock(parts_->store.mutex());
  return parts_->commit.refusal();
}

// Counters are copied under the mutex; spaces are asked for the rest without it.
StorageReport VectorStorageManager::report() const {
  const StorageParts& parts = *parts_;
  StorageReport report;
  std::vector<SpacePointer> all;
  {
    const MutexLock lock(parts.store.mutex());
    report.read_only = parts.store.options.read_only;
    report.last_change = parts.store.catalog->last_change();
    report.waiting_changes = parts.commit.changes_waiting();
    report.log_bytes = parts.store.catalog->log_bytes();
    report.nameless = parts.orphans.size();
    report.started_clean = parts.store.started_clean;
    if (!parts.commit.refusal().ok()) report.failure = parts.commit.lost_why();
    for (const SpacePointer& space : parts.store.spaces) {
      report.spaces.push_back(
          {space->row, space->is_open(), space->start_us, space->failure, {}, 0});
      all.push_back(space);
    }
  }
  for (size_t i = 0; i < all.size(); ++i) {
    SpaceReport& now = report.spaces[i];
    if (!now.open) continue;
    now.statistics = all[i]->knn->statistics();
    now.disk_bytes = all[i]->vectors->disk_bytes();
  }
  report.sets = parts.vectors.sets();
  report.gets = parts.vectors.gets();
  report.removes = parts.vectors.removes();
  report.commits = parts.commit.commits();
  return report;
}

}  // namespace vexfs::engine
