// Surface: the hidden `.vexfs` directory of every directory of the mount.
#ifndef VEXFS_FS_SURFACE_SURFACE_H_
#define VEXFS_FS_SURFACE_SURFACE_H_

#include <sys/stat.h>

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "fs/backing/backing.h"
#include "fs/backing/fuse_lowlevel.h"
#include "fs/backing/node.h"
#include "fs/measure/latency_histogram.h"
#include "fs/surface/result_table.h"
#include "fs/surface/result_watches.h"
#include "fs/surface/surface_host.h"
#include "fs/surface/surface_workers.h"

namespace vexfs::fs {

inline constexpr std::string_view kSurfaceName = ".vexfs";

// Lookup finds `.vexfs`, but readdir never lists it, so that recursive tools do not descend into
// it. It contains
//
//   status, stack, metrics   reports on the mount, the same in every directory; the service thread
//                            makes them when they are opened
//   query, query.f32         streams: write a request, read the reply (engine/query_protocol.h)
//   control                  a stream for administration
//   search/QUERY/            symlinks to the files that the query finds in the directory, by rank
//   saved/NAME/              the same for queries that were given a name (saved_searches.h)
//   similar/NAME/            the same for files like NAME of the directory
//
// Workers answer queries and look up results; each caller sees only the results of its own
// questions. A directory of results has an unlisted file `.changes`, by which a client waits for
// other results (result_watches.h). No record is kept of the surface's nodes: their ids are made of
// the directory's (surface_node.h).
//
// Each method answers its request once, or hands it to a worker or the service thread, which does.
// No lock is held across a reply. The mutexes of the folder (ResultTable, ResultWatches,
// ResultWatch, SurfaceWorkers, StreamFile) are leaves: no other is locked under them.
//
// The file handle that the kernel sends back is the address of what an open owns: a StreamFile, the
// text of a report, a shared_ptr to a ResultWatch, or what an open directory lists.
//
// Threads: all methods may run at once, unless they say otherwise.
class Surface {
 public:
  // Both must outlive the surface.
  Surface(Backing& backing, SurfaceHost& host)
      : backing_(backing), host_(host), workers_(host), watches_(host) {}

  // Looks `name` up in `parent`, which is a node of the surface unless the name is `.vexfs`.
  void lookup(fuse_req_t req, NodeId parent, std::string_view name);
  void getattr(fuse_req_t req, NodeId node);
  // ESTALE for results that are gone.
  Result<struct stat> attributes(NodeId node);
  // Only the size of a stream may be set, so that it can be opened with O_TRUNC. EPERM otherwise.
  void setattr(fuse_req_t req, NodeId node, int valid);
  void readlink(fuse_req_t req, NodeId node);
  // Saved searches are made, removed and renamed as directories are. EPERM for all else.
  void mkdir(fuse_req_t req, NodeId parent, std::string_view name);
  void rmdir(fuse_req_t req, NodeId parent, std::string_view name);
  void rename(fuse_req_t req, NodeId parent, std::string_view name, NodeId new_parent,
              std::string_view new_name, unsigned flags);
  void opendir(fuse_req_t req, NodeId node, fuse_file_info fi);
  void readdir(fuse_req_t req, NodeId node, size_t size, off_t offset, const fuse_file_info& fi,
               bool plus);
  void releasedir(fuse_req_t req, NodeId node, const fuse_file_info& fi);
  // The open of a report is answered later, by reply_report() on the service thread. EACCES for an
  // open for writing of what is no stream, EAGAIN when too many wait.
  void open(fuse_req_t req, NodeId node, const fuse_file_info& fi);
  void read(fuse_req_t req, NodeId node, size_t size, off_t offset, const fuse_file_info& fi);
  // One write is one request: EMSGSIZE beyond limits::kQueryBytesMax, EAGAIN when too many wait.
  void write(fuse_req_t req, NodeId node, std::string_view data, const fuse_file_info& fi);
  void release(fuse_req_t req, NodeId node, const fuse_file_info& fi);
  // Takes over `handle`, which may be null, and notifies it when there is something to read.
  void poll(fuse_req_t req, NodeId node, const fuse_file_info& fi, fuse_pollhandle* handle);

  // Answers an open with `text`, which the open file keeps.
  static void reply_report(fuse_req_t req, fuse_file_info fi, std::string text);
  // Answer opens that were handed to workers.
  static void reply_saved_list(fuse_req_t req, fuse_file_info fi, std::vector<std::string> names);
  void reply_watch(fuse_req_t req, fuse_file_info fi, std::shared_ptr<ResultWatch> watch);

  SurfaceWorkers& workers() { return workers_; }
  ResultTable& results() { return results_; }
  ResultWatches& watches() { return watches_; }
  // How long requests took that workers answered.
  LatencyHistogram& latencies(SurfaceJob::Kind kind) {
    return latencies_[static_cast<uint32_t>(kind)];
  }

 private:
  Result<fuse_entry_param> entry_of(NodeId node);
  void list_names(fuse_req_t req, NodeId node, size_t size, off_t offset, bool plus);
  void lookup_in_results(fuse_req_t req, NodeId parent, std::string_view name);
  void open_stream(fuse_req_t req, fuse_file_info fi);
  // Hands the job to the workers with a copy of the text, and of `more` behind a zero byte. Answers
  // EAGAIN or ENOMEM where that fails.
  void post(SurfaceJob&& job, std::string_view text, std::string_view more = {});

  Backing& backing_;
  SurfaceHost& host_;
  SurfaceWorkers workers_;
  ResultTable results_;
  ResultWatches watches_;
  std::atomic<uint32_t> streams_open_{0};
  std::atomic<uint32_t> next_instance_{0};
  std::array<LatencyHistogram, SurfaceJob::kKinds> latencies_;
};

}  // namespace vexfs::fs

#endif  // VEXFS_FS_SURFACE_SURFACE_H_
