// VectorStorageManager: the vectors of files: slots, catalog, durability, and the graphs behind
// them.
#ifndef VEXFS_ENGINE_VECTOR_STORAGE_MANAGER_H_
#define VEXFS_ENGINE_VECTOR_STORAGE_MANAGER_H_

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/file_io.h"
#include "base/function_ref.h"
#include "base/status.h"
#include "engine/engine_options.h"
#include "engine/knn_search_engine.h"
#include "engine/name_table.h"
#include "engine/tree.h"
#include "store/catalog.h"

namespace vexfs::engine {

// One open store. A change is made in the catalog's open transaction and in the graph at once, so
// the next search sees it; it is durable when the group commit that holds it has ended: at most
// limits::kCommitDelayMs or kCommitChangesMax later, or when flush() returns. Order of a commit:
// fdatasync of the vectors, COMMIT, fdatasync of the log; a slot that was freed is offered again
// only after that and after the graph let go of it.
//
// After a failed write or sync of truth every change answers EIO, for ever; searches go on.
//
// Threads: all methods may run at once. mutex() guards catalog and names; it comes before the
// mutexes of KnnSearchEngine. It is held over short reads and writes of the catalog, and over the
// second, short fdatasync of a commit (the first runs without it).
class VectorStorageManager {
 public:
  // Large stack. Opens the lock, the catalog and the names; the spaces open at their first use.
  // EBUSY when another process has the store; ENOENT when there is none and `create` is false.
  static Result<std::unique_ptr<VectorStorageManager>> open(FileIo& io, Tree& tree,
                                                            const EngineOptions& options,
                                                            bool create);
  ~VectorStorageManager();  // flush(), checkpoints, clean mark.

  // --- Names; see Engine.
  void linked(const ObjectKey& parent, std::string_view name, const ObjectKey& object);
  void unlinked(const ObjectKey& parent, std::string_view name);
  void renamed(const ObjectKey& old_parent, std::string_view old_name, const ObjectKey& new_parent,
               std::string_view new_name, bool exchange);

  // --- Vectors of a file; see Engine::set_vectors and the others. Request threads.
  enum class SetMode { kAny, kCreate, kReplace };
  Status set_vectors(const ObjectKey& key, std::string_view space, std::span<const std::byte> value,
                     SetMode mode);
  Result<size_t> get_vectors(const ObjectKey& key, std::string_view space,
                             std::span<std::byte> out);
  Status remove_vectors(const ObjectKey& key, std::string_view space);
  Status spaces_of(const ObjectKey& key, FunctionRef<bool(std::string_view)> visit);
  Status flush();

  // --- Spaces. Large stack.
  // EEXIST, EINVAL, ENOSPC beyond limits::kSpacesMax. Durable on return.
  Status create_space(std::string_view name, const SpaceParameters& parameters);
  Status drop_space(std::string_view name);  // ENOENT.
  std::vector<store::Space> spaces() const;  // From memory; any stack.

  // --- For searches. The engine of a space, opened at first use (on a thread made for it; the
  // caller waits); it lives while the pointer does, also when the space is dropped meanwhile, but
  // not longer than the manager. A caller that goes from slots to passages holds them
  // (KnnSearchEngine::hold) from before the search on.
  struct OpenSpace {
    store::SpaceId id{};
    std::string name;
    SpaceParameters parameters;
    std::shared_ptr<KnnSearchEngine> knn;
  };
  Result<OpenSpace> open_space(std::string_view name);
  // What a hit is: the passage that owns the slot now; ENOENT when none does.
  Result<store::Passage> passage_at(const OpenSpace& space, Slot slot);
  // The vector of a slot, as floats.
  Status read_vector(const OpenSpace& space, Slot slot, std::span<float> vector);
  // The first vector of a file: what "like" asks with, and its slots.
  Result<std::vector<Slot>> slots_of(const OpenSpace& space, ObjectId object);
  // For each slot of the space, a directory that holds its file's name; files with several names
  // come once for each. Large stack the first time. Then a scope is a pass over memory.
  using SlotVisitor = FunctionRef<void(Slot slot, ObjectId object, DirectoryIndex directory)>;
  Status for_each_slot(const OpenSpace& space, SlotVisitor visit);

  // Runs `step` with the lock held: for what reads several things of one moment.
  void locked(FunctionRef<void(store::Catalog&, NameTable&)> step);
  // Grows with every change of vectors or names; results from before it may be stale.
  uint64_t generation() const;

  // --- Housekeeping, for the engine's maintenance thread. Large stack.
  // Commits when due, looks after orphans, punches holes, checkpoints the log. Milliseconds until
  // it wants to be called again, -1: not before the next change.
  int maintain();
  // An eventfd that becomes readable when maintain() has work to do.
  int work_fd() const;
  Status reconcile();  // At start, and when asked.

  struct Component {
    std::string space;
    bool open = false;
    uint32_t start_us = 0;
    Status failure;  // Of the last attempt to open it.
  };
  std::vector<Component> components() const;
  void write_status(std::string& json) const;  // Members of "spaces":[…] and others; see Engine.
  void write_metrics(std::string& prometheus) const;
  Status poisoned() const;  // Why changes are refused; ok when they are not.

 private:
  struct State;
  explicit VectorStorageManager(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace vexfs::engine

#endif  // VEXFS_ENGINE_VECTOR_STORAGE_MANAGER_H_
