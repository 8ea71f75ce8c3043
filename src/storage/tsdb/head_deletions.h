// What has been deleted of the samples that are in no block yet.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/mutex.h"
#include "base/result.h"
#include "io/file_system.h"
#include "model/matcher.h"
#include "model/sample.h"
#include "storage/querier.h"

namespace narthex::tsdb {

// The samples of `range` of the series that all matchers accept.
struct Deletion {
  model::TimeRange range;
  std::vector<model::Matcher> matchers;

  friend bool operator==(const Deletion& a, const Deletion& b) {
    return a.range.from == b.range.from && a.range.until == b.range.until &&
           a.matchers == b.matchers;
  }
};

using Deletions = std::vector<Deletion>;

// The bytes of the file. Source: docs/formats/deletions.md
std::string EncodeDeletions(const Deletions& deletions);
// Errors: kCorruption, kUnsupported  another version
Result<Deletions> DecodeDeletions(std::string_view bytes);

// The list, and the file that holds it over a restart. Changes are made by one thread at a time;
// the rest is thread-safe.
class HeadDeletions {
 public:
  // `files` must outlive it.
  HeadDeletions(io::FileSystem& files, std::string path);

  // Reads the file, if there is one. One that is damaged is said in the log and counts as empty:
  // samples that were deleted are better seen than a start that fails.
  Status Open() EXCLUDES(mutex_);

  // Returns when the deletion survives a loss of power. Errors: kNoSpace, kIo  nothing is deleted
  Status Add(Deletion deletion) EXCLUDES(mutex_);
  // Forgets what only concerns samples before `before`: the head holds none of them.
  Status Prune(model::TimestampMs before) EXCLUDES(mutex_);

  std::size_t size() const EXCLUDES(mutex_) { return current()->size(); }

  // What `head` shows without the samples deleted by now.
  std::unique_ptr<storage::Querier> Hide(std::unique_ptr<storage::Querier> head) const
      EXCLUDES(mutex_);

 private:
  std::shared_ptr<const Deletions> current() const EXCLUDES(mutex_);
  Status Replace(Deletions deletions) EXCLUDES(mutex_);

  io::FileSystem& files_;
  const std::string path_;
  mutable Mutex mutex_;
  std::shared_ptr<const Deletions> deletions_ GUARDED_BY(mutex_);
};

}  // namespace narthex::tsdb
