// Aggregations that need all values of a group at once: quantile, count_values.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <deque>

#include "aggregate.h"
#include "base/number.h"
#include "float_sum.h"
#include "histogram_notes.h"
#include "label_change.h"
#include "label_map.h"
#include "model/histogram_buckets.h"
#include "quantile.h"
#include "work_meter.h"

namespace narthex::engine {
namespace {

class QuantileStream : public RowStream {
 public:
  QuantileStream(const promql::AggregateExpr& aggregate, RowStreamPtr input,
                 std::vector<double> parameter, const StepGrid& grid, Context& context)
      : aggregate_(aggregate),
        grouping_(aggregate),
        input_(std::move(input)),
        parameter_(std::move(parameter)),
        grid_(grid),
        context_(context) {}
  ~QuantileStream() override { context_.Release(held_); }

  Result<bool> Next(Row& row) override {
    if (input_ != nullptr) NARTHEX_TRY(ReadAll());
    if (next_ >= groups_.size()) return End();
    Group& group = groups_[next_++];
    row.Reset(grid_.count);
    row.labels = std::move(group.labels);
    row.drops_name = group.drops_name;
    for (std::size_t step = 0; step < grid_.count; ++step) {
      if (group.values[step].empty()) continue;
      if (!meter_.MayGoOn(group.values[step].size())) return meter_.status().error();
      row.Set(step, Quantile(parameter_[step], group.values[step]));
    }
    return true;
  }

  StreamTraits traits() const override { return {!grouping_.has_name(), false}; }

 private:
  struct Group {
    model::LabelSet labels;
    bool drops_name = false;
    std::vector<std::vector<double>> values;  // for each step
  };

  Result<bool> End() {
    if (!ends_early_) return false;
    NARTHEX_TRY(index_.Free(meter_));
    NARTHEX_TRY(FreeWhileAlive(groups_, meter_));
    context_.Release(std::exchange(held_, 0));
    return false;
  }

  Status ReadAll() {
    Row row;
    while (true) {
      NARTHEX_ASSIGN_OR_RETURN(const bool has_row, input_->Next(row));
      if (!has_row) break;
      if (row.DropHistograms()) {
        HistogramNotes(context_, aggregate_.expr->position).IgnoresHistogramsIn("quantile");
      }
      const std::size_t count = row.presence.Count();
      if (count == 0) continue;
      held_ += count;
      NARTHEX_TRY(context_.Hold(count));
      const auto place = index_.TryEmplace(grouping_.Of(row.labels), groups_.size());
      if (place.is_new) {
        groups_.push_back({place.labels, false, {grid_.count, std::vector<double>()}});
      }
      Group& group = groups_[place.value];
      group.drops_name = group.drops_name || (grouping_.has_name() && row.drops_name);
      row.presence.ForEach([&](std::size_t i) { group.values[i].push_back(row.values[i]); });
    }
    input_ = nullptr;
    WarnOfParameter();
    return Ok();
  }

  void WarnOfParameter() {
    const ParameterExtremes extremes = ExtremesOf(parameter_);
    const auto warn = [this](double q) {
      context_.Warn(
          fmt::format("quantile value should be between 0 and 1, got {}", FormatDouble(q)),
          promql::Unwrap(*aggregate_.parameter).position);
    };
    if (extremes.has_nan) return warn(kNaN);
    if (extremes.greatest > 1) warn(extremes.greatest);
    if (extremes.least < 0) warn(extremes.least);
  }

  const promql::AggregateExpr& aggregate_;
  const Grouping grouping_;
  RowStreamPtr input_;
  const std::vector<double> parameter_;
  const StepGrid grid_;
  Context& context_;
  const bool ends_early_{context_.ends_early()};
  WorkMeter meter_{context_};
  std::deque<Group> groups_;
  LabelMap<std::size_t> index_;
  std::size_t next_ = 0;
  std::size_t held_ = 0;
};

class CountValuesStream : public RowStream {
 public:
  CountValuesStream(const promql::AggregateExpr& aggregate, RowStreamPtr input, std::string label,
                    const StepGrid& grid, Context& context)
      : grouping_(aggregate),
        input_(std::move(input)),
        label_(std::move(label)),
        shows_value_(!aggregate.is_without || !IsLeftOut(label_, aggregate)),
        grid_(grid),
        context_(context) {}
  ~CountValuesStream() override { context_.Release(held_); }

  Result<bool> Next(Row& row) override {
    if (input_ != nullptr) NARTHEX_TRY(ReadAll());
    if (next_ >= rows_.size()) return End();
    row = std::move(rows_[next_++]);
    return true;
  }

  StreamTraits traits() const override {
    const bool has_one_name = !grouping_.has_name() && label_ != model::kMetricName;
    return {has_one_name, false};
  }

 private:
  Result<bool> End() {
    if (!ends_early_) return false;
    NARTHEX_TRY(index_.Free(meter_));
    NARTHEX_TRY(FreeWhileAlive(rows_, meter_));
    context_.Release(std::exchange(held_, 0));
    return false;
  }

  static bool IsLeftOut(std::string_view label, const promql::AggregateExpr& aggregate) {
    return label == model::kMetricName ||
           std::ranges::find(aggregate.grouping, label) != aggregate.grouping.end();
  }

  Status ReadAll() {
    Row row;
    while (true) {
      NARTHEX_ASSIGN_OR_RETURN(const bool has_row, input_->Next(row));
      if (!has_row) break;
      const model::LabelSet group = grouping_.Of(row.labels);
      const bool drops_name = grouping_.has_name() && row.drops_name;
      Status status = Ok();
      row.presence.ForEach([&](std::size_t step) {
        if (status.ok()) status = Count(group, drops_name, TextOf(row, step), step);
      });
      NARTHEX_TRY(std::move(status));
    }
    input_ = nullptr;
    return Ok();
  }

  static std::string TextOf(const Row& row, std::size_t step) {
    const model::FloatHistogram* histogram = row.HistogramAt(step);
    return histogram == nullptr ? FormatDouble(row.values[step], FloatFormat::kPlain)
                                : model::ToString(*histogram);
  }

  Status Count(const model::LabelSet& group, bool drops_name, std::string text, std::size_t step) {
    model::LabelSetBuilder builder(group);
    if (shows_value_) builder.Set(label_, text);
    const auto place = index_.TryEmplace(builder.Build(), rows_.size());
    if (place.is_new) {
      held_ += grid_.count;
      NARTHEX_TRY(context_.Hold(grid_.count));
      Row row;
      row.labels = place.labels;
      row.drops_name = drops_name && label_ != model::kMetricName;
      row.presence.Reset(grid_.count);
      row.values.assign(grid_.count, 0);
      rows_.push_back(std::move(row));
    }
    Row& counts = rows_[place.value];
    counts.Set(step, counts.values[step] + 1);
    return Ok();
  }

  const Grouping grouping_;
  RowStreamPtr input_;
  const std::string label_;
  const bool shows_value_;  // `without` may take the label of the value away
  const StepGrid grid_;
  Context& context_;
  std::deque<Row> rows_;
  LabelMap<std::size_t> index_;
  const bool ends_early_{context_.ends_early()};
  WorkMeter meter_{context_};
  std::size_t next_ = 0;
  std::size_t held_ = 0;
};

}  // namespace

RowStreamPtr ApplyQuantile(const promql::AggregateExpr& aggregate, RowStreamPtr input,
                           std::vector<double> parameter, const StepGrid& grid, Context& context) {
  return std::make_unique<QuantileStream>(aggregate, std::move(input), std::move(parameter), grid,
                                          context);
}

Result<RowStreamPtr> ApplyCountValues(const promql::AggregateExpr& aggregate, RowStreamPtr input,
                                      std::string label, const StepGrid& grid, Context& context) {
  if (label.empty() || !model::IsUtf8(label)) {
    return ExecutionError(fmt::format("invalid label name {}", model::Quote(label)));
  }
  return std::make_unique<CountValuesStream>(aggregate, std::move(input), std::move(label), grid,
                                             context);
}

}  // namespace narthex::engine
