// DocumentReader: reads a file and cuts it into the parts of its document, still without vectors.
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

// Plain text is read here; other formats go to an extractor process (text::read_document, where a
// new format is added). The text is cut into passages, and their words are counted. Whatever is
// wrong with a file becomes the outcome of its part. Takes no lock.
//
// Threads: one. Large stack.
class DocumentReader {
 public:
  // All must outlive it. `texts`: where the text of formats other than plain text is kept.
  DocumentReader(tree::Tree& tree, const text::Extractor& extractor, text::PassageOptions options,
                 const store::TextFiles& texts)
      : tree_(tree), extractor_(extractor), options_(options), texts_(texts) {}

  // Calls `take` with each part in order, at least once; it returns false to stop.
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
  // Kept between files for their memory.
  IgnoreStack ignored_;
  TermCounter counter_;
};

}  // namespace vexfs::engine

#endif  // VEXFS_ENGINE_INDEXING_DOCUMENT_READER_H_
