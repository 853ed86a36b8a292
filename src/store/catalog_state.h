// The fields and helpers behind Catalog, shared by the catalog_*.cc files and by nobody else.
#ifndef VEXFS_STORE_CATALOG_STATE_H_
#define VEXFS_STORE_CATALOG_STATE_H_

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <vector>

#include "base/fd.h"
#include "base/file_io.h"
#include "base/status.h"
#include "store/catalog.h"
#include "store/catalog_statements.h"
#include "store/space_slots.h"
#include "store/sqlite.h"

namespace vexfs::store {

// Ids of spaces fit the signed id of a slot.
inline constexpr int64_t kSpaceIdMax = INT32_MAX;

// Slots have ids of space and number.
constexpr int64_t slot_id(SpaceId space, uint32_t slot) {
  return static_cast<int64_t>(static_cast<uint64_t>(space) << 32 | slot);
}
constexpr uint32_t slot_of(int64_t id) { return static_cast<uint32_t>(id); }

// SQLite's integers are signed; what is larger keeps its bits.
template <typename Number>
constexpr int64_t signed_of(Number number) {
  return static_cast<int64_t>(static_cast<uint64_t>(number));
}

struct OpenSpace {
  Space space;
  SpaceSlots slots;
  bool counted = true;  // space.vectors is what the table says.
};

struct Catalog::State {
  State(FileIo& file_io, bool may_write) : io(file_io), writes(may_write) {}
  ~State();

  Statement& operator[](Sql sql) { return statements[static_cast<size_t>(sql)]; }
  OpenSpace* find(SpaceId id);

  // Reads the counters and spaces as the table has them.
  Status load();
  Status load_spaces();
  // Call before each read: opens a transaction where none is open. Readers of a store that another
  // process writes have none, so as to see what it commits.
  Status begin();
  // Call before each change: says whether it may be made, and opens the transaction.
  Status begin_change();
  // Call after a change failed that had begun: rolls back, and returns `why`.
  Status lose(Status why);
  // Runs a statement that changes; a failure loses the transaction, but for EEXIST, which SQLite
  // undoes by itself.
  template <typename... Parameters>
  Status change(Sql sql, Parameters... parameters) {
    Run run((*this)[sql], parameters...);
    return settle(run.finish());
  }
  Status settle(Status done);
  Result<DocumentCounts> counted_documents();  // From the rows themselves.
  Status end_transaction(Sql how);
  // Writes the counters, which are kept in memory while a transaction lasts.
  Status store_counts();
  Status add_free_rows(const OpenSpace& open, uint32_t end, ChangeNumber freed);
  Status own_slot(OpenSpace& open, const Passage& passage);
  Result<uint32_t> end_without_free(const OpenSpace& open, uint32_t slots);
  std::string path() const;
  Status open_writing();
  Status open_reading();

  // --- Constant after open
  FileIo& io;
  const bool writes;
  Fd directory;  // The path of the database goes through it.
  Sqlite db;
  std::array<Statement, static_cast<size_t>(Sql::kCount)> statements;
  Fd wal;    // The write-ahead log, for sync().
  Fd alone;  // A reader without shared memory keeps writers out with it.

  // --- The open transaction
  std::vector<OpenSpace> spaces;  // By id.
  ObjectId last_object{};
  ChangeNumber last_change = 0;
  DocumentCounts documents;
  bool changed = false;
  bool lost = false;

  // --- Shared with sync()
  std::atomic<ChangeNumber> committed_change{0};
  std::atomic<ChangeNumber> synced_change{0};  // Slots freed up to here may be given out.
  std::atomic<bool> failed{false};             // A sync failed, for ever.
  std::atomic<uint64_t> log_bytes{0};
};

// A row of the columns id, object, ordinal, change, range_start, range_end, line. EUCLEAN where it
// cannot be one.
Result<Passage> passage_in(const Run& run);
Result<Slot> slot_in(int64_t id);
Result<Object> object_in(const Run& run);
Result<ObjectKey> key_in(std::string_view bytes);
// The counts in four columns from `column` on.
Result<DocumentCounts> counts_in(const Run& run, int column);

}  // namespace vexfs::store

#endif  // VEXFS_STORE_CATALOG_STATE_H_
