// Every bound of the product, with its unit, its reason and its relation to the others.
// `vexfs inspect limits` prints this table; a bound that is not here does not exist.
#ifndef VEXFS_BASE_LIMITS_H_
#define VEXFS_BASE_LIMITS_H_

#include <cstddef>
#include <cstdint>

#include "base/sanitizer.h"

namespace vexfs::limits {

// --- Stack -------------------------------------------------------------------------------------

// Bytes from a request handler's entry to its deepest frame, library calls included: filesystem
// operations today, vector search later (which may use the rest of the 6 KiB).
inline constexpr size_t kFsOperationStackBytes = 4096;
inline constexpr size_t kRequestStackBytes = 6144;

// Bytes of a request thread's stack. glibc's own floor is 16 KiB, of which thread-local storage,
// the thread's start and libfuse's dispatch take about 5 KiB; the rest must hold one request.
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

// --- Log ---------------------------------------------------------------------------------------

// Records that wait for the service thread; further ones are counted and dropped. 48 bytes each.
inline constexpr size_t kLogRecordsMax = 256;

// --- Names and files ---------------------------------------------------------------------------

inline constexpr size_t kNameBytesMax = 255;          // NAME_MAX, without the terminator.
inline constexpr size_t kXattrNameBytesMax = 255;     // XATTR_NAME_MAX.
inline constexpr size_t kXattrValueBytesMax = 65536;  // XATTR_SIZE_MAX.
inline constexpr size_t kSymlinkBytesMax = 4096;      // PATH_MAX, terminator included.

// --- Inodes and descriptors ----------------------------------------------------------------------

// Inodes that the kernel may have looked up at once. It, not VexFS, decides when to FORGET; beyond
// this a lookup answers ENFILE. 16M inodes on ext4 are 450 MB of records.
inline constexpr size_t kNodesMax = size_t{16} << 20;

// Directories whose descriptors stay open between requests: a walk works in few at a time.
inline constexpr size_t kCachedDirectoriesMax = 64;

// Unlinked inodes that the kernel still references and that are held by a descriptor until FORGET.
// Beyond it the oldest is let go and answers ESTALE, as it would over NFS.
inline constexpr size_t kPinnedNodesMax = 4096;

// Open files; each holds one descriptor. Beyond it, or the process's own limit, EMFILE.
inline constexpr size_t kOpenFilesMax = size_t{1} << 20;

// Milliseconds by which the clock of a file's timestamps may lag: the kernel's tick is 10 at most,
// and network filesystems have the server's. A younger change may have a second one with the same
// times.
inline constexpr int64_t kTimestampStepMs = 20;

// Filesystems mounted inside the source that were entered; each holds one descriptor. Then ENFILE.
inline constexpr size_t kBackingMountsMax = 255;

// --- File locks that reach the backing filesystem (-o remote_locks) ------------------------------

// Owners that locked ranges, each with a descriptor; ranges of all of them, 24 bytes each; and
// requests that wait for a lock. Then ENOLCK.
inline constexpr size_t kLockOwnersMax = 4096;
inline constexpr size_t kLockRangesMax = 65536;
inline constexpr size_t kLockWaitersMax = 256;

// Milliseconds between two tries for those that wait: of the first ones, and later. A lock that is
// given back through the same mount is tried for at once.
inline constexpr int64_t kLockPauseMs = 10;
inline constexpr int64_t kLockPauseMaxMs = 320;

// --- Requests ------------------------------------------------------------------------------------

// Threads that serve requests. One reads at a time; the others stand by for slow requests.
inline constexpr uint32_t kThreadsDefault = 10;
inline constexpr uint32_t kThreadsMax = 64;

// Bytes of file data in one request where the kernel does not pass it through.
inline constexpr size_t kDataBytesMax = size_t{1} << 20;

// Bytes of directory entries fetched from the backing directory at a time.
inline constexpr size_t kDirectoryBufferBytes = 16384;

// Reports of the mount's own surface that wait for the service thread; then EAGAIN.
inline constexpr size_t kReportsWaitingMax = 64;

// Bytes of one report (status, stack, metrics). All spaces of a store take less than half of it.
inline constexpr size_t kReportBytesMax = 262144;

// --- Vectors -------------------------------------------------------------------------------------

// Floats of one vector. 4 bytes each: a vector fits in an extended attribute.
inline constexpr uint32_t kDimMax = 4096;
static_assert(size_t{kDimMax} * 4 <= kXattrValueBytesMax, "a vector is the value of an attribute");

// Slots of one space: address space is reserved for so many rows, memory is not. ThreadSanitizer
// leaves little of it.
inline constexpr uint32_t kSlotsMax = uint32_t{1} << (kThreadSanitized ? 20 : 26);

// HNSW: links a row on the upper layers (twice as many on layer 0), candidates of a search, layers.
inline constexpr uint32_t kMMin = 2;  // Layers thin out by ln m.
inline constexpr uint32_t kMMax = 128;
inline constexpr uint32_t kEfMax = 2000;
inline constexpr uint32_t kLayersMax = 16;

// Threads that build one index at once: each has a bit pattern in the locks of rows.
inline constexpr uint32_t kIndexThreadsMax = 64;

// Neighbours that one search may return.
inline constexpr uint32_t kNeighborsMax = 1000;
static_assert(kNeighborsMax <= kEfMax, "the candidates of a search hold its results");

// Spaces of one store, and bytes of a space's name ([a-z0-9_-], it is a file name and the end of an
// attribute's name).
inline constexpr uint32_t kSpacesMax = 64;
inline constexpr size_t kSpaceNameBytesMax = 64;

// Vectors that are searchable but not linked into the graph yet; they are scanned exactly. A full
// buffer makes the writer of a vector wait, not the searcher.
inline constexpr uint32_t kPendingSlotsMax = 32768;

// For so long, all in all, the scan of names at mount lets a space open first for which somebody
// waits.
inline constexpr uint32_t kOpeningPatienceMs = 300;

// Group commit: changes of the catalog wait at most so long, and at most so many.
inline constexpr uint32_t kCommitDelayMs = 50;
inline constexpr uint32_t kCommitChangesMax = 1024;

// Searches that run at once; further ones wait. Several for each CPU of a large machine, since a
// search may wait for a page of exact vectors.
inline constexpr uint32_t kSearchesMax = 32;

// Slots that the writer of a space links or unlinks at a time: it answers to a stop in between.
inline constexpr uint32_t kLinkBatchSlots = 4096;

// It waits for so many of them, or so long, before it begins: a wake-up for each vector would cost
// its setter more than the vector, and many are linked faster together.
inline constexpr uint32_t kLinkTogether = 512;
inline constexpr uint32_t kLinkDelayMs = 20;
static_assert(kLinkTogether <= kLinkBatchSlots && kLinkBatchSlots <= kPendingSlotsMax);

// A graph's checkpoint is written when so much of its slots changed, at least so many, or when
// nothing changed for so long.
inline constexpr uint32_t kCheckpointChangedPercent = 10;
inline constexpr uint32_t kCheckpointChangesMin = 10000;
inline constexpr uint32_t kCheckpointQuietMs = 60'000;

// Rows that the check of a graph's recall scans, in all: a fraction of a second.
inline constexpr uint32_t kSelfCheckRows = 2'000'000;

// What an unmount spends at most on linking what is pending; the next mount links the rest.
inline constexpr uint32_t kUnmountSettleMs = 2000;

// Objects that upkeep looks at with the lock held, before requests get their turn.
inline constexpr uint32_t kUpkeepBatch = 256;

// Bytes of stack of the engine's own threads: SQL is parsed there, graphs are built, files mapped.
inline constexpr size_t kLargeStackBytes = size_t{512} << 10;

// Free slots of a space that wait in memory to be given out again; 4 bytes each.
inline constexpr uint32_t kOfferedSlotsMax = 65536;

// Bytes of the catalog's log at which it is moved into the catalog's file.
inline constexpr uint64_t kCatalogLogBytes = uint64_t{4} << 20;

// Threads that sum a large checkpoint, however many CPUs there are: to ask for their number takes 4
// KiB of stack.
inline constexpr size_t kChecksumThreads = 4;

// Bytes of stack of an HNSW search, from its entry, at the bounds above; and of a component's
// start, but for what the C library's first allocation off the main thread takes once a process (it
// asks for the number of CPUs).
inline constexpr size_t kSearchStackBytes = 2048;
inline constexpr size_t kStartStackBytes = 3072;

// Bytes of one request to a query file, and the results that it may ask for.
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

// Bytes of one reply; a page of results that would be longer ends early and says so.
inline constexpr size_t kReplyBytesMax = size_t{8} << 20;

// Bytes of a passage's text in a hit: the most that a passage of the built-in model has, and more.
inline constexpr uint32_t kHitTextBytesMax = 2048;
static_assert(kHitsMax * (kSymlinkBytesMax + kHitTextBytesMax + 256) <= kReplyBytesMax,
              "any hits fit");

// Weights of a fusion against 1 for the words, and days of a half-life: some ten years.
inline constexpr uint32_t kFusionWeightMax = 100;
inline constexpr uint32_t kRecencyDaysMax = 3650;

// Bitmaps of slots kept between queries: one for each scope, caller and filter in use. A bit a
// slot.
inline constexpr size_t kCachedFiltersMax = 64;
inline constexpr size_t kCachedFilterBytesMax = size_t{32} << 20;
static_assert(kSlotsMax / 8 <= kCachedFilterBytesMax, "the bitmap of the largest space is kept");

// Results kept between queries, and their bytes: queries, paths and keys of files.
inline constexpr size_t kCachedResultsMax = 512;
inline constexpr size_t kCachedResultBytesMax = size_t{4} << 20;

// A search by text: terms of its words, and the best passages that each half gives at first.
inline constexpr size_t kQueryTermsMax = 64;
inline constexpr uint32_t kTextCandidates = 100;

// Files that are folded into others in one search, then they stand alone; and passages of one file
// that are compared for the one that is shown.
inline constexpr size_t kFoldedFilesMax = 1000;
inline constexpr size_t kPassagesComparedMax = 1024;

// Callers of whom it is kept which files they may read, and the objects of which it is: two bits
// each, some 4 MiB a caller.
inline constexpr size_t kReadableCallersMax = 16;
inline constexpr uint64_t kReadableObjectsMax = uint64_t{1} << 24;

// Milliseconds for which a filter or result may be used where files can change behind the mount.
inline constexpr uint32_t kCachedUnseenMs = 1000;

// Near-duplicates: vectors that one request may compare (each is a search), the neighbours that are
// looked at for each, and the files in a reply.
inline constexpr uint32_t kDuplicateVectorsMax = uint32_t{1} << 18;
inline constexpr uint32_t kDuplicateNeighborsMax = 32;
inline constexpr uint32_t kDuplicateFilesMax = 10000;

// Names of one file that a search looks at, of those that its caller may see.
inline constexpr size_t kHitNamesMax = 16;

// Files in one page of a list.
inline constexpr uint32_t kListedFilesMax = 1000;

// --- Text ----------------------------------------------------------------------------------------

// Bytes of one token; longer words are encodings, not language.
inline constexpr size_t kTokenBytesMax = 40;

// Bytes of a file whose text is read, and bytes of text that one file may have, unpacked.
inline constexpr size_t kDocumentBytesMax = size_t{64} << 20;
inline constexpr size_t kExtractedBytesMax = size_t{16} << 20;

// An extractor process: seconds of CPU, seconds altogether, and address space.
inline constexpr unsigned kExtractorCpuSeconds = 20;
inline constexpr unsigned kExtractorSeconds = 30;
inline constexpr size_t kExtractorMemoryBytes = size_t{1} << 30;

// Texts that one call of an embedder takes, and bytes of a remote one's reply: a batch of vectors
// of kDimMax numbers in decimal, and some room.
inline constexpr size_t kEmbedBatchMax = 256;
inline constexpr size_t kHttpReplyBytesMax = size_t{32} << 20;
static_assert(kHttpReplyBytesMax >= kEmbedBatchMax * size_t{kDimMax} * 24,
              "a full batch's reply must fit");

// Bytes of the sentence that says why a file is not searchable by its text.
inline constexpr size_t kDocumentWhyBytesMax = 200;

// Rules of one .gitignore or .vexfsignore file; large projects have some hundred.
inline constexpr size_t kIgnoreRulesMax = 4096;

// Bytes of one such file; a longer one is not read.
inline constexpr size_t kIgnoreFileBytesMax = size_t{1} << 20;

// Files that were written and that the indexer has not heard of yet; beyond it all are looked at.
// Some 140 bytes each, once there is a space of text.
inline constexpr size_t kChangedKeysMax = 1024;

// A file that was written is read when it was left alone for so long, or was written for so long:
// programs save in several steps, and a saved file shall be found within 200 ms.
inline constexpr uint32_t kTextSettleMs = 50;
inline constexpr uint32_t kTextSettleMaxMs = 2000;

// Files that wait for that; beyond it all are looked at.
inline constexpr size_t kDelayedFilesMax = 4096;

// A file that was younger when it was read is read once more: a later write may have the same time.
inline constexpr uint32_t kYoungFileMs = 20;

// How often a file is looked for again that had no path when it was its turn.
inline constexpr uint32_t kUnseenTriesMax = 3;

// Threads that read files; the graph and the caller want CPUs as well.
inline constexpr unsigned kTextWorkersMax = 2;

// Files that wait to be read, of each of the two kinds (changed, met by a scan); some 400 bytes
// each.
inline constexpr size_t kTextJobsMax = 512;

// Files that a worker reads before it embeds, and passages: of one part of a large document too.
inline constexpr size_t kTextBatchFiles = 32;
inline constexpr size_t kTextPartPassages = 64;
static_assert(kTextPartPassages <= kPendingSlotsMax);

// Passages that were read and wait to be put; some 4 KiB each with words and vector.
inline constexpr size_t kReadyPassagesMax = 1024;

// Passages and documents that are put in one step under the storage's lock, and files that a scan
// looks up in one: a millisecond or two.
inline constexpr size_t kPutPassagesMax = 64;
inline constexpr size_t kTextScanStep = 64;

// How often a word of a file's name counts in each of its passages.
inline constexpr uint32_t kNameTermWeight = 2;

// Documents that were renamed since the last lexical image; then another is written.
inline constexpr size_t kRenamedWordsMax = 4096;

// Bytes of words in memory at which a lexical image is written.
inline constexpr uint64_t kLexicalChangedBytes = uint64_t{16} << 20;

// Bytes of one term of the lexical index.
inline constexpr size_t kTermBytesMax = 64;

// Words, and rows for n-grams, of a static model: far above any that is of use.
inline constexpr uint32_t kModelRowsMax = uint32_t{1} << 24;

// Directories that lead to vectors, ever known to one process; then ENOSPC. Some 150 bytes each
// while they exist, 80 after.
inline constexpr size_t kDirectoriesMax = size_t{1} << 22;

// Directories one inside the other. The kernel takes no path of more than half as many names, but
// deep trees can be moved into deep trees. Beyond: ENAMETOOLONG.
inline constexpr size_t kTreeDepthMax = 4096;

// Names that reconciliation looks at before it lets requests go on: well under a millisecond.
inline constexpr size_t kReconcileStepNames = 256;

// Sets of directories that callers may see, kept for their next query; each a bit a directory.
inline constexpr size_t kVisibleSetsMax = 64;

// How long owner, mode and ACL of a directory are believed where they may change unseen: as long as
// the mount lets the kernel believe them.
inline constexpr uint32_t kAttributesAgeMaxMs = 1000;

// Paths of inodes that an unprivileged command remembers: those of the files it has in hand.
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

// Errors of an import that are told one by one; the others are counted.
inline constexpr uint32_t kImportErrorsShown = 100;

// Directories that `vexfs index --watch` watches, some 1 KiB of kernel memory each; and the seconds
// between its scans where it cannot watch all.
inline constexpr size_t kWatchedDirectoriesMax = 65536;
inline constexpr unsigned kWatchScanSeconds = 60;

// --- The mount's query files and results ---------------------------------------------------------

// Threads that answer queries, started at the first; their stacks, of which what is used becomes
// resident; and requests that wait for them: then EAGAIN.
inline constexpr size_t kSurfaceThreads = 4;
inline constexpr size_t kSurfaceStackBytes = size_t{512} << 10;
inline constexpr size_t kSurfaceJobsMax = 64;

// Supplementary groups of a caller: room for those that most have, and the kernel's NGROUPS_MAX.
inline constexpr size_t kCallerGroupsUsual = 64;
inline constexpr size_t kCallerGroupsMax = 65536;

// Open query files; each may hold a reply. Then EMFILE.
inline constexpr size_t kStreamFilesMax = 256;

// Directories of results that are kept, and the entries of one; the one that was not used for
// longest goes first and answers ESTALE, which makes the kernel look it up again. ENFILE when all
// are open.
inline constexpr size_t kResultDirectoriesMax = 256;
inline constexpr uint32_t kSimilarHits = 20;
static_assert(kSimilarHits <= kHitsMax);

// Bytes of memory of all of them together: ENFILE when what is open leaves no room for another.
inline constexpr size_t kResultBytesMax = size_t{16} << 20;
static_assert(kHitsMax * (kSymlinkBytesMax + 2 * kNameBytesMax + 128) <= kResultBytesMax,
              "the largest fits");

// Bytes of the name of a saved search: what an attribute's name leaves beside "user.vexfs.saved.".
inline constexpr size_t kSavedNameBytesMax = kXattrNameBytesMax - 17;

// Results that are watched for changes, then EMFILE; the files of each that are looked at, the
// best; and the milliseconds between two looks, more where they take long.
inline constexpr size_t kResultWatchesMax = 64;
inline constexpr uint32_t kWatchedHits = 100;
inline constexpr int64_t kWatchPauseMs = 100;
inline constexpr int64_t kWatchPauseMaxMs = 5000;

// Seconds that results stay the same for one who comes back while nothing changed: a program that
// lists a directory and then opens what it saw finds it.
inline constexpr uint64_t kResultSecondsMax = 10;

// --- Options -------------------------------------------------------------------------------------

// Seconds in an option: some 31 years, which in nanoseconds still fits 64 bits.
inline constexpr uint64_t kOptionSecondsMax = 1'000'000'000;
static_assert(kOptionSecondsMax < UINT64_MAX / 1'000'000'000, "seconds are parsed as nanoseconds");

}  // namespace vexfs::limits

#endif  // VEXFS_BASE_LIMITS_H_
