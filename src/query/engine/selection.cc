// Aggregations that let elements pass: topk, bottomk, limitk, limit_ratio.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <deque>

#include "aggregate.h"
#include "base/alive_order.h"
#include "base/hash.h"
#include "base/number.h"
#include "histogram_notes.h"
#include "label_map.h"
#include "promql/printer.h"
#include "work_meter.h"

namespace narthex::engine {
namespace {

using promql::TokenKind;

// How many elements `parameter` asks for at each step; below 1 it is none.
Result<std::vector<std::size_t>> CountsOf(const std::vector<double>& parameter) {
  const ParameterExtremes extremes = ExtremesOf(parameter);
  if (extremes.has_nan) return ExecutionError("Parameter value is NaN");
  // Where no step asks for anything, how little that is does not matter.
  if (extremes.greatest < 1) return std::vector<std::size_t>(parameter.size(), 0);
  constexpr double kLimit = 9223372036854775807.0;
  if (extremes.least <= -kLimit) {
    return ExecutionError(
        fmt::format("Scalar value {} underflows int64", FormatDouble(extremes.least)));
  }
  if (extremes.greatest >= kLimit) {
    return ExecutionError(
        fmt::format("Scalar value {} overflows int64", FormatDouble(extremes.greatest)));
  }
  std::vector<std::size_t> counts;
  for (const double k : parameter) {
    counts.push_back(k < 1 ? std::size_t{0} : static_cast<std::size_t>(k));
  }
  return counts;
}

// Whether a series belongs to the sample that a ratio asks for: the series' place in [0, 1) is
// below it; a negative ratio takes the complement. Source: Prometheus, operators.md, limit_ratio.
bool RatioTakes(double ratio, std::uint64_t hash) {
  const double place = static_cast<double>(hash) / 18446744073709551616.0;
  return ratio >= 0 ? place < ratio : place >= 1 + ratio;
}

// The hash that places a series: that of upstream's released builds, so that both take the same
// series. xxHash64 of each name and value behind its length, a byte or, from 255 on, 255 and three.
// Source: Prometheus, model/labels/labels_stringlabels.go.
std::uint64_t SamplingHash(const model::LabelSet& labels) {
  constexpr std::size_t kLongLength = 255;
  std::string bytes;
  const auto append = [&bytes](std::string_view text) {
    if (text.size() < kLongLength) {
      bytes.push_back(static_cast<char>(text.size()));
    } else {
      bytes.push_back(static_cast<char>(kLongLength));
      for (const unsigned shift : {0U, 8U, 16U}) {
        bytes.push_back(static_cast<char>(text.size() >> shift & 0xffU));
      }
    }
    bytes.append(text);
  };
  for (const model::Label& label : labels) {
    append(label.name);
    append(label.value);
  }
  return Hash64(bytes);
}

class SelectionStream : public RowStream {
 public:
  SelectionStream(const promql::AggregateExpr& aggregate, RowStreamPtr input,
                  std::vector<std::size_t> counts, const StepGrid& grid, Context& context)
      : op_(aggregate.op),
        grouping_(aggregate),
        input_(std::move(input)),
        counts_(std::move(counts)),
        grid_(grid),
        context_(context),
        notes_(context, aggregate.position) {}
  ~SelectionStream() override { context_.Release(held_); }

  Result<bool> Next(Row& row) override {
    if (!has_read_) NARTHEX_TRY(ReadAll());
    while (next_ < order_.size()) {
      Row& candidate = rows_[order_[next_++]];
      if (!candidate.presence.Any()) continue;
      row = std::move(candidate);
      return true;
    }
    return End();
  }

  StreamTraits traits() const override { return input_->traits(); }

 private:
  // The elements of one group that are ahead at one step, the worst of them first (a heap).
  using Heap = std::vector<std::size_t>;
  using GroupHeaps = std::vector<Heap>;

  Result<bool> End() {
    if (!ends_early_) return false;
    order_.clear();
    NARTHEX_TRY(index_.Free(meter_));
    NARTHEX_TRY(FreeWhileAlive(heaps_, meter_));
    NARTHEX_TRY(FreeWhileAlive(rows_, meter_));
    context_.Release(std::exchange(held_, 0));
    return false;
  }

  Status ReadAll() {
    has_read_ = true;
    Row row;
    while (true) {
      NARTHEX_ASSIGN_OR_RETURN(const bool has_row, input_->Next(row));
      if (!has_row) break;
      if (op_ != TokenKind::kLimitk && row.has_histograms()) {
        if (WouldTakeHistogram(row)) notes_.IgnoresHistogramsIn(promql::OperatorText(op_));
        row.DropHistograms();
        if (!row.presence.Any()) continue;
      }
      held_ += grid_.count;
      NARTHEX_TRY(context_.Hold(grid_.count));
      const auto place = index_.TryEmplace(grouping_.Of(row.labels), heaps_.size());
      if (place.is_new) heaps_.emplace_back(grid_.count);
      rows_.push_back(std::move(row));
      row = Row();
      Offer(rows_.size() - 1, heaps_[place.value]);
    }
    return Sort();
  }

  // Whether a histogram stands at a step that takes any elements.
  bool WouldTakeHistogram(const Row& row) const {
    bool would = false;
    row.presence.ForEach([&](std::size_t step) {
      would = would || (row.HistogramAt(step) != nullptr && counts_[step] > 0);
    });
    return would;
  }

  // Lets a row compete at each of its steps; losers lose the step at once.
  void Offer(std::size_t index, GroupHeaps& heaps) {
    const Presence steps = rows_[index].presence;
    steps.ForEach([&](std::size_t step) {
      Heap& heap = heaps[step];
      const auto is_worse = [&](std::size_t a, std::size_t b) { return IsAhead(a, b, step); };
      if (heap.size() < counts_[step]) {
        heap.push_back(index);
        if (op_ != TokenKind::kLimitk) std::ranges::push_heap(heap, is_worse);
        return;
      }
      if (heap.empty() || op_ == TokenKind::kLimitk || !IsAhead(index, heap.front(), step)) {
        rows_[index].presence.Clear(step);
        return;
      }
      rows_[heap.front()].presence.Clear(step);
      std::ranges::pop_heap(heap, is_worse);
      heap.back() = index;
      std::ranges::push_heap(heap, is_worse);
    });
  }

  // Whether row `a` goes before row `b` at a step; NaN goes last.
  bool IsAhead(std::size_t a, std::size_t b, std::size_t step) const {
    const double value_a = rows_[a].values[step];
    const double value_b = rows_[b].values[step];
    if (std::isnan(value_b)) return !std::isnan(value_a);
    return op_ == TokenKind::kTopk ? value_a > value_b : value_a < value_b;
  }

  // An instant vector comes group by group, each in order of values.
  Status Sort() {
    if (grid_.count != 1 || op_ == TokenKind::kLimitk) {
      for (std::size_t i = 0; i < rows_.size(); ++i) order_.push_back(i);
      return Ok();
    }
    const auto is_before = [&](std::size_t a, std::size_t b) {
      if (IsAhead(a, b, 0)) return true;
      return !IsAhead(b, a, 0) && a < b;
    };
    for (const GroupHeaps& heaps : heaps_) {
      Heap heap = heaps[0];
      if (!meter_.MayGoOn(heap.size() + 1)) return meter_.status();
      NARTHEX_TRY(SortWhileAlive(heap, is_before, context_.alive_check()));
      order_.insert(order_.end(), heap.begin(), heap.end());
    }
    return Ok();
  }

  const TokenKind op_;
  const Grouping grouping_;
  const RowStreamPtr input_;
  const std::vector<std::size_t> counts_;
  const StepGrid grid_;
  Context& context_;
  const HistogramNotes notes_;
  bool has_read_ = false;
  std::deque<Row> rows_;
  std::deque<GroupHeaps> heaps_;
  LabelMap<std::size_t> index_;
  std::vector<std::size_t> order_;
  const bool ends_early_{context_.ends_early()};
  WorkMeter meter_{context_};
  std::size_t next_ = 0;
  std::size_t held_ = 0;
};

class RatioStream : public RowStream {
 public:
  RatioStream(RowStreamPtr input, std::vector<double> ratios)
      : input_(std::move(input)), ratios_(std::move(ratios)) {}

  Result<bool> Next(Row& row) override {
    while (true) {
      NARTHEX_ASSIGN_OR_RETURN(const bool has_row, input_->Next(row));
      if (!has_row) return false;
      const std::uint64_t hash = SamplingHash(row.labels);
      row.presence.ForEach([&](std::size_t step) {
        if (!RatioTakes(ratios_[step], hash)) row.presence.Clear(step);
      });
      if (row.presence.Any()) return true;
    }
  }

  StreamTraits traits() const override { return input_->traits(); }

 private:
  const RowStreamPtr input_;
  const std::vector<double> ratios_;
};

Result<RowStreamPtr> ApplyRatio(const promql::AggregateExpr& aggregate, RowStreamPtr input,
                                std::vector<double> ratios, Context& context) {
  const ParameterExtremes extremes = ExtremesOf(ratios);
  if (extremes.has_nan) return ExecutionError("Ratio value is NaN");
  const auto warn = [&](double ratio, double capped) {
    context.Warn(fmt::format("ratio value should be between -1 and 1, got {}, capping to {}",
                             FormatDouble(ratio), FormatDouble(capped)),
                 promql::Unwrap(*aggregate.parameter).position);
  };
  if (extremes.greatest > 1) warn(extremes.greatest, 1);
  if (extremes.least < -1) warn(extremes.least, -1);
  for (double& ratio : ratios) ratio = std::clamp(ratio, -1.0, 1.0);
  return std::make_unique<RatioStream>(std::move(input), std::move(ratios));
}

}  // namespace

Result<RowStreamPtr> ApplySelection(const promql::AggregateExpr& aggregate, RowStreamPtr input,
                                    std::vector<double> parameter, const StepGrid& grid,
                                    Context& context) {
  if (aggregate.op == TokenKind::kLimitRatio) {
    return ApplyRatio(aggregate, std::move(input), std::move(parameter), context);
  }
  NARTHEX_ASSIGN_OR_RETURN(std::vector<std::size_t> counts, CountsOf(parameter));
  return std::make_unique<SelectionStream>(aggregate, std::move(input), std::move(counts), grid,
                                           context);
}

}  // namespace narthex::engine
