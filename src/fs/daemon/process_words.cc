// Reads /proc/PID; a process that ends meanwhile leaves words out.
#include "fs/daemon/process_words.h"

#include <dirent.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <memory>

namespace vexfs::fs {
namespace {

// Longer command lines are cut: the first words name the program.
constexpr size_t kCommandBytesMax = 120;

std::string content_of(const std::string& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

std::string command_of(const std::string& process) {
  std::string command = content_of(process + "/cmdline");
  while (!command.empty() && command.back() == '\0') command.pop_back();
  std::replace_if(
      command.begin(), command.end(), [](char c) { return static_cast<unsigned char>(c) < ' '; },
      ' ');
  const size_t slash = command.substr(0, command.find(' ')).rfind('/');
  if (slash != std::string::npos) command.erase(0, slash + 1);
  if (command.size() > kCommandBytesMax) command = command.substr(0, kCommandBytesMax) + "...";
  return command;
}

// The letter of proc_pid_stat(5), behind the name in brackets.
char state_of(const std::string& task) {
  const std::string stat = content_of(task + "/stat");
  const size_t bracket = stat.rfind(") ");
  return bracket == std::string::npos || bracket + 2 >= stat.size() ? ' ' : stat[bracket + 2];
}

// Whether one of its threads is in that state.
bool has_thread_in(const std::string& process, char state) {
  const std::string tasks = process + "/task";
  const std::unique_ptr<DIR, int (*)(DIR*)> directory(::opendir(tasks.c_str()), ::closedir);
  if (directory == nullptr) return false;
  while (const dirent* entry = ::readdir(directory.get())) {
    if (entry->d_name[0] != '.' && state_of(tasks + "/" + entry->d_name) == state) return true;
  }
  return false;
}

}  // namespace

std::string process_in_words(pid_t pid) {
  if (pid <= 0) return "another process";
  const std::string process = "/proc/" + std::to_string(pid);
  std::string words = "process " + std::to_string(pid);
  const std::string command = command_of(process);
  if (!command.empty()) words += " (" + command + ")";
  const char state = state_of(process);
  if (state == 'T' || state == 't') {
    words += ", which is stopped,";
  } else if (has_thread_in(process, 'D')) {
    words += ", which waits for a disk,";
  }
  return words;
}

std::string holder_in_words(pid_t pid, const std::string& source) {
  return process_in_words(pid) + " still has the store of " + source;
}

}  // namespace vexfs::fs
