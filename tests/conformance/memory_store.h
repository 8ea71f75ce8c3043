// A store in memory for tests: series by label set, samples in order of time.
#pragma once

#include <algorithm>
#include <map>
#include <memory>
#include <vector>

#include "model/labels.h"
#include "model/sample.h"
#include "storage/querier.h"

namespace narthex::conformance {

class MemoryStore : public storage::Queryable {
 public:
  struct Columns {
    std::vector<model::TimestampMs> timestamps;
    std::vector<double> values;
  };
  using SeriesMap = std::map<model::LabelSet, Columns>;

  void Clear() { series_.clear(); }
  void Append(const model::LabelSet& labels, model::TimestampMs timestamp, double value) {
    Columns& columns = series_[labels];
    columns.timestamps.push_back(timestamp);
    columns.values.push_back(value);
  }

  Result<std::unique_ptr<storage::Querier>> OpenQuerier(model::TimeRange range) override {
    return std::make_unique<StoreQuerier>(series_, range);
  }

 private:
  class Set : public storage::SeriesSet {
   public:
    Set(std::vector<SeriesMap::const_iterator> found, model::TimeRange range)
        : found_(std::move(found)), range_(range) {}
    bool Next() override { return ++next_ <= found_.size(); }
    const model::LabelSet& labels() const override { return found_[next_ - 1]->first; }
    Result<storage::SampleColumns> samples() override {
      const Columns& columns = found_[next_ - 1]->second;
      const auto& times = columns.timestamps;
      const auto first = std::ranges::lower_bound(times, range_.from) - times.begin();
      const auto last = std::ranges::upper_bound(times, range_.until) - times.begin();
      const auto offset = static_cast<std::size_t>(first);
      const auto count = static_cast<std::size_t>(std::max<std::ptrdiff_t>(0, last - first));
      return storage::SampleColumns{std::span(times).subspan(offset, count),
                                    std::span(columns.values).subspan(offset, count), 0};
    }
    Status status() const override { return Ok(); }

   private:
    const std::vector<SeriesMap::const_iterator> found_;
    const model::TimeRange range_;
    std::size_t next_ = 0;
  };

  class StoreQuerier : public storage::Querier {
   public:
    StoreQuerier(const SeriesMap& series, model::TimeRange range)
        : series_(series), range_(range) {}
    Result<std::unique_ptr<storage::SeriesSet>> Select(std::span<const model::Matcher> matchers,
                                                       const storage::SelectHints&) override {
      std::vector<SeriesMap::const_iterator> found;
      for (auto it = series_.begin(); it != series_.end(); ++it) {
        if (model::MatchesAll(matchers, it->first)) found.push_back(it);
      }
      return std::make_unique<Set>(std::move(found), range_);
    }
    Result<storage::LabelList> LabelNames(std::span<const model::Matcher>, std::size_t) override {
      return Error{ErrorCode::kUnsupported, "not part of this store"};
    }
    Result<storage::LabelList> LabelValues(std::string_view, std::span<const model::Matcher>,
                                           std::size_t) override {
      return Error{ErrorCode::kUnsupported, "not part of this store"};
    }

   private:
    const SeriesMap& series_;
    const model::TimeRange range_;
  };

  SeriesMap series_;
};

}  // namespace narthex::conformance
