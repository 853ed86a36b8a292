// The catalog's tables; docs/format.md#catalog. What is here is format version 1, for ever.
#ifndef VEXFS_STORE_CATALOG_SCHEMA_H_
#define VEXFS_STORE_CATALOG_SCHEMA_H_

#include <array>
#include <cstdint>

#include "base/status.h"

namespace vexfs::store {

class Sqlite;

inline constexpr int64_t kCatalogApplicationId = 0x56455846;  // "VEXF"
inline constexpr int64_t kCatalogVersion = 1;

// As sqlite_schema keeps them: byte for byte, or the file is no catalog.
inline constexpr std::array<const char*, 12> kCatalogSchema = {
    // What was given out last; ids and change numbers are never used again. Then how many documents
    // are in each state.
    "CREATE TABLE counters (id INTEGER PRIMARY KEY, last_object INTEGER NOT NULL,"
    " last_change INTEGER NOT NULL, checkpoints INTEGER NOT NULL, pending INTEGER NOT NULL,"
    " fresh INTEGER NOT NULL, failed INTEGER NOT NULL, skipped INTEGER NOT NULL) STRICT",
    "CREATE TABLE marks (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID",
    "CREATE TABLE objects (id INTEGER PRIMARY KEY, key BLOB NOT NULL UNIQUE,"
    " kind INTEGER NOT NULL, inode INTEGER NOT NULL) STRICT",
    "CREATE INDEX directories ON objects (kind) WHERE kind = 2",
    "CREATE TABLE names (parent INTEGER NOT NULL, name BLOB NOT NULL, object INTEGER NOT NULL,"
    " PRIMARY KEY (parent, name)) STRICT, WITHOUT ROWID",
    "CREATE INDEX names_by_object ON names (object)",
    "CREATE TABLE spaces (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE,"
    " dim INTEGER NOT NULL, metric INTEGER NOT NULL, element INTEGER NOT NULL,"
    " m INTEGER NOT NULL, ef_construction INTEGER NOT NULL, ef_search INTEGER NOT NULL,"
    " filler INTEGER NOT NULL, vectors INTEGER NOT NULL, embedder INTEGER NOT NULL) STRICT",
    // A row for each slot: id is space << 32 | slot. object is 0 and ordinal the slot where it is
    // free; change is what gave it to its owner, or freed it.
    "CREATE TABLE slots (id INTEGER PRIMARY KEY, space INTEGER NOT NULL, object INTEGER NOT NULL,"
    " ordinal INTEGER NOT NULL, change INTEGER NOT NULL, range_start INTEGER NOT NULL,"
    " range_end INTEGER NOT NULL, line INTEGER NOT NULL) STRICT",
    "CREATE UNIQUE INDEX slots_by_object ON slots (object, space, ordinal)",
    "CREATE INDEX slots_by_change ON slots (space, change)",
    // A row for each file whose text was looked at. Most are fresh, and those nobody looks for.
    "CREATE TABLE documents (object INTEGER PRIMARY KEY, state INTEGER NOT NULL,"
    " space INTEGER NOT NULL, size INTEGER NOT NULL, mtime INTEGER NOT NULL,"
    " name_hash INTEGER NOT NULL, text_kept INTEGER NOT NULL, why TEXT NOT NULL) STRICT",
    "CREATE INDEX documents_not_fresh ON documents (state) WHERE state != 2",
};

// For each connection that writes. Pages stay in memory up to the end of a transaction, so that
// only commit() can meet a full disk; limits::kCommitChangesMax bounds how many there are. The
// cache is as large as the file at most, and 32 MiB: a hit of a search reads three leaves anywhere
// in the file.
inline constexpr const char* kCatalogPragmas =
    "PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 0; PRAGMA cache_size = -32768;"
    "PRAGMA cache_spill = OFF; PRAGMA mmap_size = 0; PRAGMA temp_store = MEMORY;"
    "PRAGMA secure_delete = OFF; PRAGMA foreign_keys = OFF; PRAGMA cell_size_check = ON;";

// Service thread. Fills an empty database, in one transaction.
Status create_catalog_schema(Sqlite& db);
// Service thread. ENOTSUP for a newer version, EUCLEAN for whatever else is not version 1; ENOENT
// for an empty database, which is what a crash leaves of one that was being made.
Status check_catalog_schema(Sqlite& db);

}  // namespace vexfs::store

#endif  // VEXFS_STORE_CATALOG_SCHEMA_H_
