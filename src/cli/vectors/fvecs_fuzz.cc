// Fuzz target: fvecs files. What is read is within bounds and ends.
#include "cli/vectors/fvecs_file.h"
#include "cli/vectors/testing/vector_reader_fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, size_t bytes) {
  vexfs::cli::read_all_rows<vexfs::cli::FvecsReader>(data, bytes);
  return 0;
}
