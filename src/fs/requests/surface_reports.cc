// Reports read counters one after the other: each figure is exact, but they are not of one instant.
#include "fs/requests/surface_reports.h"

#include <dirent.h>
#include <unistd.h>

#include <cstring>
#include <fstream>
#include <memory>

#include "base/json_writer.h"
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

// What should never happen: each is a bug to report.
void write_errors(JsonWriter& json, const FileSystem& fs) {
  const Status trouble = fs.engine == nullptr ? fs.engine_status : fs.engine->trouble();
  if (!trouble.ok()) json.value(std::string("vectors: ") + trouble.what());
  if (StackMonitor::refused() != 0) {
    std::string refused;
    TextWriter(refused)
        .text("requests refused for want of stack: ")
        .number(StackMonitor::refused());
    json.value(refused);
  }
  for (uint32_t i = 0; i < kOperationCount; ++i) {
    const auto operation = static_cast<Operation>(i);
    if (StackMonitor::high_water_bytes(i) <= stack_budget(operation)) continue;
    json.value(std::string("stack beyond the budget: ") + operation_name(operation));
  }
}

void write_locks(JsonWriter& json, const FileSystem& fs) {
  json.key("locks").object().member("remote", fs.locks != nullptr);
  if (fs.locks != nullptr) {
    json.member("owners", fs.locks->owners());
    json.member("ranges", fs.locks->ranges());
    json.member("waiting", fs.locks->waiting());
  }
  json.end();
}

std::string status_report(const ReportSources& sources) {
  const MountOptions& options = sources.options;
  FileSystem& fs = sources.fs;
  std::string out;
  JsonWriter json(out);
  json.object().member("pid", ::getpid()).member("version", kVersion);
  json.member("source", options.source).member("mountpoint", options.mountpoint);
  json.member("read_only", options.read_only);
  json.key("passthrough").object().member("active", fs.passthrough.active());
  json.member("reason", fs.passthrough.reason()).end();
  json.member("identity", fs.backing.uses_handles() ? "handles" : "paths");
  json.key("timeouts").object();
  json.key("entry").fixed(fs.timeouts.entry, 3);
  json.key("attributes").fixed(fs.timeouts.attributes, 3);
  json.key("negative").fixed(fs.timeouts.negative, 3).end();
  json.key("threads").object().member("count", options.threads);
  json.member("stack_bytes", options.thread_stack_bytes);
  json.member("quick_wakeups", sources.quick_wakeups).end();
  json.member("inodes", fs.backing.nodes().size());
  json.member("open_files", fs.backing.open_files().size());
  write_locks(json, fs);
  json.member("rss_bytes", resident_bytes()).member("file_descriptors", descriptor_count());
  json.key("errors").array();
  write_errors(json, fs);
  json.end();
  if (fs.engine == nullptr) {
    json.key("components").array().end();
  } else {
    fs.engine->write_status(json);
  }
  json.end();
  out += '\n';
  return out;
}

std::string stack_report(const OperationCounters& counters) {
  std::string out;
  JsonWriter json(out);
  json.object().member("budget", limits::kRequestStackBytes);
  json.member("filesystem_budget", limits::kFsOperationStackBytes);
  json.member("refused", StackMonitor::refused());
  json.key("operations").object();
  for (uint32_t i = 0; i < kOperationCount; ++i) {
    const auto operation = static_cast<Operation>(i);
    const char* name = operation_name(operation);
    const uint32_t proved = proved_stack_bytes(name);
    json.key(name).object().key("proved");
    if (proved == 0) {
      json.null();
    } else {
      json.value(proved);
    }
    json.member("budget", stack_budget(operation));
    json.member("measured", StackMonitor::high_water_bytes(i));
    json.member("count", counters.of(operation)).end();
  }
  json.end().end();
  out += '\n';
  return out;
}

void metric(TextWriter& writer, const char* name, const char* type, const char* help,
            uint64_t value) {
  writer.text("# HELP ").text(name).text(" ").text(help).text("\n# TYPE ");
  writer.text(name).text(" ").text(type).text("\n").text(name).text(" ").number(value).text("\n");
}

// Writes the median and the 99th percentile in seconds, the unit of all times in Prometheus.
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
