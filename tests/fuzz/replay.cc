// Runs a fuzz target over the files of the directories that are its arguments: the main() of fuzz
// targets in builds without libFuzzer. Exit 2 when there is no file, a signal when the target
// fails.
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, size_t bytes);

int main(int count, char** arguments) {
  int inputs = 0;
  for (int i = 1; i < count; ++i) {
    for (const auto& entry : std::filesystem::directory_iterator(arguments[i])) {
      std::ifstream file(entry.path(), std::ios::binary);
      const std::vector<char> read{std::istreambuf_iterator<char>(file), {}};
      // As libFuzzer does it, the input gets a block of just its size, and is never a null pointer.
      const auto input = std::make_unique<unsigned char[]>(read.size());
      std::copy(read.begin(), read.end(), input.get());
      std::fprintf(stderr, "%s\n", entry.path().c_str());  // After a crash, the last line names it.
      (void)LLVMFuzzerTestOneInput(input.get(), read.size());
      ++inputs;
    }
  }
  std::printf("%d inputs\n", inputs);
  return inputs > 0 ? 0 : 2;
}
