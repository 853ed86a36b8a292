// embed_lines MODEL: each line of stdin as a vector, rows of float32 on stdout, by StaticModel.
#include <cstdio>
#include <fstream>
#include <iostream>
#include <iterator>
#include <span>
#include <string>
#include <vector>

#include "text/static_model.h"

int main(int count, char** arguments) {
  if (count != 2) {
    std::fputs("usage: embed_lines MODEL < LINES > VECTORS\n", stderr);
    return 2;
  }
  std::ifstream file(arguments[1], std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  const auto model = vexfs::text::StaticModel::open(std::as_bytes(std::span(bytes)));
  if (!model.ok()) {
    std::fprintf(stderr, "%s: %s\n", arguments[1], model.status().what());
    return 1;
  }
  std::vector<float> vector(model.value().dim());
  for (std::string line; std::getline(std::cin, line);) {
    (void)model.value().embed(line, vector);
    if (std::fwrite(vector.data(), sizeof(float), vector.size(), stdout) != vector.size()) return 1;
  }
  return 0;
}
