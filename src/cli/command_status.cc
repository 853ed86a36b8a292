// vexfs status
#include <cstdio>
#include <nlohmann/json.hpp>

#include "cli/commands.h"
#include "cli/find_mount.h"

namespace vexfs::cli {

int run_status(const std::string& path, bool json) {
  const auto text = read_surface(path, "status");
  if (!text.ok()) return fail(path + ": " + text.status().what(), text.error());
  if (json) {
    std::fputs(text.value().c_str(), stdout);
    return kExitOk;
  }
  const auto status = nlohmann::json::parse(text.value(), nullptr, false);
  if (status.is_discarded()) return fail(path + ": the status is not JSON");
  const auto& passthrough = status["passthrough"];
  const bool active = passthrough.value("active", false);
  std::printf("%s on %s\n", status.value("source", "").c_str(),
              status.value("mountpoint", "").c_str());
  std::printf("  version      %s, pid %ld\n", status.value("version", "").c_str(),
              status.value("pid", 0L));
  std::printf("  file data    %s%s\n", active ? "kernel passthrough" : "through the daemon: ",
              active ? "" : passthrough.value("reason", "").c_str());
  std::printf("  identity     by %s\n", status.value("identity", "").c_str());
  std::printf("  caches       names %.0f s, attributes %.0f s, absent names %.0f s\n",
              status["timeouts"].value("entry", 0.0), status["timeouts"].value("attributes", 0.0),
              status["timeouts"].value("negative", 0.0));
  std::printf("  in use       %ld inodes, %ld open files, %ld descriptors, %.1f MiB resident\n",
              status.value("inodes", 0L), status.value("open_files", 0L),
              status.value("file_descriptors", 0L),
              static_cast<double>(status.value("rss_bytes", 0L)) / (1024.0 * 1024.0));
  for (const auto& error : status["errors"]) {
    std::printf("  error        %s\n", error.dump().c_str());
  }
  return kExitOk;
}

}  // namespace vexfs::cli
