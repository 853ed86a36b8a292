// The options and the help of each command. Parsing calls the command.
#ifndef VEXFS_CLI_OPTIONS_H_
#define VEXFS_CLI_OPTIONS_H_

namespace CLI {
class App;
}

namespace vexfs::cli {

// Each adds its commands; a command's exit code is put into `code`, which must outlive `app`.
void add_mount_options(CLI::App& app, int& code);   // mount, unmount, check, inspect
void add_text_options(CLI::App& app, int& code);    // index, sync, status
void add_vector_options(CLI::App& app, int& code);  // space, vector, import, export
void add_search_options(CLI::App& app, int& code);  // search, similar, dups, bench

}  // namespace vexfs::cli

#endif  // VEXFS_CLI_OPTIONS_H_
