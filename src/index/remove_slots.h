// Taking slots out of the graph, and mending what led to them.
#ifndef VEXFS_INDEX_REMOVE_SLOTS_H_
#define VEXFS_INDEX_REMOVE_SLOTS_H_

#include <cstdint>
#include <span>

#include "base/status.h"
#include "index/link_slot.h"
#include "index/parallel.h"

namespace vexfs::index {

// Removes the slots and mends every row that led to them, which reads all rows: for the writer's
// thread. Searches may run beside it; none that begins after its return finds the slots. Slots that
// are not in the graph are passed over. ENOMEM leaves everything as it was.
Status remove_slots(const Builder& builder, Workers& workers, std::span<const Slot> slots,
                    unsigned threads, IdleThreads* idlers);

}  // namespace vexfs::index

#endif  // VEXFS_INDEX_REMOVE_SLOTS_H_
