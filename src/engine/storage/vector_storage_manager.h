// VectorStorageManager: the vectors of files: slots, catalog, durability, and the graphs behind
// them.
#ifndef VEXFS_ENGINE_STORAGE_VECTOR_STORAGE_MANAGER_H_
#define VEXFS_ENGINE_STORAGE_VECTOR_STORAGE_MANAGER_H_

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/file_io.h"
#include "base/function_ref.h"
#include "base/status.h"
#include "engine/names/name_table.h"
#include "engine/space/knn_search_engine.h"
#include "engine/storage/engine_options.h"
#include "engine/storage/snapshot.h"
#include "engine/storage/storage_report.h"
#include "engine/storage/storage_values.h"
#include "engine/storage/text_events.h"
#include "store/catalog.h"
#include "store/text_files.h"
#include "tree/tree.h"

namespace vexfs::engine {

struct StorageParts;

// One open store. A change is made in the catalog's open transaction and in the graph at once, so
// the next search sees it; it is durable when the group commit that holds it has ended: at most
// limits::kCommitDelayMs or kCommitChangesMax later, or when flush() returns. Order of a commit:
// fdatasync of the vectors, COMMIT, fdatasync of the log; a slot that was freed is offered again
// only after that and after the graph let go of it.
//
// After a failed write or sync of truth every change answers EIO, for ever; searches go on.
//
// It is the door to the parts of the store (storage_parts.h), each of which has its rule about
// locks on its header. The order is: the commit mutex, the storage mutex (catalog, names, states of
// spaces), the mutexes of KnnSearchEngine.
//
// Threads: all methods may run at once. The storage mutex is held over short reads and writes of
// the catalog, and over the second, short fdatasync of rows in a commit (the first runs without
// it).
class VectorStorageManager {
 public:
  // Takes the store's lock, opens the catalog and reads the names; spaces open at their first use.
  // EBUSY when another process has the store; ENOENT when there is none and `create` is false.
  // Large stack.
  static Result<std::unique_ptr<VectorStorageManager>> open(FileIo& io, tree::Tree& tree,
                                                            const EngineOptions& options,
                                                            bool create);
  // Writes checkpoints, makes the last commit, and marks the end as clean.
  ~VectorStorageManager();

  // --- Names; see Engine.
  void linked(const ObjectKey& parent, std::string_view name, const ObjectKey& object);
  void unlinked(const ObjectKey& parent, std::string_view name);
  void renamed(const ObjectKey& old_parent, std::string_view old_name, const ObjectKey& new_parent,
               std::string_view new_name, bool exchange);

  // --- Vectors of a file; see Engine::set_vectors and the others. Request threads.
  Status set_vectors(const ObjectKey& key, std::string_view space, std::span<const std::byte> value,
                     SetMode mode);
  Result<size_t> get_vectors(const ObjectKey& key, std::string_view space,
                             std::span<std::byte> out);
  Status remove_vectors(const ObjectKey& key, std::string_view space);
  Status spaces_of(const ObjectKey& key, FunctionRef<bool(std::string_view)> visit);
  Status flush();

  // --- Spaces. Large stack.
  // Makes a space, durably. `embedder` is the fingerprint of the embedder that fills it; 0: users
  // do. EEXIST, EINVAL, ENOSPC beyond limits::kSpacesMax.
  Status create_space(std::string_view name, const SpaceParameters& parameters,
                      uint64_t embedder = 0);
  // Drops a space with its vectors, durably. A space whose name ends with '~' leaves its documents
  // to the one without. ENOENT.
  Status drop_space(std::string_view name);
  // The space `name`~ becomes `name`, whose vectors go, and documents that are not in the former
  // become pending. Durable on return: a crash leaves the old space or the new one. ENOENT.
  Status replace_space(std::string_view name);
  std::vector<store::Space> spaces() const;  // From memory; any stack.

  // --- For searches.
  using OpenSpace = engine::OpenSpace;
  // Opens the space at its first use, on a thread made for it, for which the caller waits. ENODATA.
  Result<OpenSpace> open_space(std::string_view name);
  // The passage that owns the slot now; ENOENT when none does.
  Result<store::Passage> passage_at(const OpenSpace& space, Slot slot);
  // Reads the vector of a slot as floats.
  Status read_vector(const OpenSpace& space, Slot slot, std::span<float> vector);
  // The slots of an object's vectors, in order of ordinals: a query with "like" asks with the
  // first.
  Result<std::vector<Slot>> slots_of(const OpenSpace& space, ObjectId object);
  // Visits each slot of the space with a directory that holds its file's name, once for each name.
  // The first call reads the catalog and needs a large stack, later ones pass over memory.
  using SlotVisitor = FunctionRef<void(Slot slot, ObjectId object, DirectoryIndex directory)>;
  Status for_each_slot(const OpenSpace& space, SlotVisitor visit);
  // The objects that own these slots now; kNoObject where none does. The first call is as above.
  Status objects_of(const OpenSpace& space, std::span<const Slot> slots,
                    std::vector<ObjectId>& objects);

  // --- Documents of text, for TextIndex. Large stack.
  using DocumentPart = engine::DocumentPart;
  // Puts all parts in one step; each has its own status. What is put is not in a space beside any
  // more. A failure of the whole has changed nothing that lasts: EROFS, EIO; ENODATA where the
  // space is gone; EAGAIN where it has no room yet. `held` becomes a KnnSearchEngine::hold() that
  // was entered before the first slot was taken.
  Status put_documents(const OpenSpace& space, std::span<DocumentPart> parts,
                       std::optional<SearchEpochs::Entered>* held = nullptr);
  // What is indexed of these files is old. Files without a document are left out.
  Status mark_documents_pending(std::span<const ObjectKey> keys);
  // Notes the hashes of the names whose words are indexed, for documents that are fresh.
  Status name_documents(const std::unordered_map<ObjectId, uint64_t>& hashes);
  // The document has its passages in this space from now on; those in other spaces go.
  Status take_back(const OpenSpace& space, ObjectId object);
  // Removes a document with its passages and its kept text.
  Status remove_document(const ObjectKey& key);
  Result<std::optional<store::Document>> document_of(const ObjectKey& key);  // Request threads.
  Result<store::DocumentCounts> count_documents() const;
  const store::TextFiles& texts() const;
  // From now on, until tell_no_more(), `events` hears of names and slots. There may be two at once.
  void tell(std::shared_ptr<TextEvents> events);
  void tell_no_more(const TextEvents* events);
  // See LexicalImages for both.
  Status write_lexical(const OpenSpace& space, store::ChangeNumber change,
                       std::span<const std::byte> image);
  using LexicalImage = engine::LexicalImage;
  Result<LexicalImage> map_lexical(const OpenSpace& space);

  // --- Reads of the catalog and the names. A caller that needs several reads of one moment makes
  // them in one callback of read(), which runs under the storage mutex and may call no method of
  // the manager.
  void read(FunctionRef<void(const Snapshot&)> callback) const;
  DirectoryIndex find_directory(const ObjectKey& directory) const;  // kNoDirectory: unknown.
  Result<std::optional<store::Object>> find_object(const ObjectKey& key) const;
  store::ChangeNumber last_change() const;
  store::ObjectId last_object() const;  // Objects that are made later have larger ids.
  // Grows with every change of vectors or names; results from before it may be stale.
  uint64_t generation() const;

  // --- Housekeeping, for the engine's maintenance thread. Large stack.
  // Does what is due (see Upkeep). Returns the milliseconds until it wants to be called again; -1:
  // not before the next change.
  int maintain();
  // An eventfd that becomes readable when maintain() has work to do.
  int work_fd() const;
  // Asks the tree which names lead to the objects of the catalog. Call it at the start, and when
  // the user asks for it.
  Status reconcile();
  // Whether every file with vectors is known under its name: a reconcile() has ended, and no change
  // went unrecorded since. With `read_only` there is none, and what the catalog says counts.
  bool names_known() const;
  // Waits until names_known(), at most so long. Any thread that holds no lock.
  void wait_for_names(std::chrono::milliseconds most) const;

  // For status and metrics. Both wait for no disk.
  StorageReport report() const;
  Status poisoned() const;  // Why changes are refused; ok: they are not.

 private:
  explicit VectorStorageManager(std::unique_ptr<StorageParts> parts);
  const std::unique_ptr<StorageParts> parts_;
};

}  // namespace vexfs::engine

#endif  // VEXFS_ENGINE_STORAGE_VECTOR_STORAGE_MANAGER_H_
