// Walks a body once and turns its lines into columns of samples.
#pragma once

#include <cstddef>
#include <deque>
#include <optional>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "exposition/format.h"
#include "exposition/parser.h"
#include "metadata_cache.h"
#include "model/exemplar.h"
#include "model/histogram.h"
#include "model/labels.h"
#include "model/sample.h"
#include "sample_labels.h"
#include "scrape/target.h"
#include "series_cache.h"

namespace narthex::scrape {

// The samples of one scrape that share its time, or those that bring their own.
struct SampleColumn {
  std::vector<SeriesIndex> series;
  std::vector<storage::SeriesRef> refs;  // of the series; 0 where not resolved yet
  std::vector<double> values;
  std::vector<model::TimestampMs> timestamps;  // only where the samples bring their own
  // Native histograms by place, null for other samples; ends behind the last histogram.
  std::vector<const model::FloatHistogram*> histograms;
  // Since when the samples count, by place, 0 where not known; ends behind the last that is known.
  std::vector<model::TimestampMs> starts;

  // Series that have no reference yet: their place in `series`, and their labels.
  std::vector<std::size_t> unresolved;
  std::vector<model::LabelSet> unresolved_labels;
};

struct BodyExemplar {
  SeriesIndex series = 0;
  model::Exemplar exemplar;
};

struct BodySamples {
  SampleColumn shared;  // at the time of the scrape
  SampleColumn timed;   // at times of their own
  std::vector<BodyExemplar> exemplars;
  std::deque<model::FloatHistogram> histograms;  // a deque: the columns point into it
  // Of the series, those dropped included; empty: that of the last good scrape.
  std::optional<std::vector<SeriesIndex>> new_order;

  std::size_t scraped_count = 0;    // lines with a sample
  std::size_t kept_count = 0;       // after relabelling
  std::size_t added_count = 0;      // series that the last good scrape did not have
  std::size_t duplicate_count = 0;  // the same line again
  std::size_t out_of_bounds_count = 0;
};

struct BodyInput {
  std::string_view body;
  exposition::Format format = exposition::Format::kText;
  model::TimestampMs time = 0;
  std::uint32_t scrape = 0;  // number of this scrape, never 0
  // Whether known lines count since when they did last time, as long as no _created line differs.
  bool trusts_known_starts = true;
};

// Reads `input` against what the target's lines were last time. A line that is equal to the
// expected one up to its value is a known series: nothing is parsed but the value.
//
// Marks the series it meets with `input.scrape`. On an error `samples` holds the counts so far.
// Errors: kInvalidArgument    malformed body, labels or histograms
//         kResourceExhausted  a limit of the job, in upstream's words
class BodyReader {
 public:
  BodyReader(const JobRules& rules, const Target& target, SeriesCache& cache,
             MetadataCache& metadata)
      : rules_(rules),
        target_(target),
        options_(ParserOptionsOf(target.histograms, rules.features)),
        cache_(cache),
        metadata_(metadata) {}

  Status Read(const BodyInput& input);
  // After a read that succeeded: a _created line differs, and samples have been read with what it
  // said last time. The body is to be read again by another reader, without trust.
  bool has_outdated_starts() const { return has_outdated_starts_; }
  BodySamples& samples() { return samples_; }

 private:
  // What a line says of its series.
  struct Reading {
    double value = 0;
    std::optional<model::TimestampMs> timestamp;
    const model::FloatHistogram* histogram = nullptr;
    model::TimestampMs start = 0;  // since when it counts; 0: not known
  };

  // Reads lines as long as they are the ones that are expected, with plain values.
  void TakeExpectedLines(exposition::Parser& parser, const BodyInput& input);
  // Reads the next line if it is the one that is expected.
  Result<bool> TryKnown(exposition::Parser& parser, const BodyInput& input);
  Result<bool> TryKnownMetadata(exposition::Parser& parser, std::string_view line);
  Result<exposition::EntryKind> Parse(exposition::Parser& parser, const BodyInput& input);
  // Whether what was read with trust in known starts is void.
  bool NoteOutdatedStarts(bool are_as_before);
  model::TimestampMs KnownStart(SeriesIndex index);
  void TakeKnown(SeriesIndex index, const Reading& reading, const BodyInput& input);
  Status TakeParsed(exposition::Parser& parser, const BodyInput& input);
  // What is stored of a native histogram.
  Result<const model::FloatHistogram*> TakeHistogram(const model::FloatHistogram& read);
  void TakeMetadata(const exposition::Entry& entry);
  void LearnLine(std::string_view line, const exposition::Entry& entry);
  void TakeExemplar(const exposition::Parser& parser, SeriesIndex index, const BodyInput& input);
  // `labels` if the series is to be resolved.
  void Keep(SeriesIndex index, const Reading& reading, const BodyInput& input,
            const model::LabelSet* labels);
  void AddToOrder(SeriesIndex index);
  void SettleOrder();
  bool IsWithinSampleLimit() const;

  const JobRules& rules_;
  const Target& target_;
  const exposition::ParserOptions options_;
  SeriesCache& cache_;
  MetadataCache& metadata_;
  BodySamples samples_;
  bool follows_created_ = false;  // _created lines of the body are told from the others
  bool trusts_known_ = true;      // lines may be taken for what they were last time
  bool has_known_starts_ = false;
  bool has_outdated_starts_ = false;
  std::size_t expected_ = 0;  // place in cache_.order() of the line that should come next
  // So many series came in the order of last time, and then others.
  std::size_t same_count_ = 0;
  bool is_reordered_ = false;
  std::vector<SeriesIndex> order_;  // once reordered
};

}  // namespace narthex::scrape
