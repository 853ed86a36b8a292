// What measure_costs measures, by subject. Each function records into costs().
#ifndef VEXFS_TOOLS_STACK_MEASURE_COSTS_H_
#define VEXFS_TOOLS_STACK_MEASURE_COSTS_H_

namespace vexfs::stack_cost {

void measure_files();    // System calls on files, in a directory made for the purpose.
void measure_memory();   // malloc and what stands on it, in a thread without an arena yet.
void measure_strings();  // mem* and str*.
void measure_threads();  // Locks, uncontended and contended.
void measure_process();  // Credentials, time, mappings.
void measure_sqlite();   // The catalog's prepared statements.
void measure_libfuse();  // Replies and notifications, through a session without a kernel.

}  // namespace vexfs::stack_cost

#endif  // VEXFS_TOOLS_STACK_MEASURE_COSTS_H_
