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
#include "engine/storage/text_events.h"
#include "store/catalog.h"
#include "store/text_files.h"
#include "tree/tree.h"

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
  static Result<std::unique_ptr<VectorStorageManager>> open(FileIo& io, tree::Tree& tree,
                                                            const EngineOptions& options,
                                                            bool create);
  ~VectorStorageManager();  // flush(), checkpoints, clean mark.

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
  // EEXIST, EINVAL, ENOSPC beyond limits::kSpacesMax. Durable on return.
  Status create_space(std::string_view name, const SpaceParameters& parameters,
                      uint64_t embedder = 0);  // The fingerprint of the one that fills it.
  Status drop_space(std::string_view name);    // ENOENT. See replace_space() for one with a '~'.
  // The space `name`~ becomes `name`, whose vectors go; documents that are not in the former are
  // pending. Durable on return: a crash leaves the old one or the new one. Dropping `name`~ instead
  // leaves all documents to `name`. ENOENT.
  Status replace_space(std::string_view name);
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
  // The objects that own these slots now; kNoObject: none does. As above.
  Status objects_of(const OpenSpace& space, std::span<const Slot> slots,
                    std::vector<ObjectId>& objects);

  // --- Documents of text, for TextIndex. Large stack.
  // Passages of a file that follow one another, and what is known of the file.
  struct DocumentPart {
    ObjectKey key;
    const ObjectKey* directory = nullptr;  // It was seen there as `name`; nullptr: by its key.
    std::string_view name;
    uint64_t inode = 0;
    store::Document row;         // The object is found, or made.
    bool puts_passages = false;  // Else it keeps those that it has.
    uint32_t first_ordinal = 0;
    bool last = true;  // It has none behind them any more.
    // Into a space that is to take the place of the document's. Of `row` only size and time count:
    // ESTALE where the document has others by now, or is not fresh, or has not that name.
    bool beside = false;
    std::span<const store::Passage> passages;
    const float* vectors = nullptr;  // A row for each of them.
    // What came of it.
    Status status;
    std::vector<Slot> slots;
  };
  // All in one step. What is put is not in a space beside any more. A failure of the whole has
  // changed nothing that lasts: EROFS, EIO; ENODATA where the space is gone. `held`: since before
  // the slots were anyone's to take away, KnnSearchEngine::hold().
  Status put_documents(const OpenSpace& space, std::span<DocumentPart> parts,
                       std::optional<SearchEpochs::Entered>* held = nullptr);
  // Of those that are known: what is indexed of them is old.
  Status mark_documents_pending(std::span<const ObjectKey> keys);
  // Hashes of the names whose words are indexed, for those that are fresh.
  Status name_documents(const std::unordered_map<ObjectId, uint64_t>& hashes);
  // The document's passages are those in the space: what lies beside is old.
  Status take_back(const OpenSpace& space, ObjectId object);
  // With its passages, and its kept text.
  Status remove_document(const ObjectKey& key);
  Result<std::optional<store::Document>> document_of(const ObjectKey& key);  // Request threads.
  Result<store::DocumentCounts> count_documents() const;
  const store::TextFiles& texts() const;
  // `events` hears of names and slots from now on; two may, at once.
  void tell(std::shared_ptr<TextEvents> events);
  void tell_no_more(const TextEvents* events);
  // The lexical image of the space that holds `change`, and the newest that there is; ENOENT.
  Status write_lexical(const OpenSpace& space, store::ChangeNumber change,
                       std::span<const std::byte> image);
  struct LexicalImage {
    store::ChangeNumber change = 0;
    std::span<const std::byte> bytes;
    std::function<void()> release;
  };
  Result<LexicalImage> map_lexical(const OpenSpace& space);

  // --- Reads of the catalog and the names. Whoever needs several of one moment reads them in one
  // callback, which runs under the storage mutex: it calls no method of the manager.
  void read(FunctionRef<void(const Snapshot&)> callback) const;
  DirectoryIndex find_directory(const ObjectKey& directory) const;  // kNoDirectory: unknown.
  Result<std::optional<store::Object>> find_object(const ObjectKey& key) const;
  store::ChangeNumber last_change() const;
  store::ObjectId last_object() const;  // Objects that are made later have larger ids.
  // Grows with every change of vectors or names; results from before it may be stale.
  uint64_t generation() const;

  // --- Housekeeping, for the engine's maintenance thread. Large stack.
  // Commits when due, looks after orphans, punches holes, checkpoints the log. Milliseconds until
  // it wants to be called again, -1: not before the next change.
  int maintain();
  // An eventfd that becomes readable when maintain() has work to do.
  int work_fd() const;
  Status reconcile();  // At start, and when asked.
  // Whether every file with vectors is known under its name: a reconcile() has ended, and no change
  // went unrecorded since. With `read_only` there is none, and what the catalog says counts.
  bool names_known() const;
  // Waits for it, at most so long. Any thread without locks.
  void wait_for_names(std::chrono::milliseconds most) const;

  // For status and metrics; waits for no disk.
  StorageReport report() const;
  Status poisoned() const;  // Why changes are refused; ok when they are not.

 private:
  struct State;
  explicit VectorStorageManager(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace vexfs::engine

#endif  // VEXFS_ENGINE_STORAGE_VECTOR_STORAGE_MANAGER_H_
