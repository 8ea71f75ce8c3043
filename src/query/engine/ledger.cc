#include "ledger.h"

#include <algorithm>

#include "context.h"
#include "histogram_columns.h"
#include "work_meter.h"

namespace narthex::engine {
namespace {

// A row takes as long as so many samples, whatever its steps.
constexpr std::size_t kRowCost = 64;

class CountedRows : public RowStream {
 public:
  CountedRows(RowStreamPtr input, RowTally& tally, const CountOptions& options,
              const Context& context)
      : input_(std::move(input)), tally_(tally), options_(options), meter_(context) {}

  // What is made of rows that are all read already, of groups say, asks nobody else.
  Result<bool> Next(Row& row) override {
    if (!meter_.MayGoOn(kRowCost + options_.step_count)) return meter_.status().error();
    NARTHEX_ASSIGN_OR_RETURN(const bool has_row, input_->Next(row));
    if (!has_row) return false;
    tally_.Add(row, options_.step_count);
    if (tally_.sample_count() > options_.samples_max) return TooManySamples();
    return true;
  }
  StreamTraits traits() const override { return input_->traits(); }

 private:
  const RowStreamPtr input_;
  RowTally& tally_;
  const CountOptions options_;
  WorkMeter meter_;
};

}  // namespace

void RowTally::Add(const Row& row, std::size_t step_count) {
  // A row that comes has a value at some step.
  const std::size_t element_count = step_count == 1 ? 1 : row.presence.Count();
  sample_count_ += element_count;
  if (element_count == step_count) {
    ++full_count_;
  } else {
    changes_.resize(step_count + 1);
    row.presence.ForEachRun([&](std::size_t begin, std::size_t end) {
      ++changes_[begin];
      --changes_[end];
    });
  }
  if (!row.has_histograms()) return;
  histogram_extra_.resize(step_count);
  series_extra_.resize(step_count);
  row.presence.ForEach([&](std::size_t step) {
    const model::FloatHistogram* histogram = row.HistogramAt(step);
    if (histogram == nullptr) return;
    sample_count_ += SampleWeight(*histogram) - 1;
    series_extra_[step] += SampleWeight(*histogram) - 1;
    histogram_extra_[step] += VectorWeight(*histogram) - 1;
  });
}

std::vector<std::size_t> RowTally::ElementCounts(std::size_t step_count) const {
  std::vector<std::size_t> counts(step_count, full_count_);
  std::int64_t with_gaps = 0;
  for (std::size_t i = 0; i < std::min(step_count, changes_.size()); ++i) {
    with_gaps += changes_[i];
    counts[i] += static_cast<std::size_t>(with_gaps);
  }
  return counts;
}

std::vector<std::size_t> RowTally::WithExtra(std::size_t step_count,
                                             const std::vector<std::size_t>& extra) const {
  std::vector<std::size_t> counts = ElementCounts(step_count);
  for (std::size_t i = 0; i < std::min(step_count, extra.size()); ++i) counts[i] += extra[i];
  return counts;
}

std::vector<std::size_t> RowTally::SampleCounts(std::size_t step_count) const {
  return WithExtra(step_count, histogram_extra_);
}

std::vector<std::size_t> RowTally::SeriesSampleCounts(std::size_t step_count) const {
  return WithExtra(step_count, series_extra_);
}

void WindowTally::AddSeries(std::size_t largest, std::size_t last, std::size_t row) {
  peak = std::max(peak, given + std::max(largest, last + row));
  given += row;
}

void WindowTally::Join(const WindowTally& later) {
  peak = std::max(peak, given + later.peak);
  given += later.given;
  queryable.Add(later.queryable);
  read.Add(later.read);
}

const void* Ledger::Original(const void* key) const {
  if (originals_.empty()) return key;
  // What is equal to a part of a copy may itself be a part of one.
  for (auto found = originals_.find(key); found != originals_.end(); found = originals_.find(key)) {
    key = found->second;
  }
  return key;
}

void Ledger::Equate(const promql::Expr& copy, const promql::Expr& original) {
  const promql::Expr& inner = promql::Unwrap(copy);
  const promql::Expr& counted = promql::Unwrap(original);
  originals_.emplace(&inner, &counted);
  if (inner.kind == promql::NodeKind::kCall) {
    originals_.emplace(InfoSeriesKey(promql::As<promql::Call>(inner)),
                       InfoSeriesKey(promql::As<promql::Call>(counted)));
  }
  const std::vector<const promql::Expr*> copies = promql::Children(inner);
  const std::vector<const promql::Expr*> originals = promql::Children(counted);
  for (std::size_t i = 0; i < copies.size(); ++i) Equate(*copies[i], *originals[i]);
}

void Ledger::JoinWindows(const Ledger& later) {
  for (const auto& [key, tally] : later.windows_) windows_[key].Join(tally);
}

std::size_t SampleCountOf(const Row& row) {
  std::size_t count = row.presence.Count();
  if (!row.has_histograms()) return count;
  row.presence.ForEach([&](std::size_t step) {
    const model::FloatHistogram* histogram = row.HistogramAt(step);
    if (histogram != nullptr) count += SampleWeight(*histogram) - 1;
  });
  return count;
}

RowStreamPtr CountRows(RowStreamPtr input, const void* key, const CountOptions& options,
                       Context& context) {
  return std::make_unique<CountedRows>(std::move(input), context.ledger().RowsOf(key), options,
                                       context);
}

}  // namespace narthex::engine
