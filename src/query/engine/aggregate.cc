#include "aggregate.h"

#include <algorithm>
#include <cmath>
#include <deque>

#include "float_sum.h"
#include "group_histograms.h"
#include "label_change.h"
#include "label_map.h"
#include "promql/printer.h"
#include "row_kernels.h"
#include "work_meter.h"

namespace narthex::engine {
namespace {

using promql::TokenKind;

// Columns of state, one entry for each step. What they mean hangs on the operation.
struct Group {
  model::LabelSet labels;
  bool drops_name = false;
  Presence presence;
  std::vector<double> values;         // sum, extreme, count; squares of stddev and stdvar
  std::vector<double> compensations;  // of sum; means of stddev and stdvar
  std::vector<double> counts;
  std::vector<FloatMean> means;                 // of avg
  std::unique_ptr<GroupHistograms> histograms;  // of sum and avg, where there are any
};

void AddToSum(Group& group, const Row& row) {
  row.presence.ForEachRun([&](std::size_t begin, std::size_t end) {
    AddCompensated(std::span(row.values).subspan(begin, end - begin), &group.values[begin],
                   &group.compensations[begin]);
  });
}

void AddToMean(Group& group, const Row& row) {
  row.presence.ForEach([&](std::size_t step) { group.means[step].Add(row.values[step]); });
}

template <bool kIsMin>
void AddToExtreme(Group& group, const Row& row) {
  row.presence.ForEach([&](std::size_t step) {
    const double value = row.values[step];
    double& best = group.values[step];
    const bool is_better = kIsMin ? value < best : value > best;
    if (!group.presence.Has(step) || is_better || std::isnan(best)) best = value;
  });
}

void AddToCount(Group& group, const Row& row) {
  row.presence.ForEachRun([&](std::size_t begin, std::size_t end) {
    for (std::size_t step = begin; step < end; ++step) group.values[step] += 1;
  });
}

void AddToGroup(Group& group, const Row& row) {
  row.presence.ForEach([&](std::size_t step) { group.values[step] = 1; });
}

// Welford's method.
void AddToVariance(Group& group, const Row& row) {
  row.presence.ForEach([&](std::size_t step) {
    const double value = row.values[step];
    double& mean = group.compensations[step];
    double& count = group.counts[step];
    count += 1;
    if (count == 1) {
      mean = value;
      group.values[step] = std::isfinite(value) ? 0 : kNaN;
      return;
    }
    const double delta = value - mean;
    mean += delta / count;
    group.values[step] += delta * (value - mean);
  });
}

using AddRow = void (*)(Group& group, const Row& row);

AddRow AddFunction(TokenKind op) {
  switch (op) {
    case TokenKind::kSum:
      return AddToSum;
    case TokenKind::kAvg:
      return AddToMean;
    case TokenKind::kMin:
      return AddToExtreme<true>;
    case TokenKind::kMax:
      return AddToExtreme<false>;
    case TokenKind::kCount:
      return AddToCount;
    case TokenKind::kGroup:
      return AddToGroup;
    default:
      return AddToVariance;
  }
}

class AccumulationStream : public RowStream {
 public:
  AccumulationStream(const promql::AggregateExpr& aggregate, RowStreamPtr input,
                     const StepGrid& grid, Context& context)
      : op_(aggregate.op),
        add_(AddFunction(aggregate.op)),
        grouping_(aggregate),
        input_(std::move(input)),
        grid_(grid),
        context_(context),
        notes_(context, aggregate.expr->position) {}
  ~AccumulationStream() override { context_.Release(held_); }

  Result<bool> Next(Row& row) override {
    if (input_ != nullptr) NARTHEX_TRY(ReadAll());
    while (next_ < groups_.size()) {
      Group& group = groups_[next_++];
      Finish(group);
      row.labels = std::move(group.labels);
      row.drops_name = group.drops_name;
      row.values = std::move(group.values);
      row.presence = std::move(group.presence);
      row.histograms.clear();
      if (group.histograms != nullptr) group.histograms->Finish(row);
      // Values of the group may all have dropped out.
      if (row.presence.Any()) return true;
    }
    return End();
  }

  StreamTraits traits() const override { return {!grouping_.has_name(), false}; }

 private:
  Status ReadAll() {
    Row row;
    while (true) {
      NARTHEX_ASSIGN_OR_RETURN(const bool has_row, input_->Next(row));
      if (!has_row) break;
      if (last_ >= groups_.size() || row.labels != last_labels_) {
        NARTHEX_ASSIGN_OR_RETURN(last_, GroupIndex(row));
        last_labels_ = row.labels;
      }
      const std::size_t index = last_;
      Group& group = groups_[index];
      if (row.has_histograms() && !CountsAnything()) AddHistograms(group, row);
      add_(group, row);
      group.presence.Union(row.presence);
      group.drops_name = group.drops_name || (grouping_.has_name() && row.drops_name);
    }
    input_ = nullptr;
    return Ok();
  }

  Result<bool> End() {
    if (!ends_early_) return false;
    NARTHEX_TRY(index_.Free(meter_));
    NARTHEX_TRY(FreeWhileAlive(groups_, meter_));
    context_.Release(std::exchange(held_, 0));
    return false;
  }

  bool CountsAnything() const { return op_ == TokenKind::kCount || op_ == TokenKind::kGroup; }

  // Takes the histograms out of a row.
  void AddHistograms(Group& group, Row& row) {
    if (op_ != TokenKind::kSum && op_ != TokenKind::kAvg) {
      if (row.DropHistograms()) notes_.IgnoresHistogramsIn(promql::OperatorText(op_));
      return;
    }
    if (group.histograms == nullptr) {
      const auto kind =
          op_ == TokenKind::kSum ? HistogramAggregate::Kind::kSum : HistogramAggregate::Kind::kMean;
      group.histograms = std::make_unique<GroupHistograms>(kind, grid_.count, notes_);
    }
    group.histograms->Add(row);
    row.DropHistograms();
  }

  Result<std::size_t> GroupIndex(const Row& row) {
    const auto place = index_.TryEmplace(grouping_.Of(row.labels), groups_.size());
    if (!place.is_new) return place.value;
    Group group;
    group.labels = place.labels;
    group.presence.Reset(grid_.count);
    group.values.assign(grid_.count, 0);
    if (op_ == TokenKind::kAvg) group.means.resize(grid_.count);
    const bool is_variance = op_ == TokenKind::kStddev || op_ == TokenKind::kStdvar;
    if (is_variance || op_ == TokenKind::kSum) group.compensations.assign(grid_.count, 0);
    if (is_variance) group.counts.assign(grid_.count, 0);
    groups_.push_back(std::move(group));
    held_ += grid_.count;
    NARTHEX_TRY(context_.Hold(grid_.count));
    return groups_.size() - 1;
  }

  void Finish(Group& group) const {
    group.presence.ForEach([&](std::size_t step) {
      double& value = group.values[step];
      if (op_ == TokenKind::kSum) value += group.compensations[step];
      if (op_ == TokenKind::kAvg) value = group.means[step].value();
      if (op_ == TokenKind::kStdvar) value = value / group.counts[step];
      if (op_ == TokenKind::kStddev) value = std::sqrt(value / group.counts[step]);
    });
  }

  const TokenKind op_;
  const AddRow add_;
  const Grouping grouping_;
  RowStreamPtr input_;  // null once it is read
  const StepGrid grid_;
  Context& context_;
  const HistogramNotes notes_;
  std::deque<Group> groups_;
  LabelMap<std::size_t> index_;
  // Rows that show the labels of the grouping alone mostly come in runs.
  model::LabelSet last_labels_;
  std::size_t last_ = static_cast<std::size_t>(-1);
  const bool ends_early_{context_.ends_early()};
  WorkMeter meter_{context_};
  std::size_t next_ = 0;
  std::size_t held_ = 0;
};

}  // namespace

ParameterExtremes ExtremesOf(const std::vector<double>& parameter) {
  ParameterExtremes extremes;
  extremes.has_nan = std::ranges::any_of(parameter, [](double value) { return std::isnan(value); });
  if (extremes.has_nan) return extremes;
  const auto [least, greatest] = std::ranges::minmax(parameter);
  extremes.least = least;
  extremes.greatest = greatest;
  return extremes;
}

Grouping::Grouping(const promql::AggregateExpr& aggregate)
    : is_without_(aggregate.is_without), names_(aggregate.grouping) {
  for (const std::string& name : names_) has_name_ = has_name_ || name == model::kMetricName;
  if (!is_without_) return;
  has_name_ = false;
  names_.emplace_back(model::kMetricName);
}

model::LabelSet Grouping::Of(const model::LabelSet& labels) const {
  if (is_without_) return labels.Drop(names_);
  return names_.empty() ? model::LabelSet() : labels.Keep(names_);
}

RowStreamPtr ApplyAccumulation(const promql::AggregateExpr& aggregate, RowStreamPtr input,
                               const StepGrid& grid, Context& context) {
  return std::make_unique<AccumulationStream>(aggregate, std::move(input), grid, context);
}

}  // namespace narthex::engine
