// StorageReport: the store and its spaces at one moment, for the mount's status and metrics.
#ifndef VEXFS_ENGINE_STORAGE_STORAGE_REPORT_H_
#define VEXFS_ENGINE_STORAGE_STORAGE_REPORT_H_

#include <cstdint>
#include <vector>

#include "base/status.h"
#include "engine/space/knn_search_engine.h"
#include "store/rows.h"

namespace vexfs::engine {

struct SpaceReport {
  store::Space row;
  bool open = false;
  uint32_t start_us = 0;  // How long opening took.
  Status failure;         // Why the last opening failed.
  // Of an open space.
  KnnSearchEngine::Statistics statistics;
  uint64_t disk_bytes = 0;
};

struct StorageReport {
  bool read_only = false;
  uint64_t last_change = 0;
  uint64_t waiting_changes = 0;  // Changes that are not durable yet.
  uint64_t log_bytes = 0;        // Of the catalog's write-ahead log.
  uint64_t nameless = 0;         // Objects that have lost their last name.
  bool started_clean = false;
  Status failure;  // Why vectors cannot be changed any more.
  std::vector<SpaceReport> spaces;

  // Since the start.
  uint64_t sets = 0;
  uint64_t gets = 0;
  uint64_t removes = 0;
  uint64_t commits = 0;
};

}  // namespace vexfs::engine

#endif  // VEXFS_ENGINE_STORAGE_STORAGE_REPORT_H_
