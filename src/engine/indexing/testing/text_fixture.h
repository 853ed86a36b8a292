// TextFixture: for tests, files with text and searches for their words.
#ifndef VEXFS_ENGINE_INDEXING_TESTING_TEXT_FIXTURE_H_
#define VEXFS_ENGINE_INDEXING_TESTING_TEXT_FIXTURE_H_

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <set>
#include <string>
#include <vector>

#include "engine/storage/testing/storage_fixture.h"
#include "lexical/lexical_index.h"
#include "text/lexical_terms.h"

namespace vexfs::engine {

class TextFixture : public StorageFixture {
 protected:
  void put(const std::string& path, const std::string& text) {
    const Fd file(::openat(files_.fd(), path.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644));
    ASSERT_TRUE(file.valid()) << path;
    ASSERT_EQ(::write(file.get(), text.data(), text.size()), static_cast<ssize_t>(text.size()));
  }

  // Paths of the files with a passage that has the word; "-" stands for a file without name.
  std::set<std::string> paths_with(const VectorStorageManager::OpenSpace& space,
                                   const lexical::LexicalIndex& words, const std::string& word) {
    std::vector<std::string> terms;
    text::lexical_terms(word, text::TermsFor::kQuery, [&](const text::LexicalTerm& term) {
      terms.emplace_back(term.term);
      return true;
    });
    const SearchEpochs::Entered held = space.knn->hold();
    std::set<std::string> paths;
    for (const lexical::Match& match : words.search({.terms = terms, .most = 1000})) {
      const auto passage = storage_->passage_at(space, match.slot);
      if (!passage.ok()) continue;
      storage_->read([&](const Snapshot& now) {
        std::string path;
        const bool ok = now.path_below(passage.value().object, kRootDirectory, path).ok();
        paths.insert(ok ? path : "-");
      });
    }
    return paths;
  }
};

}  // namespace vexfs::engine

#endif  // VEXFS_ENGINE_INDEXING_TESTING_TEXT_FIXTURE_H_
