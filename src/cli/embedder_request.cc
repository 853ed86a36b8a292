// Checks what the options say by themselves. Whether the service answers, the engine finds out.
#include "cli/embedder_request.h"

#include <cerrno>
#include <cstring>

#include "base/json_writer.h"
#include "cli/tree/paths.h"

namespace vexfs::cli {

bool embedder_request(const EmbedderArguments& arguments, std::string& request,
                      std::string& problem) {
  request.clear();
  if (arguments.where.empty()) return true;
  const auto refuse = [&problem](std::string sentence) {
    problem = std::move(sentence);
    return false;
  };
  if (arguments.where == "builtin") {
    if (!arguments.model.empty() || !arguments.key_file.empty() || arguments.dim != 0) {
      return refuse("the built-in embedder has neither --model nor --key-file nor --dim");
    }
    request = "{\"embedder\":{}}";
    return true;
  }
  if (!arguments.where.starts_with("http://") && !arguments.where.starts_with("https://")) {
    return refuse("--embedder is builtin, or a URL that begins with http:// or https://");
  }
  if (arguments.model.empty()) return refuse("a service needs --model NAME");
  std::string key_file;
  if (!arguments.key_file.empty()) {
    key_file = real_path(arguments.key_file);  // The daemon has another current directory.
    if (key_file.empty()) return refuse(arguments.key_file + ": " + std::strerror(errno));
  }
  JsonWriter json(request);
  json.object().key("embedder").object();
  json.member("url", arguments.where).member("model", arguments.model);
  if (!key_file.empty()) json.member("key_file", key_file);
  if (arguments.dim != 0) json.member("dim", arguments.dim);
  json.end().end();
  return true;
}

}  // namespace vexfs::cli
