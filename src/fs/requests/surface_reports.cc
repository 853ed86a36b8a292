// Reports are snapshots of counters: each figure is exact, the set is not one instant.
#include "fs/requests/surface_reports.h"

#include <dirent.h>
#include <unistd.h>

#include <cstring>
#include <fstream>
#include <memory>

#include "base/limits.h"
#include "base/stack_monitor.h"
#include "base/text_writer.h"
#include "fs/measure/stack_bounds.h"
#include "fs/version.h"

namespace vexfs::fs {
namespace {

uint64_t resident_bytes() {
  std::ifstream statm("/proc/self/statm");
  uint64_t total = 0;
  uint64_t resident = 0;
  statm >> total >> resident;
  return resident * static_cast<uint64_t>(::sysconf(_SC_PAGESIZE));
}

uint64_t descriptor_count() {
  const std::unique_ptr<DIR, int (*)(DIR*)> directory(::opendir("/proc/self/fd"), ::closedir);
  uint64_t count = 0;
  while (directory != nullptr && ::readdir(directory.get()) != nullptr) ++count;
  return count < 3 ? 0 : count - 3;  // The dots and the directory itself.
}

// What should never be: each is a bug to report.
void write_errors(TextWriter& writer, const FileSystem& fs) {
  const char* separator = "";
  const Status trouble = fs.engine == nullptr ? fs.engine_status : fs.engine->trouble();
  if (!trouble.ok()) {
    writer.text("\"vectors: ").text(trouble.what()).text("\"");
    separator = ",";
  }
  if (StackMonitor::refused() != 0) {
    writer.text(separator)
        .text("\"requests refused for want of stack: ")
        .number(StackMonitor::refused());
    writer.text("\"");
    separator = ",";
  }
  for (uint32_t i = 0; i < kOperationCount; ++i) {
    if (StackMonitor::high_water_bytes(i) <= stack_budget(static_cast<Operation>(i))) continue;
    writer.text(separator).text("\"stack beyond the budget: ");
    writer.text(operation_name(static_cast<Operation>(i))).text("\"");
    separator = ",";
  }
}

std::string status_report(const ReportSources& sources) {
  const MountOptions& options = sources.options;
  FileSystem& fs = sources.fs;
  std::string out;
  TextWriter writer(out);
  writer.text("{\"pid\":").number(::getpid());
  writer.text(",\"version\":").json(kVersion);
  writer.text(",\"source\":").json(options.source);
  writer.text(",\"mountpoint\":").json(options.mountpoint);
  writer.text(",\"passthrough\":{\"active\":").text(fs.passthrough.active() ? "true" : "false");
  writer.text(",\"reason\":").json(fs.passthrough.reason());
  writer.text("},\"identity\":").json(fs.backing.uses_handles() ? "handles" : "paths");
  writer.text(",\"timeouts\":{\"entry\":").fixed(fs.timeouts.entry, 3);
  writer.text(",\"attributes\":").fixed(fs.timeouts.attributes, 3);
  writer.text(",\"negative\":").fixed(fs.timeouts.negative, 3);
  writer.text("},\"threads\":{\"count\":").number(options.threads);
  writer.text(",\"stack_bytes\":").number(options.thread_stack_bytes);
  writer.text(",\"quick_wakeups\":").text(sources.quick_wakeups ? "true" : "false");
  writer.text("},\"inodes\":").number(fs.backing.nodes().size());
  writer.text(",\"open_files\":").number(fs.backing.open_files().size());
  writer.text(",\"locks\":{\"remote\":").text(fs.locks != nullptr ? "true" : "false");
  if (fs.locks != nullptr) {
    writer.text(",\"owners\":").number(fs.locks->owners());
    writer.text(",\"ranges\":").number(fs.locks->ranges());
    writer.text(",\"waiting\":").number(fs.locks->waiting());
  }
  writer.text("}");
  writer.text(",\"rss_bytes\":").number(resident_bytes());
  writer.text(",\"file_descriptors\":").number(descriptor_count());
  writer.text(",\"errors\":[");
  write_errors(writer, fs);
  writer.text("],");
  if (fs.engine == nullptr) {
    writer.text("\"components\":[]");
  } else {
    fs.engine->write_status(out);
  }
  writer.text("}\n");
  return out;
}

std::string stack_report(const OperationCounters& counters) {
  std::string out;
  TextWriter writer(out);
  writer.text("{\"budget\":").number(limits::kRequestStackBytes);
  writer.text(",\"filesystem_budget\":").number(limits::kFsOperationStackBytes);
  writer.text(",\"refused\":").number(StackMonitor::refused());
  writer.text(",\"operations\":{");
  for (uint32_t i = 0; i < kOperationCount; ++i) {
    const char* name = operation_name(static_cast<Operation>(i));
    const uint32_t proved = proved_stack_bytes(name);
    writer.text(i == 0 ? "" : ",").json(name).text(":{\"proved\":");
    if (proved == 0) {
      writer.text("null");
    } else {
      writer.number(proved);
    }
    writer.text(",\"budget\":").number(stack_budget(static_cast<Operation>(i)));
    writer.text(",\"measured\":").number(StackMonitor::high_water_bytes(i));
    writer.text(",\"count\":").number(counters.of(static_cast<Operation>(i))).text("}");
  }
  writer.text("}}\n");
  return out;
}

void metric(TextWriter& writer, const char* name, const char* type, const char* help,
            uint64_t value) {
  writer.text("# HELP ").text(name).text(" ").text(help).text("\n# TYPE ");
  writer.text(name).text(" ").text(type).text("\n").text(name).text(" ").number(value).text("\n");
}

// Quantiles of what came, in seconds, as Prometheus wants all times.
void write_latency(TextWriter& writer, const char* metric, const char* label, const char* value,
                   const LatencyHistogram& histogram) {
  const uint64_t count = histogram.count();
  if (count == 0) return;
  for (const double quantile : {0.5, 0.99}) {
    writer.text(metric).text("{").text(label).text("=\"").text(value).text("\",quantile=\"");
    writer.fixed(quantile, quantile == 0.5 ? 1 : 2).text("\"} ");
    writer.fixed(static_cast<double>(histogram.quantile(quantile)) * 1e-9, 9).text("\n");
  }
  writer.text(metric).text("_count{").text(label).text("=\"").text(value).text("\"} ");
  writer.number(count).text("\n");
}

void write_latencies(TextWriter& writer, FileSystem& fs) {
  writer.text("# HELP vexfs_request_seconds Time from arrival to reply by operation.\n");
  writer.text("# TYPE vexfs_request_seconds summary\n");
  for (uint32_t i = 0; i < kOperationCount; ++i) {
    const auto operation = static_cast<Operation>(i);
    write_latency(writer, "vexfs_request_seconds", "op", operation_name(operation),
                  fs.latencies.of(operation));
  }
  writer.text("# HELP vexfs_surface_seconds The same of what workers answered.\n");
  writer.text("# TYPE vexfs_surface_seconds summary\n");
  static constexpr const char* kFiles[SurfaceJob::kKinds] = {
      "query",      "query_f32",  "control",      "similar",      "search", "saved",
      "saved_list", "saved_make", "saved_remove", "saved_rename", "watch"};
  for (uint32_t i = 0; i < SurfaceJob::kKinds; ++i) {
    write_latency(writer, "vexfs_surface_seconds", "file", kFiles[i],
                  fs.surface.latencies(static_cast<SurfaceJob::Kind>(i)));
  }
}

std::string metrics_report(FileSystem& fs) {
  std::string out;
  TextWriter writer(out);
  writer.text("# HELP vexfs_requests_total Requests from the kernel by operation.\n");
  writer.text("# TYPE vexfs_requests_total counter\n");
  for (uint32_t i = 0; i < kOperationCount; ++i) {
    const auto operation = static_cast<Operation>(i);
    writer.text("vexfs_requests_total{op=\"").text(operation_name(operation)).text("\"} ");
    writer.number(fs.counters.of(operation)).text("\n");
  }
  writer.text("# HELP vexfs_stack_bytes Deepest stack measured by operation.\n");
  writer.text("# TYPE vexfs_stack_bytes gauge\n");
  for (uint32_t i = 0; i < kOperationCount; ++i) {
    writer.text("vexfs_stack_bytes{op=\"").text(operation_name(static_cast<Operation>(i)));
    writer.text("\"} ").number(StackMonitor::high_water_bytes(i)).text("\n");
  }
  write_latencies(writer, fs);
  metric(writer, "vexfs_inodes", "gauge", "Inodes that the kernel knows.",
         fs.backing.nodes().size());
  metric(writer, "vexfs_open_files", "gauge", "Open files.", fs.backing.open_files().size());
  metric(writer, "vexfs_passthrough_active", "gauge", "1 when the kernel moves file data itself.",
         fs.passthrough.active() ? 1 : 0);
  metric(writer, "vexfs_resident_bytes", "gauge", "Resident memory of the daemon.",
         resident_bytes());
  metric(writer, "vexfs_file_descriptors", "gauge", "Descriptors of the daemon.",
         descriptor_count());
  if (fs.engine != nullptr) fs.engine->write_metrics(out);
  return out;
}

}  // namespace

uint32_t proved_stack_bytes(const char* operation) {
  for (const StackBound& bound : proved_stack_bounds()) {
    if (std::strcmp(bound.operation, operation) == 0) return bound.bytes;
  }
  return 0;
}

std::string make_report(const ReportSources& sources, Report report) {
  switch (report) {
    case Report::kStatus:
      return status_report(sources);
    case Report::kStack:
      return stack_report(sources.fs.counters);
    case Report::kMetrics:
      return metrics_report(sources.fs);
  }
  return "\n";
}

}  // namespace vexfs::fs
