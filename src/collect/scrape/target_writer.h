// Puts the scrapes of one target into the store: samples, staleness markers and the series about
// the scrape.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "body_reader.h"
#include "metadata_cache.h"
#include "sample_labels.h"
#include "series_cache.h"
#include "storage/appender.h"

namespace narthex::scrape {

// What a fetch brought: a body and its format, or the reason why there is none.
struct Fetched {
  Status status;
  std::string_view body;
  exposition::Format format = exposition::Format::kText;
  bool is_body_limit_exceeded = false;
  std::chrono::nanoseconds started{0};  // Clock::Monotonic()
};

struct ScrapeOutcome {
  Status status;  // why the target counts as down; success: it is up
  std::size_t scraped_count = 0;
  std::size_t kept_count = 0;
  std::size_t added_count = 0;
  std::size_t out_of_order_count = 0;
  std::size_t duplicate_count = 0;
  std::size_t out_of_bounds_count = 0;
  std::size_t exemplar_out_of_order_count = 0;
};

// Used by one thread at a time.
//
// A scrape is one batch: samples, staleness markers of what vanished, `up` and its like, at one
// time. A scrape that fails in any way stores none of its samples: markers for all that was there
// before, `up` 0.
class TargetWriter {
 public:
  TargetWriter(storage::Appender& appender, Clock& clock, MetadataCache& metadata);

  // Before the first scrape, and whenever rules, labels or what is kept of histograms change:
  // series are resolved anew.
  void Configure(std::shared_ptr<const JobRules> rules, std::shared_ptr<const Target> target);

  // Other rules that give the same series.
  void SetRules(std::shared_ptr<const JobRules> rules) { rules_ = std::move(rules); }

  ScrapeOutcome WriteScrape(const Fetched& fetched, model::TimestampMs time);

  // The target is gone: markers for everything, at `time`.
  void WriteEnd(model::TimestampMs time);

 private:
  // One of the series about the scrape.
  struct Report {
    std::string_view name;
    model::LabelSet labels;
    storage::SeriesRef ref = 0;
  };
  // What goes to the store in one batch.
  struct Columns {
    std::vector<storage::SeriesRef> refs;
    std::vector<double> values;
    std::vector<SeriesIndex> indexes;  // of the samples at the front; markers and reports have none
    std::vector<storage::SeriesExemplar> exemplars;
    // Empty if none of the samples is a native histogram; null for those that are not.
    std::vector<const model::FloatHistogram*> histograms;
    std::vector<model::TimestampMs> starts;  // of samples at the front; 0 where not known
  };
  struct ReadBody {
    Status status;
    BodySamples samples;
    bool has_outdated_starts = false;
  };
  enum class Appended { kAll, kSomeUnknown };

  Result<Appended> TryScrape(const Fetched& fetched, model::TimestampMs time,
                             ScrapeOutcome& outcome);
  ReadBody Read(const Fetched& fetched, model::TimestampMs time, bool trusts_known_starts);
  // Puts a 0 where samples begin to count, for those that are the first since then.
  Status AppendZeros(const SampleColumn& column, model::TimestampMs time);
  void WriteFailure(const Fetched& fetched, model::TimestampMs time, ScrapeOutcome& outcome);
  Status Resolve(SampleColumn& column, storage::GroupRef group);
  Status AppendTimed(const SampleColumn& column, ScrapeOutcome& outcome);
  // As long as a batch of `count` samples; empty where none are stored.
  std::vector<model::TimestampMs> StoredStarts(const std::vector<model::TimestampMs>& starts,
                                               std::size_t count) const;
  void AddMarkers(Columns& columns, bool is_everything_gone);
  Status ResolveReports();
  void AddReports(Columns& columns, const Fetched& fetched, const ScrapeOutcome& outcome);
  Result<Appended> Append(const Columns& columns, model::TimestampMs time, ScrapeOutcome& outcome);
  void SetReports();

  storage::Appender& appender_;
  Clock& clock_;
  MetadataCache& metadata_;
  const storage::GroupRef group_;
  std::shared_ptr<const JobRules> rules_;
  std::shared_ptr<const Target> target_;  // shared with the loop, which may have a newer one
  SeriesCache cache_;
  std::uint32_t scrape_ = 0;
  // Series of the last scrape that have no line in the cache any more: markers are due for those
  // that do not come back.
  std::vector<storage::SeriesRef> retired_;
  std::vector<Report> reports_;
  double duration_seconds_ = 0;  // of the scrape being written
};

}  // namespace narthex::scrape
