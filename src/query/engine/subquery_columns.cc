// The samples of a subquery: rows of its expression, read as columns.
#include "selector.h"

namespace narthex::engine {
namespace {

class SubqueryColumns : public ColumnStream {
 public:
  SubqueryColumns(RowStreamPtr rows, std::optional<StepGrid> grid, Context& context)
      : rows_(std::move(rows)), grid_(grid), context_(context) {
    if (!grid_) return;
    for (std::size_t i = 0; i < grid_->count; ++i) all_timestamps_.push_back(grid_->At(i));
  }
  ~SubqueryColumns() override { context_.Release(held_); }

  Result<bool> Next(SeriesColumns& out) override {
    context_.Release(std::exchange(held_, 0));
    if (!grid_) return false;
    NARTHEX_ASSIGN_OR_RETURN(const bool has_row, rows_->Next(row_));
    if (!has_row) return false;
    held_ = row_.presence.Count();
    NARTHEX_TRY(context_.Hold(held_));
    out.labels = row_.labels;
    out.drops_name = row_.drops_name;
    out.histograms = {};
    out.start_timestamps = {};
    if (row_.has_histograms()) ForgetResets();
    if (held_ == grid_->count) {
      out.timestamps = all_timestamps_;
      out.values = std::span(row_.values).first(grid_->count);
      out.time_column_id = 1;  // all rows without gaps have the times of the grid
    } else {
      timestamps_.clear();
      values_.clear();
      row_.presence.ForEach([&](std::size_t i) {
        timestamps_.push_back(all_timestamps_[i]);
        values_.push_back(row_.values[i]);
      });
      out.timestamps = timestamps_;
      out.values = values_;
      out.time_column_id = 0;
    }
    if (!row_.has_histograms()) return true;
    histograms_.clear();
    row_.presence.ForEach([&](std::size_t i) { histograms_.push_back(row_.HistogramAt(i)); });
    out.histograms = histograms_;
    return true;
  }

 private:
  // What a hint says of the sample before does not hold for the step before: a step may show the
  // same sample again, or one much younger.
  void ForgetResets() {
    HistogramPtr before;
    HistogramPtr forgotten;  // a copy of `before`
    row_.presence.ForEach([&](std::size_t i) {
      const model::FloatHistogram* histogram = row_.HistogramAt(i);
      if (histogram == nullptr) return;
      const bool says_nothing = histogram->reset_hint == model::CounterResetHint::kUnknown ||
                                histogram->reset_hint == model::CounterResetHint::kGauge;
      if (says_nothing) return;
      if (row_.histograms[i] != before) {
        model::FloatHistogram copy = *histogram;
        copy.reset_hint = model::CounterResetHint::kUnknown;
        forgotten = std::make_shared<const model::FloatHistogram>(std::move(copy));
        before = row_.histograms[i];
      }
      row_.histograms[i] = forgotten;
    });
  }

  const RowStreamPtr rows_;
  const std::optional<StepGrid> grid_;
  Context& context_;
  Row row_;
  std::size_t held_ = 0;
  std::vector<model::TimestampMs> all_timestamps_;
  std::vector<model::TimestampMs> timestamps_;
  std::vector<double> values_;
  std::vector<const model::FloatHistogram*> histograms_;
};

}  // namespace

RangeSource MakeSubquerySource(RowStreamPtr rows, const SubqueryPlan& plan, Context& context) {
  RangeSource source;
  source.traits = rows == nullptr ? StreamTraits{} : rows->traits();
  source.columns = std::make_unique<SubqueryColumns>(std::move(rows), plan.grid, context);
  source.reference = plan.reference;
  source.range_ms = plan.range_ms;
  source.is_in_subquery = context.is_in_subquery();
  return source;
}

}  // namespace narthex::engine
