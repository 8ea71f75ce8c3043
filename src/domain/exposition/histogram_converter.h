// Makes native histograms with custom buckets of the classic ones that a parser reads.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "exposition/parser.h"
#include "model/histogram.h"
#include "model/labels.h"

namespace narthex::exposition {

// The samples of one classic histogram, as far as they were read.
class CollectedHistogram {
 public:
  explicit CollectedHistogram(model::LabelSet labels) : labels_(std::move(labels)) {}

  // With the name of the family, without `le`.
  const model::LabelSet& labels() const { return labels_; }

  void SetCount(double count) { count_ = count; }
  void SetSum(double sum) { sum_ = sum; }
  void AddBucket(double upper_bound, double cumulative_count);
  // What a sample says besides its value.
  void AddContext(const Entry& entry, std::vector<Exemplar> exemplars);

  // Empty if the buckets do not go up, or differ from the count. Conformance: textparse/entries.
  std::optional<model::FloatHistogram> Convert() const;

  std::optional<TimestampMs> timestamp() const { return timestamp_; }
  std::optional<TimestampMs> start_timestamp() const { return start_timestamp_; }
  std::vector<Exemplar>& exemplars() { return exemplars_; }

 private:
  model::LabelSet labels_;
  std::vector<std::pair<double, double>> buckets_;
  std::optional<double> count_;
  double sum_ = 0;
  bool is_in_order_ = true;
  std::optional<TimestampMs> timestamp_;
  std::optional<TimestampMs> start_timestamp_;
  std::vector<Exemplar> exemplars_;
};

// What Parser does with ParserOptions::converts_classic: the samples of a classic histogram become
// one entry, behind the last of them. Where a native histogram with these labels was read just
// before, none is made.
class HistogramConverter {
 public:
  HistogramConverter(Parser parser, bool keeps_classic)
      : parser_(std::move(parser)), keeps_classic_(keeps_classic) {}

  Result<EntryKind> Next();
  const Entry& entry() const { return is_converted_ ? entry_ : parser_.entry(); }
  Result<model::LabelSet> Labels();
  std::vector<Exemplar> GetExemplars() const;
  std::size_t offset() const { return parser_.offset(); }

 private:
  enum class Part { kNone, kBucket, kCount, kSum };
  struct Sample {
    Part part = Part::kNone;
    model::LabelSet labels;  // of the histogram
    double upper_bound = 0;
  };

  Result<Sample> Classify();
  // Ends the histogram being collected; true: there is a converted entry to hand out.
  bool Finish();
  void Collect(const Sample& sample);

  Parser parser_;
  const bool keeps_classic_;

  model::MetricType type_ = model::MetricType::kUnknown;
  std::string typed_metric_;
  model::LabelSet native_labels_;  // of the last native histogram read

  std::optional<CollectedHistogram> collected_;
  // What Finish() made.
  bool is_converted_ = false;
  Entry entry_;
  std::string series_;
  model::LabelSet labels_;
  model::FloatHistogram histogram_;
  std::vector<Exemplar> exemplars_;
  // The entry of parser_ that comes after it.
  std::optional<EntryKind> held_;
};

}  // namespace narthex::exposition
