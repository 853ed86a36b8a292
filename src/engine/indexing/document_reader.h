// DocumentReader: from a file to the parts of its document, without their vectors.
#ifndef VEXFS_ENGINE_INDEXING_DOCUMENT_READER_H_
#define VEXFS_ENGINE_INDEXING_DOCUMENT_READER_H_

#include <string>

#include "base/function_ref.h"
#include "engine/indexing/ignore_stack.h"
#include "engine/indexing/text_job.h"
#include "engine/indexing/text_terms.h"
#include "store/text_files.h"
#include "text/extractor.h"
#include "text/passages.h"
#include "tree/tree.h"

namespace vexfs::engine {

// Reads text where it is plain, else asks an extractor process; cuts it into passages and counts
// their words. Whatever is wrong with a file is an outcome of its part. Takes no lock.
//
// Threads: one. Large stack.
class DocumentReader {
 public:
  // All outlive it. `texts`: where the text of foreign formats is kept.
  DocumentReader(tree::Tree& tree, const text::Extractor& extractor, text::PassageOptions options,
                 const store::TextFiles& texts)
      : tree_(tree), extractor_(extractor), options_(options), texts_(texts) {}

  // Hands over at least one part, in order; `take` answers false to stop.
  void read(const TextJob& job, FunctionRef<bool(TextPart)> take);

 private:
  Result<Fd> open(const TextJob& job, TextPart& part);
  void read_text(const TextJob& job, int fd, TextPart& part);
  Status read_kept(store::ObjectId object, std::string& text) const;
  void cut(TextPart part, FunctionRef<bool(TextPart)> take);

  tree::Tree& tree_;
  const text::Extractor& extractor_;
  const text::PassageOptions options_;
  const store::TextFiles& texts_;
  IgnoreStack ignored_;
  TermCounter counter_;
};

}  // namespace vexfs::engine

#endif  // VEXFS_ENGINE_INDEXING_DOCUMENT_READER_H_
