// Functions that look at whole vectors: timestamp, absent, sort.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <deque>
#include <functional>
#include <set>
#include <vector>

#include "base/alive_order.h"
#include "evaluator.h"
#include "info.h"
#include "label_change.h"
#include "natural_order.h"
#include "range_function.h"
#include "usage.h"
#include "work_meter.h"

namespace narthex::engine {
namespace {

using promql::As;
using promql::NodeKind;

// Puts the time of the step in place of every value.
class StepTimeStream : public RowStream {
 public:
  StepTimeStream(RowStreamPtr input, const StepGrid& grid, Context& context)
      : input_(std::move(input)), grid_(grid), context_(context) {}

  Result<bool> Next(Row& row) override {
    NARTHEX_ASSIGN_OR_RETURN(const bool has_row, input_->Next(row));
    if (!has_row) return false;
    row.histograms.clear();
    row.presence.ForEach(
        [&](std::size_t step) { row.values[step] = static_cast<double>(grid_.At(step)) / 1000; });
    DropName(row, context_);
    return true;
  }
  StreamTraits traits() const override { return input_->traits(); }

 private:
  const RowStreamPtr input_;
  const StepGrid grid_;
  Context& context_;
};

class EmptyStream : public RowStream {
 public:
  Result<bool> Next(Row&) override { return false; }
};

class DropNameStream : public RowStream {
 public:
  DropNameStream(RowStreamPtr input, Context& context)
      : input_(std::move(input)), context_(context) {}

  Result<bool> Next(Row& row) override {
    NARTHEX_ASSIGN_OR_RETURN(const bool has_row, input_->Next(row));
    if (has_row) DropName(row, context_);
    return has_row;
  }
  StreamTraits traits() const override { return input_->traits(); }

 private:
  const RowStreamPtr input_;
  Context& context_;
};

// The labels that equality matchers of a selector pin down. As upstream: of several matchers of one
// label the order decides, and those that only take series away count as the last, for its store
// has moved them there by then.
model::LabelSet LabelsOfAbsent(const promql::Expr& expr) {
  const promql::Expr& inner = promql::Unwrap(expr);
  const promql::VectorSelector* selector = nullptr;
  if (inner.kind == NodeKind::kVectorSelector) selector = &As<promql::VectorSelector>(inner);
  if (inner.kind == NodeKind::kMatrixSelector) {
    selector = &As<promql::MatrixSelector>(inner).vector();
  }
  if (selector == nullptr) return {};
  model::LabelSetBuilder builder;
  std::set<std::string> pinned;
  std::vector<const model::Matcher*> matchers;
  for (const model::Matcher& matcher : selector->matchers) matchers.push_back(&matcher);
  std::stable_partition(matchers.begin(), matchers.end(), [](const model::Matcher* matcher) {
    return !(matcher->is_negative() && matcher->MatchesEmpty());
  });
  for (const model::Matcher* const each : matchers) {
    const model::Matcher& matcher = *each;
    if (matcher.name() == model::kMetricName) continue;
    const bool is_equality = matcher.type() == model::MatchType::kEqual;
    if (is_equality && pinned.insert(matcher.name()).second) {
      builder.Set(matcher.name(), matcher.value());
    } else {
      builder.Remove(matcher.name());
    }
  }
  return builder.Build();
}

// One element at each step where `input` has none.
class AbsentStream : public RowStream {
 public:
  AbsentStream(RowStreamPtr input, model::LabelSet labels, std::size_t step_count)
      : input_(std::move(input)), labels_(std::move(labels)), step_count_(step_count) {}

  Result<bool> Next(Row& row) override {
    if (is_done_) return false;
    is_done_ = true;
    Presence absent;
    absent.Reset(step_count_);
    absent.SetAll(step_count_);
    while (true) {
      NARTHEX_ASSIGN_OR_RETURN(const bool has_row, input_->Next(row));
      if (!has_row) break;
      absent.Subtract(row.presence);
    }
    row.labels = labels_;
    row.drops_name = false;
    row.histograms.clear();
    row.values.assign(step_count_, 1);
    row.presence = absent;
    return absent.Any();
  }

 private:
  const RowStreamPtr input_;
  const model::LabelSet labels_;
  const std::size_t step_count_;
  bool is_done_ = false;
};

// Histograms have no order.
class FloatsOnlyStream : public RowStream {
 public:
  explicit FloatsOnlyStream(RowStreamPtr input) : input_(std::move(input)) {}

  Result<bool> Next(Row& row) override {
    while (true) {
      NARTHEX_ASSIGN_OR_RETURN(const bool has_row, input_->Next(row));
      if (!has_row) return false;
      row.DropHistograms();
      if (row.presence.Any()) return true;
    }
  }
  StreamTraits traits() const override { return input_->traits(); }

 private:
  const RowStreamPtr input_;
};

// A row to be sorted, its value beside it: to compare is to look at no row where values tell.
struct RowPlace {
  Row* row;
  std::size_t index;
  double value;
};

using RowOrder = std::function<bool(const RowPlace& a, const RowPlace& b)>;

// Gives the rows of an instant vector in order.
class SortStream : public RowStream {
 public:
  SortStream(RowStreamPtr input, RowOrder order, Context& context)
      : input_(std::move(input)), order_(std::move(order)), context_(context) {}
  ~SortStream() override { context_.Release(held_); }

  Result<bool> Next(Row& row) override {
    if (!has_read_) NARTHEX_TRY(ReadAll());
    if (next_ >= places_.size()) return End();
    row = std::move(*places_[next_++].row);
    return true;
  }
  StreamTraits traits() const override { return input_->traits(); }

 private:
  Status ReadAll() {
    has_read_ = true;
    Row row;
    while (true) {
      NARTHEX_ASSIGN_OR_RETURN(const bool has_row, input_->Next(row));
      if (!has_row) break;
      ++held_;
      NARTHEX_TRY(context_.Hold(1));
      rows_.push_back(std::move(row));
      row = Row();
    }
    places_.reserve(rows_.size());
    for (Row& each : rows_) places_.push_back({&each, places_.size(), each.values[0]});
    // Equal ones stay in the order they came in.
    const auto is_before = [&](const RowPlace& a, const RowPlace& b) {
      if (order_(a, b)) return true;
      return !order_(b, a) && a.index < b.index;
    };
    return SortWhileAlive(places_, is_before, context_.alive_check());
  }

  Result<bool> End() {
    if (!ends_early_) return false;
    places_.clear();
    NARTHEX_TRY(FreeWhileAlive(rows_, meter_));
    context_.Release(std::exchange(held_, 0));
    return false;
  }

  const RowStreamPtr input_;
  const RowOrder order_;
  Context& context_;
  bool has_read_ = false;
  std::deque<Row> rows_;
  std::vector<RowPlace> places_;
  const bool ends_early_{context_.ends_early()};
  WorkMeter meter_{context_};
  std::size_t next_ = 0;
  std::size_t held_ = 0;
};

RowOrder ByValue(bool is_descending) {
  return [is_descending](const RowPlace& a, const RowPlace& b) {
    if (std::isnan(a.value)) return false;
    if (std::isnan(b.value)) return true;
    return is_descending ? a.value > b.value : a.value < b.value;
  };
}

RowOrder ByLabels(std::vector<std::string> names, bool is_descending) {
  return [names = std::move(names), is_descending](const RowPlace& first, const RowPlace& second) {
    const Row& a = is_descending ? *second.row : *first.row;
    const Row& b = is_descending ? *first.row : *second.row;
    for (const std::string& name : names) {
      const auto order = CompareNaturally(a.labels.Get(name), b.labels.Get(name));
      if (order != 0) return order < 0;
    }
    return a.labels < b.labels;
  };
}

}  // namespace

Result<RowStreamPtr> Evaluator::OpenTimestamp(const promql::Call& call, const StepGrid& grid) {
  const promql::Expr& argument = promql::Unwrap(*call.arguments[0]);
  const bool is_start = call.function->name == "start_timestamp";
  if (is_start && !context_.options().uses_start_timestamps) return std::make_unique<EmptyStream>();
  if (argument.kind == NodeKind::kVectorSelector) {
    const SelectedValue shown =
        is_start ? SelectedValue::kStartTimestamp : SelectedValue::kTimestamp;
    NARTHEX_ASSIGN_OR_RETURN(
        auto times, OpenSelector(As<promql::VectorSelector>(argument), grid, {shown}, context_));
    return MergeIfNamesCollide(std::make_unique<DropNameStream>(std::move(times), context_),
                               grid.count, context_);
  }
  NARTHEX_ASSIGN_OR_RETURN(auto input, OpenVector(argument, grid));
  // Since when the values of an expression count nobody knows.
  if (is_start) return std::make_unique<EmptyStream>();
  return MergeIfNamesCollide(std::make_unique<StepTimeStream>(std::move(input), grid, context_),
                             grid.count, context_);
}

Result<RowStreamPtr> Evaluator::OpenAbsent(const promql::Call& call, const StepGrid& grid) {
  const promql::Expr& argument = *call.arguments[0];
  RowStreamPtr input;
  if (call.function->name == "absent") {
    NARTHEX_ASSIGN_OR_RETURN(input, OpenVector(argument, grid));
  } else {
    NARTHEX_ASSIGN_OR_RETURN(RangeSource source, OpenRange(argument, grid));
    // Names are kept: series that differ in nothing else must not collide here.
    input = ApplyRangeFunction(*FindRangeFunction("last_over_time"), std::move(source), grid, {},
                               context_);
  }
  return std::make_unique<AbsentStream>(std::move(input), LabelsOfAbsent(argument), grid.count);
}

Result<RowStreamPtr> Evaluator::OpenInfo(const promql::Call& call, const StepGrid& grid) {
  InfoInput input;
  NARTHEX_ASSIGN_OR_RETURN(input.selector, MakeInfoSelector(call, context_));
  NARTHEX_ASSIGN_OR_RETURN(
      input.info, OpenSelector(*input.selector, grid, {SelectedValue::kInfoTimestamp}, context_));
  input.info = CountRows(std::move(input.info), InfoSeriesKey(call),
                         {grid.count, context_.options().samples_max}, context_);
  {
    const Context::EarlyEnd early(context_);
    NARTHEX_ASSIGN_OR_RETURN(input.base, OpenVector(*call.arguments[0], grid));
  }
  return ApplyInfo(std::move(input), grid, context_);
}

Result<RowStreamPtr> Evaluator::OpenSort(const promql::Call& call, const StepGrid& grid) {
  NARTHEX_ASSIGN_OR_RETURN(auto input, OpenVector(*call.arguments[0], grid));
  const bool is_by_value = !call.function->name.starts_with("sort_by_label");
  if (is_by_value) input = std::make_unique<FloatsOnlyStream>(std::move(input));
  if (context_.is_range_query()) {
    context_.Warn(
        "sort is ineffective for range queries since results are always ordered by labels",
        call.position);
    return input;
  }
  if (grid.count != 1) return input;
  const std::string_view name = call.function->name;
  const bool is_descending = name.ends_with("_desc");
  RowOrder order = ByValue(is_descending);
  if (!is_by_value) {
    std::vector<std::string> labels;
    for (std::size_t i = 1; i < call.arguments.size(); ++i) {
      labels.push_back(StringOf(*call.arguments[i]));
      if (!labels.back().empty() && model::IsUtf8(labels.back())) continue;
      return ExecutionError(fmt::format("invalid label name in {}(): {}", name, labels.back()));
    }
    order = ByLabels(std::move(labels), is_descending);
  }
  return std::make_unique<SortStream>(std::move(input), std::move(order), context_);
}

}  // namespace narthex::engine
