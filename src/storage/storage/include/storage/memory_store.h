// A store in memory, for scripts and tests: series by label set, samples in order of time.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <vector>

#include "model/histogram.h"
#include "model/labels.h"
#include "model/sample.h"
#include "storage/querier.h"

namespace narthex::storage {

// Samples of a series are appended in order of time; queriers see what is appended later. Not
// thread-safe while it changes.
class MemoryStore : public Queryable {
 public:
  using HistogramPtr = std::shared_ptr<const model::FloatHistogram>;

  struct Columns {
    std::vector<model::TimestampMs> timestamps;
    std::vector<double> values;
    // Empty while the series has none of them.
    std::vector<const model::FloatHistogram*> histograms;
    std::vector<model::TimestampMs> start_timestamps;
  };
  using SeriesMap = std::map<model::LabelSet, Columns>;

  void Clear() {
    series_.clear();
    histograms_.clear();
  }
  // From now on all series claim to share one time column; the caller sees to it that they do.
  void ShareTimeColumn() { time_column_id_ = 1; }
  // Called for each series that is read.
  void SetReadHook(std::function<void()> hook) { read_hook_ = std::move(hook); }
  std::size_t read_count() const { return read_count_; }
  void Append(const model::LabelSet& labels, model::TimestampMs timestamp, double value) {
    Columns& columns = series_[labels];
    columns.timestamps.push_back(timestamp);
    columns.values.push_back(value);
    if (!columns.histograms.empty()) columns.histograms.push_back(nullptr);
    if (!columns.start_timestamps.empty()) columns.start_timestamps.push_back(0);
  }
  void Append(const model::LabelSet& labels, model::TimestampMs timestamp, HistogramPtr histogram) {
    Append(labels, timestamp, histogram->sum);
    Columns& columns = series_[labels];
    columns.histograms.resize(columns.values.size());
    columns.histograms.back() = histogram.get();
    histograms_.push_back(std::move(histogram));
  }
  // Since when the newest sample of the series counts.
  void SetStart(const model::LabelSet& labels, model::TimestampMs start_timestamp) {
    Columns& columns = series_[labels];
    columns.start_timestamps.resize(columns.values.size());
    columns.start_timestamps.back() = start_timestamp;
  }
  const SeriesMap& series() const { return series_; }

  Result<std::unique_ptr<Querier>> OpenQuerier(model::TimeRange range) override {
    return std::make_unique<StoreQuerier>(*this, range);
  }

 private:
  class Set : public SeriesSet {
   public:
    Set(MemoryStore& store, std::vector<SeriesMap::const_iterator> found, model::TimeRange range)
        : store_(store), found_(std::move(found)), range_(range) {}
    bool Next() override { return ++next_ <= found_.size(); }
    bool is_cuttable() const override { return next_ == 0; }
    std::size_t remaining_count() const override { return found_.size(); }
    model::LabelSet LabelsAhead(std::size_t index) const override { return found_[index]->first; }
    std::unique_ptr<SeriesSet> TakeAhead(std::size_t count) override {
      const auto end = found_.begin() + static_cast<std::ptrdiff_t>(count);
      std::vector<SeriesMap::const_iterator> taken(found_.begin(), end);
      found_.erase(found_.begin(), end);
      return std::make_unique<Set>(store_, std::move(taken), range_);
    }
    const model::LabelSet& labels() const override { return found_[next_ - 1]->first; }
    Result<SampleColumns> samples() override {
      ++store_.read_count_;
      if (store_.read_hook_) store_.read_hook_();
      const Columns& columns = found_[next_ - 1]->second;
      const auto& times = columns.timestamps;
      const auto first = std::ranges::lower_bound(times, range_.from) - times.begin();
      const auto last = std::ranges::upper_bound(times, range_.until) - times.begin();
      const auto offset = static_cast<std::size_t>(first);
      const auto count = static_cast<std::size_t>(std::max<std::ptrdiff_t>(0, last - first));
      SampleColumns out{std::span(times).subspan(offset, count),
                        std::span(columns.values).subspan(offset, count), store_.time_column_id_};
      if (!columns.histograms.empty()) {
        out.histograms = std::span(columns.histograms).subspan(offset, count);
      }
      if (!columns.start_timestamps.empty()) {
        out.start_timestamps = std::span(columns.start_timestamps).subspan(offset, count);
      }
      return out;
    }
    Status status() const override { return Ok(); }

   private:
    MemoryStore& store_;
    std::vector<SeriesMap::const_iterator> found_;
    const model::TimeRange range_;
    std::size_t next_ = 0;
  };

  class StoreQuerier : public Querier {
   public:
    StoreQuerier(MemoryStore& store, model::TimeRange range) : store_(store), range_(range) {}
    Result<std::unique_ptr<SeriesSet>> Select(std::span<const model::Matcher> matchers,
                                              const SelectHints& hints) override {
      std::vector<SeriesMap::const_iterator> found;
      AliveMeter meter(hints.check_alive, kSeriesPerQuestion);
      for (auto it = store_.series_.cbegin(); it != store_.series_.cend(); ++it) {
        if (!meter.MayGoOn()) return meter.status().error();
        if (model::MatchesAll(matchers, it->first)) found.push_back(it);
      }
      return std::make_unique<Set>(store_, std::move(found), range_);
    }
    Result<LabelList> LabelNames(std::span<const model::Matcher>, const ListHints&) override {
      return Error{ErrorCode::kUnsupported, "not part of this store"};
    }
    Result<LabelList> LabelValues(std::string_view, std::span<const model::Matcher>,
                                  const ListHints&) override {
      return Error{ErrorCode::kUnsupported, "not part of this store"};
    }

   private:
    MemoryStore& store_;
    const model::TimeRange range_;
  };

  // Looking at one takes some 100 ns.
  static constexpr std::size_t kSeriesPerQuestion = std::size_t{8} << 10;

  SeriesMap series_;
  std::vector<HistogramPtr> histograms_;  // what the columns point to
  std::uint64_t time_column_id_ = 0;
  std::function<void()> read_hook_;
  std::atomic<std::size_t> read_count_ = 0;
};

}  // namespace narthex::storage
