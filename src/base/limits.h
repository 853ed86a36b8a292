// Every bound of memory, files and protocol, with its unit, its reason and its relation to the
// others. Delays and tuning constants stand where they are used, with their reason.
// `vexfs inspect limits` prints this table.
#ifndef VEXFS_BASE_LIMITS_H_
#define VEXFS_BASE_LIMITS_H_

#include <cstddef>
#include <cstdint>

#include "base/sanitizer.h"

namespace vexfs::limits {

// --- Stack -------------------------------------------------------------------------------------

// Bytes from a request handler's entry to its deepest frame, library calls included: of operations
// on files alone, and of those that may call the engine (vectors set and read, names that move).
inline constexpr size_t kFsOperationStackBytes = 4096;
inline constexpr size_t kRequestStackBytes = 6144;

// Bytes of a request thread's stack. The smallest that glibc allows is 16 KiB, of which
// thread-local storage, the thread's start and libfuse's dispatch take about 5 KiB; the rest must
// hold one request.
inline constexpr size_t kThreadStackBytesMin = 16384;
inline constexpr size_t kThreadStackBytesDefault = 65536;
inline constexpr size_t kThreadStackOverheadBytes = 5120;
static_assert(kThreadStackBytesMin >= kThreadStackOverheadBytes + kRequestStackBytes,
              "the smallest stack that glibc allows must hold one request");

// Below this many free bytes at a handler's entry the request is refused with ENOMEM.
inline constexpr size_t kStackRedZoneBytes = kRequestStackBytes;

// Bytes below the request loop's frame that are painted and scanned. More than twice the budget, so
// that an overrun shows its size; not the whole stack, so that the rest never becomes resident.
inline constexpr size_t kStackWindowBytes = 16384;
static_assert(kStackWindowBytes >= 2 * kRequestStackBytes, "an overrun must be seen, not clipped");

// --- Mapped files ------------------------------------------------------------------------------

// Ranges of memory that are watched for pages which cannot be read: a space has its rows and the
// four columns of its graph, twice while another takes its place; the catalog's log has an index.
inline constexpr uint32_t kFaultWatchesMax = 1024;

// --- Log ---------------------------------------------------------------------------------------

// Log records that wait for the service thread, 48 bytes each; further ones are counted and
// dropped.
inline constexpr size_t kLogRecordsMax = 256;

// --- Names and files ---------------------------------------------------------------------------

inline constexpr size_t kNameBytesMax = 255;          // NAME_MAX, without the terminator.
inline constexpr size_t kXattrNameBytesMax = 255;     // XATTR_NAME_MAX.
inline constexpr size_t kXattrValueBytesMax = 65536;  // XATTR_SIZE_MAX.
inline constexpr size_t kSymlinkBytesMax = 4096;      // PATH_MAX, terminator included.

// --- Inodes and descriptors ----------------------------------------------------------------------

// Inodes that the kernel may have looked up at once. The kernel, not VexFS, decides when to FORGET
// one; beyond this bound a lookup answers ENFILE. 16M inodes on ext4 take 450 MB of records.
inline constexpr size_t kNodesMax = size_t{16} << 20;

// Directories whose descriptors stay open between requests. A walk of a tree works in a few
// directories at a time, so a few dozen suffice.
inline constexpr size_t kCachedDirectoriesMax = 64;

// Unlinked inodes that the kernel still references; each is held by a descriptor until FORGET.
// Beyond this bound the oldest one is closed and answers ESTALE, as it would over NFS.
inline constexpr size_t kPinnedNodesMax = 4096;

// Open files; each holds one descriptor. Beyond this bound an open answers ENFILE, and beyond the
// process's own limit EMFILE.
inline constexpr size_t kOpenFilesMax = size_t{1} << 20;

// Milliseconds by which the clock of a file's timestamps may lag: the kernel's tick is 10 at most,
// and network filesystems use the server's. A change that is younger than this may be followed by
// another one with the same times.
inline constexpr int64_t kTimestampStepMs = 20;

// Bytes of a path by which a file is opened where there are no handles: a thousand directories of
// the longest names, in steps of PATH_MAX.
inline constexpr size_t kHintPathBytesMax = size_t{256} << 10;

// Filesystems mounted inside the source that requests have entered; each holds one descriptor.
// Beyond this bound a lookup answers ENFILE.
inline constexpr size_t kBackingMountsMax = 255;

// --- File locks that reach the backing filesystem (-o remote_locks) ------------------------------

// Owners of locks, each with a descriptor; the ranges that all of them have locked, 24 bytes each;
// and requests that wait for a lock. Beyond each of these bounds a request answers ENOLCK.
inline constexpr size_t kLockOwnersMax = 4096;
inline constexpr size_t kLockRangesMax = 65536;
inline constexpr size_t kLockWaitersMax = 256;

// Milliseconds between two tries to take a lock for a waiter: the first pause, and the longest one.
// When a lock is given back through the same mount, the next try is made at once.
inline constexpr int64_t kLockPauseMs = 10;
inline constexpr int64_t kLockPauseMaxMs = 320;

// --- Requests ------------------------------------------------------------------------------------

// Threads that serve requests. One of them reads at a time; the others take over when it has a slow
// request.
inline constexpr uint32_t kThreadsDefault = 10;
inline constexpr uint32_t kThreadsMax = 64;

// Bytes of file data in one request where the kernel does not pass it through.
inline constexpr size_t kDataBytesMax = size_t{1} << 20;

// Bytes of directory entries fetched from the backing directory at a time.
inline constexpr size_t kDirectoryBufferBytes = 16384;

// Reports of the mount's own files that wait for the service thread; beyond it, EAGAIN.
inline constexpr size_t kReportsWaitingMax = 64;

// Bytes of one report (status, stack, metrics). All spaces of a store take less than half of it.
inline constexpr size_t kReportBytesMax = 262144;

// --- Vectors -------------------------------------------------------------------------------------

// Floats of one vector. 4 bytes each: a vector fits in an extended attribute.
inline constexpr uint32_t kDimMax = 4096;
static_assert(size_t{kDimMax} * 4 <= kXattrValueBytesMax, "a vector is the value of an attribute");

// Slots of one space. Address space is reserved for this many rows, memory is not. ThreadSanitizer
// leaves little address space, so its builds have fewer.
inline constexpr uint32_t kSlotsMax = uint32_t{1} << (kThreadSanitized ? 20 : 26);

// HNSW: links a row on the upper layers (twice as many on layer 0), candidates of a search, layers.
inline constexpr uint32_t kMMin = 2;  // Layers thin out by ln m.
inline constexpr uint32_t kMMax = 128;
inline constexpr uint32_t kEfMax = 2000;
inline constexpr uint32_t kLayersMax = 16;

// Threads that build one index at once; each has a bit pattern of its own in the locks of rows.
inline constexpr uint32_t kIndexThreadsMax = 64;

// Neighbours that one search may return.
inline constexpr uint32_t kNeighborsMax = 1000;
static_assert(kNeighborsMax <= kEfMax, "the candidates of a search hold its results");

// Spaces of one store, and bytes of a space's name ([a-z0-9_-], it is a file name and the end of an
// attribute's name).
inline constexpr uint32_t kSpacesMax = 64;
static_assert(kFaultWatchesMax >= kSpacesMax * 2 * 6, "whatever is mapped can be watched");
inline constexpr size_t kSpaceNameBytesMax = 64;

// Vectors that are searchable but not linked into the graph yet; searches scan them exactly. When
// the buffer is full, the writer of a vector waits; a search never does.
inline constexpr uint32_t kPendingSlotsMax = 32768;

// Milliseconds, in total, that the scan of names at mount pauses so that a space for which somebody
// waits can be opened first.
inline constexpr uint32_t kOpeningPatienceMs = 300;

// Group commit: the milliseconds that a change of the catalog waits at most for its commit, and the
// number of changes that one commit takes at most.
inline constexpr uint32_t kCommitDelayMs = 50;
inline constexpr uint32_t kCommitChangesMax = 1024;

// Searches that run at once; further ones wait. There are several for each CPU, since a search may
// wait for a page of exact vectors to be read.
inline constexpr uint32_t kSearchesMax = 32;

// Slots that the writer thread of a space links or unlinks at a time; between two batches it looks
// whether it has to stop.
inline constexpr uint32_t kLinkBatchSlots = 4096;

// The writer thread begins when this many slots are pending, or after this many milliseconds. A
// wake-up for each vector would cost its setter more than the vector does, and many vectors are
// linked faster together.
inline constexpr uint32_t kLinkTogether = 512;
inline constexpr uint32_t kLinkDelayMs = 20;
static_assert(kLinkTogether <= kLinkBatchSlots && kLinkBatchSlots <= kPendingSlotsMax);

// A checkpoint of a graph is written when this percentage of its slots has changed, and at least
// this many slots; or when nothing has changed for this many milliseconds.
inline constexpr uint32_t kCheckpointChangedPercent = 10;
inline constexpr uint32_t kCheckpointChangesMin = 10000;
inline constexpr uint32_t kCheckpointQuietMs = 60'000;

// Rows that the check of a graph's recall scans in total, which takes a fraction of a second.
inline constexpr uint32_t kSelfCheckRows = 2'000'000;

// Milliseconds that an unmount spends at most on linking pending slots; the next mount links the
// rest.
inline constexpr uint32_t kUnmountSettleMs = 2000;

// Objects that upkeep looks at while it holds the storage's lock; then requests get their turn.
inline constexpr uint32_t kUpkeepBatch = 256;

// Bytes of stack of the engine's own threads, which parse SQL, build graphs and map files.
inline constexpr size_t kLargeStackBytes = size_t{512} << 10;

// Free slots of a space that wait in memory to be given out again; 4 bytes each.
inline constexpr uint32_t kOfferedSlotsMax = 65536;

// Bytes of the catalog's log at which it is moved into the catalog's file.
inline constexpr uint64_t kCatalogLogBytes = uint64_t{4} << 20;

// Threads that compute the checksums of a large checkpoint. It does not depend on the number of
// CPUs, since asking for that takes 4 KiB of stack.
inline constexpr size_t kChecksumThreads = 4;

// Bytes of stack that an HNSW search takes from its entry, at the bounds above; and that the start
// of a component takes. The latter leaves out the C library's first allocation off the main thread,
// which asks for the number of CPUs once a process.
inline constexpr size_t kSearchStackBytes = 2048;
inline constexpr size_t kStartStackBytes = 3072;

// Bytes of one request to a query file, and the number of results that it may ask for.
inline constexpr size_t kQueryBytesMax = size_t{256} << 10;
inline constexpr uint32_t kHitsMax = kNeighborsMax;
inline constexpr uint32_t kHitsDefault = 10;

// Members of one request and its nested object; elements of a list of words; bytes of one word
// (a path or a text).
inline constexpr size_t kQueryMembersMax = 32;
inline constexpr size_t kQueryTypesMax = 16;
inline constexpr size_t kQueryWordBytesMax = 4096;
static_assert(kQueryWordBytesMax >= kSymlinkBytesMax, "any path that the kernel takes fits");
static_assert(kDimMax * 32 <= kQueryBytesMax, "a vector fits, 32 characters a number");

// Bytes of one reply. A page of results that would be longer ends early and says so.
inline constexpr size_t kReplyBytesMax = size_t{8} << 20;

// Bytes of a passage's text in a hit; passages of the built-in model are shorter.
inline constexpr uint32_t kHitTextBytesMax = 2048;
static_assert(kHitsMax * (kSymlinkBytesMax + kHitTextBytesMax + 256) <= kReplyBytesMax,
              "any hits fit");

// The largest weight of the vectors in a fusion, where the words have 1; and the longest half-life
// of a file's age in days, some ten years.
inline constexpr uint32_t kFusionWeightMax = 100;
inline constexpr uint32_t kRecencyDaysMax = 3650;

// Bitmaps of slots kept between queries, and their bytes: one bitmap for each scope, caller and
// filter in use, with one bit for each slot.
inline constexpr size_t kCachedFiltersMax = 64;
inline constexpr size_t kCachedFilterBytesMax = size_t{32} << 20;
static_assert(kSlotsMax / 8 <= kCachedFilterBytesMax, "the bitmap of the largest space is kept");

// Results kept between queries, and the bytes of their queries, paths and keys of files.
inline constexpr size_t kCachedResultsMax = 512;
inline constexpr size_t kCachedResultBytesMax = size_t{4} << 20;

// A search by text: the terms of its query, and the best passages that the search by vectors and
// the search by words each give at first.
inline constexpr size_t kQueryTermsMax = 64;
inline constexpr uint32_t kTextCandidates = 100;

// Files of one search that are folded into a hit that says the same (further ones stand alone), and
// passages of one file that are compared to choose the one that is shown.
inline constexpr size_t kFoldedFilesMax = 1000;
inline constexpr size_t kPassagesComparedMax = 1024;

// Callers for whom the engine keeps which files they may read, and the objects that it keeps this
// for: two bits for each object, some 4 MiB for each caller.
inline constexpr size_t kReadableCallersMax = 16;
inline constexpr uint64_t kReadableObjectsMax = uint64_t{1} << 24;

// Milliseconds for which a filter or result may be used where files can change behind the mount.
inline constexpr uint32_t kCachedUnseenMs = 1000;

// Near-duplicates: vectors that one request may compare (each costs a search), neighbours that are
// looked at for each vector, and files in a reply.
inline constexpr uint32_t kDuplicateVectorsMax = uint32_t{1} << 18;
inline constexpr uint32_t kDuplicateNeighborsMax = 32;
inline constexpr uint32_t kDuplicateFilesMax = 10000;

// Names of one file that a search looks at, among those that its caller may see.
inline constexpr size_t kHitNamesMax = 16;

// Files in one page of a list.
inline constexpr uint32_t kListedFilesMax = 1000;

// --- Text ----------------------------------------------------------------------------------------

// Bytes of one token; longer words are encoded data, not language.
inline constexpr size_t kTokenBytesMax = 40;

// Bytes of a file whose text is read, and bytes of text that one file may have once unpacked.
inline constexpr size_t kDocumentBytesMax = size_t{64} << 20;
inline constexpr size_t kExtractedBytesMax = size_t{16} << 20;

// An extractor process: seconds of CPU, seconds of elapsed time, and bytes of address space.
inline constexpr unsigned kExtractorCpuSeconds = 20;
inline constexpr unsigned kExtractorSeconds = 30;
inline constexpr size_t kExtractorMemoryBytes = size_t{1} << 30;

// Texts that one call of an embedder takes, and bytes of a remote one's reply: a batch of vectors
// of kDimMax numbers in decimal, and some room.
inline constexpr size_t kEmbedBatchMax = 256;
inline constexpr size_t kHttpReplyBytesMax = size_t{32} << 20;
static_assert(kHttpReplyBytesMax >= kEmbedBatchMax * size_t{kDimMax} * 24,
              "a full batch's reply must fit");

// Bytes of the sentence that says why a file cannot be found by its text.
inline constexpr size_t kDocumentWhyBytesMax = 200;

// Rules of one .gitignore or .vexfsignore file; large projects have some hundred.
inline constexpr size_t kIgnoreRulesMax = 4096;

// Bytes of one such file; a longer one is not read.
inline constexpr size_t kIgnoreFileBytesMax = size_t{1} << 20;

// Files that were written and that the indexer has not taken over yet, some 140 bytes each once
// there is a space of text. Beyond this bound a scan looks at all files.
inline constexpr size_t kChangedKeysMax = 1024;

// A file that was written is read when it has been left alone for the first of these times, or when
// it has been written to for the second. Programs save in several steps, and a saved file is to be
// found within 200 ms.
inline constexpr uint32_t kTextSettleMs = 50;
inline constexpr uint32_t kTextSettleMaxMs = 2000;

// Files that wait until they are left alone. Beyond this bound a scan looks at all files.
inline constexpr size_t kDelayedFilesMax = 4096;

// A file that had changed less than this many milliseconds before it was read is read once more: a
// later write may have the same timestamp.
inline constexpr uint32_t kYoungFileMs = 20;

// How often a file that had no path when its turn came is looked for again.
inline constexpr uint32_t kUnseenTriesMax = 3;

// Threads that read files. The graph's writer and the callers need CPUs as well.
inline constexpr unsigned kTextWorkersMax = 2;

// Files that wait to be read, of each of the two kinds (changed, and met by a scan); some 400 bytes
// each.
inline constexpr size_t kTextJobsMax = 512;

// Files and passages that a worker reads before it embeds them. The second is also the size of one
// part of a large document.
inline constexpr size_t kTextBatchFiles = 32;
inline constexpr size_t kTextPartPassages = 64;
static_assert(kTextPartPassages <= kPendingSlotsMax);

// Passages that were read and wait to be stored; some 4 KiB each with words and vector.
inline constexpr size_t kReadyPassagesMax = 1024;

// Passages that are stored in one step under the storage's lock, and files that a scan looks up in
// one step; each takes a millisecond or two.
inline constexpr size_t kPutPassagesMax = 64;
inline constexpr size_t kTextScanStep = 64;

// How often a word of a file's name counts in each of its passages.
inline constexpr uint32_t kNameTermWeight = 2;

// Documents renamed since the last lexical image; at this number another image is written.
inline constexpr size_t kRenamedWordsMax = 4096;

// Bytes of words in memory at which a lexical image is written.
inline constexpr uint64_t kLexicalChangedBytes = uint64_t{16} << 20;

// Bytes of one term of the lexical index.
inline constexpr size_t kTermBytesMax = 64;

// Words, and rows for n-grams, of a static model; useful models have far fewer.
inline constexpr uint32_t kModelRowsMax = uint32_t{1} << 24;

// Directories that lead to vectors, counted over the life of a process; beyond it, ENOSPC. Each
// takes some 150 bytes while it exists, and 80 afterwards.
inline constexpr size_t kDirectoriesMax = size_t{1} << 22;

// Depth of nested directories. The kernel takes no path of more than half as many names, but deep
// trees can be moved into deep trees. Beyond this bound: ENAMETOOLONG.
inline constexpr size_t kTreeDepthMax = 4096;

// Names that reconciliation looks at before it lets requests go on, which takes well under a
// millisecond.
inline constexpr size_t kReconcileStepNames = 256;

// Sets of directories that callers may see, kept for their next query, with one bit for each
// directory.
inline constexpr size_t kVisibleSetsMax = 64;

// Milliseconds for which owner, mode and ACL of a directory are used again where they may change
// unseen: as long as the mount lets the kernel cache them.
inline constexpr uint32_t kAttributesAgeMaxMs = 1000;

// Paths of inodes that an unprivileged command remembers, for the files that it works on.
inline constexpr size_t kRememberedPathsMax = 4096;

// Entries of an access control list that are looked at; a longer list permits nothing. ext4 holds
// some 500 in its largest block.
inline constexpr size_t kAclEntriesMax = 1024;
static_assert(4 + 8 * kAclEntriesMax <= kXattrValueBytesMax, "a list is the value of an attribute");

// --- Files of vectors (import, export) -----------------------------------------------------------

// Bytes of one line of a jsonl or paths file: 4096 numbers in their longest spelling and a path
// with every byte escaped.
inline constexpr size_t kVectorLineBytesMax = size_t{256} << 10;
static_assert(kDimMax * 32 + kSymlinkBytesMax * 6 <= kVectorLineBytesMax,
              "a line holds the largest vector and the longest path");

// Bytes of a file of vectors that are read or written at a time; a whole line fits.
inline constexpr size_t kStreamBufferBytes = size_t{1} << 20;
static_assert(kStreamBufferBytes >= kVectorLineBytesMax, "a line is parsed where it was read");

// Bytes of the text in an npy file's header; version 1 has no room for more.
inline constexpr size_t kNpyHeaderBytesMax = 65535;

// Errors of an import that are printed one by one; the others are counted.
inline constexpr uint32_t kImportErrorsShown = 100;

// Directories that `vexfs index --watch` watches, some 1 KiB of kernel memory each; and the seconds
// between its scans where it cannot watch all.
inline constexpr size_t kWatchedDirectoriesMax = 65536;
inline constexpr unsigned kWatchScanSeconds = 60;

// --- The mount's query files and results ---------------------------------------------------------

// Threads that answer queries, started with the first query; bytes of their stacks, of which the
// used part becomes resident; and requests that wait for a thread: beyond it, EAGAIN.
inline constexpr size_t kSurfaceThreads = 4;
inline constexpr size_t kSurfaceStackBytes = size_t{512} << 10;
inline constexpr size_t kSurfaceJobsMax = 64;

// Supplementary groups of a caller: the number that suffices for most, and the kernel's
// NGROUPS_MAX.
inline constexpr size_t kCallerGroupsUsual = 64;
inline constexpr size_t kCallerGroupsMax = 65536;

// Open query files; each may hold a reply. Beyond it, EMFILE.
inline constexpr size_t kStreamFilesMax = 256;

// Directories of results that are kept, and the entries of one for a similar-files query. The
// directory that was used least recently is dropped first; it then answers ESTALE, which makes the
// kernel look it up again. ENFILE when all of them are open.
inline constexpr size_t kResultDirectoriesMax = 256;
inline constexpr uint32_t kSimilarHits = 20;
static_assert(kSimilarHits <= kHitsMax);

// Bytes of memory of all directories of results together; ENFILE when the open ones leave no room.
inline constexpr size_t kResultBytesMax = size_t{16} << 20;
static_assert(kHitsMax * (kSymlinkBytesMax + 2 * kNameBytesMax + 128) <= kResultBytesMax,
              "the largest fits");

// Bytes of the name of a saved search: those that an attribute's name has beside
// "user.vexfs.saved.".
inline constexpr size_t kSavedNameBytesMax = kXattrNameBytesMax - 17;

// Results that are watched for changes (beyond it, EMFILE); the best files of each that are
// compared; and the milliseconds between two comparisons, more where they take long.
inline constexpr size_t kResultWatchesMax = 64;
inline constexpr uint32_t kWatchedHits = 100;
inline constexpr int64_t kWatchPauseMs = 100;
inline constexpr int64_t kWatchPauseMaxMs = 5000;

// Seconds for which a caller who comes back finds the same results while nothing has changed, so
// that a program that lists a directory can then open what it saw.
inline constexpr uint64_t kResultSecondsMax = 10;

// --- Options -------------------------------------------------------------------------------------

// Seconds in an option: some 31 years, which fit into 64 bits as nanoseconds.
inline constexpr uint64_t kOptionSecondsMax = 1'000'000'000;
static_assert(kOptionSecondsMax < UINT64_MAX / 1'000'000'000, "seconds are parsed as nanoseconds");

}  // namespace vexfs::limits

#endif  // VEXFS_BASE_LIMITS_H_
