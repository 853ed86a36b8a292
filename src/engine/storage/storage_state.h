// The inside of VectorStorageManager, shared by its parts: storage_*.cc.
#ifndef VEXFS_ENGINE_STORAGE_STORAGE_STATE_H_
#define VEXFS_ENGINE_STORAGE_STORAGE_STATE_H_

#include <array>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "engine/space/search_scratches.h"
#include "engine/space/vector_value.h"
#include "engine/storage/space_state.h"
#include "engine/storage/text_events.h"
#include "engine/storage/vector_storage_manager.h"
#include "store/store_directory.h"
#include "store/text_files.h"

namespace vexfs::engine {

struct VectorStorageManager::State final : NameEvents {
  using Clock = std::chrono::steady_clock;
  using SpacePointer = std::shared_ptr<SpaceState>;

  State(FileIo& file_io, tree::Tree& of_tree, const EngineOptions& given,
        store::StoreDirectory opened)
      : io(file_io), tree(of_tree), options(given), directory(std::move(opened)) {}

  // --- Life (vector_storage_manager.cc)
  Status start();
  void remove_strays();
  void close();
  Status close_catalog();

  // --- Changes and commits (storage_commit.cc). "Under mutex" unless it says otherwise.
  Status may_change() const;  // EROFS; the failure that ended all changes.
  void note_change();         // After each change of the catalog.
  // What to answer when a change was refused; one that lost the catalog's transaction ends changes.
  Status failed(Status status);
  void lose_changes(Status status);
  Status flush();                                             // Neither lock.
  Status commit();                                            // commit_mutex only.
  Status commit_if_due();                                     // Neither lock.
  Status commit_if_late();                                    // Neither lock.
  Status commit_locked();                                     // Both.
  Status sync_rows(const std::vector<SpacePointer>& spaces);  // commit_mutex only.
  void offer_freed();
  void wake();                // Any.
  int commit_due_ms() const;  // -1: nothing waits.

  // --- Spaces (storage_spaces.cc)
  SpacePointer find_space(std::string_view name) const;
  SpacePointer find_space(store::SpaceId id) const;
  // The space, open. Neither lock; any stack.
  Result<SpacePointer> opened(std::string_view name);
  void open_now(const SpacePointer& space);  // Neither lock; large stack.
  bool opens_a_space() const;                // Under mutex.
  Status open_files(SpaceState& space);
  Status replay(SpaceState& space);  // Under mutex; large stack.
  Result<std::vector<store::Passage>> set_after(SpaceState& space, ChangeNumber change);
  void let_go(store::SpaceId id, std::span<const Slot> slots);  // The writers' threads.
  static OpenSpace handle(const SpacePointer& space);

  // --- A space in the place of another (storage_swap.cc)
  Status move_back(SpaceState& space);  // Under mutex.
  Status finish_swap();                 // Neither lock.
  // The folder of a space, also while it has the older name. Not mutex.
  Result<Fd> folder_of(const store::Space& space, bool create);

  // --- Vectors (storage_vectors.cc)
  // Vectors of an object that follow one another, row-major.
  struct RowsToPut {
    const float* vectors = nullptr;
    uint32_t count = 0;
    uint32_t first_ordinal = 0;
    const store::Passage* ranges = nullptr;  // Nullptr: they have none.
    bool last = true;                        // The object has none behind them any more.
  };
  static RowsToPut rows_of(const DocumentPart& part);
  Status set_locked(SpaceState& space, const ObjectKey& key, const VectorValue& value,
                    SetMode mode);
  Status put_vectors(SpaceState& space, ObjectId object, const RowsToPut& rows, bool added);
  Status take_rows(SpaceState& space, ObjectId object, const RowsToPut& rows);
  Status put_rows(SpaceState& space, ObjectId object, const RowsToPut& rows);
  Result<size_t> get_locked(SpaceState& space, const ObjectKey& key, std::span<std::byte> out);
  Status remove_locked(SpaceState& space, ObjectId object);
  Status collect_slots(SpaceState& space, ObjectId object, std::vector<Slot>& slots) const;
  // With its vectors in all spaces; waits for those that are just opened.
  Status forget_object(std::unique_lock<std::mutex>& lock, ObjectId object);
  Status forget_if_bare(ObjectId object);

  // --- Documents (storage_documents.cc)
  Status put_part(SpaceState& space, DocumentPart& part);
  Status put_beside(SpaceState& space, DocumentPart& part);
  // Its passages in the other spaces that texts fill.
  Status remove_elsewhere(const SpaceState* space, ObjectId object);
  Status forget_document(ObjectId object);

  // --- Names (storage_names.cc)
  void lost(ObjectId object) override;
  void found(ObjectId object) override;
  void moved(ObjectId object) override;
  bool names_may_change();
  Status reconcile(NameTable::Extent extent);  // Neither lock; large stack.
  void names_changed(Status status);  // After each call of NameTable that may tell of events.
  void hide(ObjectId object, bool hidden);
  void place(SpaceState& space, ObjectId object, std::span<const Slot> slots);
  Status load_owners(SpaceState& space);

  // --- Upkeep (storage_upkeep.cc). maintain()'s thread.
  void look_after_orphans();
  void end_dropped_spaces();
  bool may_have_orphans() const { return orphans_unknown || !orphans.empty(); }  // Under mutex.
  void reconcile_if_due();
  void want_reconcile();
  void give_back_space();
  void punch_holes(const SpacePointer& space, uint32_t slots_end);
  void take_up_again();  // After changes were lost.

  FileIo& io;
  tree::Tree& tree;
  const EngineOptions options;
  store::StoreDirectory directory;
  std::shared_ptr<SearchScratches> scratches = std::make_shared<SearchScratches>();
  Fd work;  // An eventfd.
  std::atomic<uint64_t> generation{1};

  // One commit at a time; whoever waits for it is served by the one that ends after he came.
  // Order: commit_mutex, mutex, those of KnnSearchEngine.
  std::mutex commit_mutex;
  mutable std::mutex mutex;  // Guards all that follows.
  std::condition_variable phase_changed;
  std::unique_ptr<store::Catalog> catalog;
  std::unique_ptr<NameTable> names;
  std::vector<SpacePointer> spaces;
  std::vector<SpacePointer>
      dropped_spaces;  // Until nobody uses them: they end on maintain()'s thread.

  uint64_t changes = 0;          // Made since the start, of any kind.
  uint64_t durable_changes = 0;  // Of these, so many are on the disk.
  uint64_t committed_changes = 0;
  uint64_t lost_from = 0;  // Changes after it, up to lost_to, will never be.
  uint64_t lost_to = 0;
  Status lost_why;
  ChangeNumber durable_change = 0;
  Clock::time_point oldest_change;
  Clock::time_point last_change;
  bool marked_unclean = false;
  bool was_clean = false;
  Status refusal;                        // Why changes are refused; ok when they are not.
  bool changes_lost = false;             // take_up_again() is due.
  bool wants_reconcile = false;          // Set by want_reconcile().
  std::atomic<bool> names_known{false};  // The tree was asked for all, and none was missed since.
  std::condition_variable names_settled;
  Clock::time_point reconcile_after = Clock::time_point::min();

  // Objects without a name, that a search may not find; they are looked at again and again.
  std::unordered_set<ObjectId> orphans;
  Clock::time_point orphans_due = Clock::time_point::max();
  std::chrono::milliseconds orphans_delay{0};
  bool orphans_unknown = false;  // Any object may be one: so after an unclean start, until a
                                 // reconciliation has looked at all.

  std::optional<store::TextFiles> texts;                   // Set by start().
  std::array<std::shared_ptr<TextEvents>, 2> text_events;  // Of the text, and of what replaces it.
  bool putting_document = false;

  struct NameEvent {
    enum class Kind { kLost, kFound, kMoved } kind;
    ObjectId object;
  };
  std::vector<NameEvent> events;  // Of the change that is being made.

  // Working memory of the methods under mutex.
  std::vector<Slot> old_slots;
  std::vector<Slot> new_slots;
  std::vector<DirectoryIndex> directories;
  std::vector<store::SpaceId> space_ids;

  std::atomic<uint64_t> sets{0};
  std::atomic<uint64_t> gets{0};
  std::atomic<uint64_t> removes{0};
  std::atomic<uint64_t> commits{0};
};

}  // namespace vexfs::engine

#endif  // VEXFS_ENGINE_STORAGE_STORAGE_STATE_H_
