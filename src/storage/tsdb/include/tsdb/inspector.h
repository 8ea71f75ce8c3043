// Looking at a store that nobody uses: what is in it, what it is made of, whether it is sound.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "io/file_system.h"
#include "model/matcher.h"
#include "model/sample.h"

namespace narthex::tsdb {

class Tsdb;

// Takes text, a few lines at a time. Its error ends what writes it.
using WriteText = std::function<Status(std::string_view)>;

struct DumpOptions {
  enum class Format {
    kProm,         // {labels} value milliseconds
    kOpenMetrics,  // name{labels} value seconds; no histograms, no staleness markers
  };
  model::TimeRange range = {};
  // What any of them accepts; none: all series.
  std::vector<std::vector<model::Matcher>> selectors = {};
  Format format = Format::kProm;
};

struct AnalyzeOptions {
  std::string block = {};  // its id, or "head"; empty: all of them
  std::vector<model::Matcher> matchers = {};
  std::size_t limit = 20;  // entries of each list
};

// A store opened for reading only: nothing in the folder is changed. Not thread-safe.
class Inspector {
 public:
  // Errors: kNotFound            there is no store
  //         kFailedPrecondition  a process uses the folder, or it is one of Prometheus
  static Result<std::unique_ptr<Inspector>> Open(io::FileSystem& files, Clock& clock,
                                                 const std::string& directory);
  ~Inspector();
  Inspector(const Inspector&) = delete;
  Inspector& operator=(const Inspector&) = delete;

  // One line a sample, series in order of labels. Errors: kCorruption, and those of `write`
  Status Dump(const DumpOptions& options, const WriteText& write);

  // For each block and the head: how many series, names and pairs, which of them are most, and
  // which come and go. Errors: kNotFound  there is no block of that id; kCorruption, those of
  // `write`
  Status Analyze(const AnalyzeOptions& options, const WriteText& write);

 private:
  Inspector();

  std::unique_ptr<io::FileSystem> files_;
  std::unique_ptr<Tsdb> store_;  // last: it uses the files
};

struct VerifyReport {
  std::uint64_t block_count = 0;
  std::uint64_t series_count = 0;  // of blocks
  std::uint64_t sample_count = 0;
  std::uint64_t log_record_count = 0;
  std::uint64_t damage_count = 0;
};

// Reads every block and the log of the store in `directory`, changes nothing, and writes a line for
// each damage: what, in which file, where.
// Errors: as Inspector::Open
Result<VerifyReport> Verify(io::FileSystem& files, const std::string& directory,
                            const WriteText& write);

}  // namespace narthex::tsdb
