#include "row_function.h"

#include "label_change.h"

namespace narthex::engine {
namespace {

class ValueFunctionStream : public RowStream {
 public:
  ValueFunctionStream(ValueFunction function, RowStreamPtr input,
                      std::vector<std::vector<double>> parameters, Context& context)
      : function_(function),
        input_(std::move(input)),
        parameters_(std::move(parameters)),
        at_step_(parameters_.size()),
        context_(context) {}

  Result<bool> Next(Row& row) override {
    while (true) {
      NARTHEX_ASSIGN_OR_RETURN(const bool has_row, input_->Next(row));
      if (!has_row) return false;
      row.DropHistograms();
      row.presence.ForEach([&](std::size_t step) { Apply(row, step); });
      if (!row.presence.Any()) continue;
      DropName(row, context_);
      return true;
    }
  }

  StreamTraits traits() const override { return input_->traits(); }

 private:
  void Apply(Row& row, std::size_t step) {
    for (std::size_t i = 0; i < parameters_.size(); ++i) at_step_[i] = parameters_[i][step];
    if (const auto value = function_(row.values[step], at_step_)) {
      row.values[step] = *value;
    } else {
      row.presence.Clear(step);
    }
  }

  const ValueFunction function_;
  const RowStreamPtr input_;
  const std::vector<std::vector<double>> parameters_;
  std::vector<double> at_step_;
  Context& context_;
};

}  // namespace

RowStreamPtr ApplyValueFunction(ValueFunction function, RowStreamPtr input,
                                std::vector<std::vector<double>> parameters, const StepGrid& grid,
                                Context& context) {
  return MergeIfNamesCollide(std::make_unique<ValueFunctionStream>(function, std::move(input),
                                                                   std::move(parameters), context),
                             grid.count, context);
}

}  // namespace narthex::engine
