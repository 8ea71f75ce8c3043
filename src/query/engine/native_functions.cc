// histogram_count, histogram_sum, histogram_avg, histogram_stddev and histogram_stdvar.
#include <algorithm>
#include <cmath>

#include "evaluator.h"
#include "label_change.h"
#include "native_histogram.h"

namespace narthex::engine {
namespace {

using model::FloatHistogram;
using NativeFunction = double (*)(const FloatHistogram& histogram);

struct NamedFunction {
  std::string_view name;
  NativeFunction function;
  HistogramNeed need = HistogramNeed::kTotals;
};

double Deviation(const FloatHistogram& histogram) { return std::sqrt(VarianceOf(histogram)); }

constexpr NamedFunction kFunctions[] = {
    {"histogram_count", [](const FloatHistogram& histogram) { return histogram.count; }},
    {"histogram_sum", [](const FloatHistogram& histogram) { return histogram.sum; }},
    {"histogram_avg",
     [](const FloatHistogram& histogram) { return histogram.sum / histogram.count; }},
    {"histogram_stddev", Deviation, HistogramNeed::kUnknown},
    {"histogram_stdvar", VarianceOf, HistogramNeed::kUnknown},
};

// A float in place of each histogram; floats drop out.
class NativeFunctionStream : public RowStream {
 public:
  NativeFunctionStream(NativeFunction function, RowStreamPtr input, Context& context)
      : function_(function), input_(std::move(input)), context_(context) {}

  Result<bool> Next(Row& row) override {
    while (true) {
      NARTHEX_ASSIGN_OR_RETURN(const bool has_row, input_->Next(row));
      if (!has_row) return false;
      if (!row.has_histograms()) continue;
      row.presence.ForEach([&](std::size_t step) {
        const FloatHistogram* histogram = row.HistogramAt(step);
        if (histogram == nullptr) return row.presence.Clear(step);
        row.values[step] = function_(*histogram);
      });
      row.histograms.clear();
      if (!row.presence.Any()) continue;
      Unname(row);
      return true;
    }
  }
  StreamTraits traits() const override { return input_->traits(); }

 private:
  // Type and unit stay where names go at once, as upstream has it.
  void Unname(Row& row) const {
    if (context_.delays_name_removal()) return DropName(row, context_);
    row.labels = row.labels.DropMetricName();
  }

  const NativeFunction function_;
  const RowStreamPtr input_;
  Context& context_;
};

}  // namespace

bool IsNativeFunction(std::string_view name) {
  return std::ranges::any_of(kFunctions,
                             [&](const NamedFunction& entry) { return entry.name == name; });
}

HistogramNeed NeedOfNativeFunction(std::string_view name) {
  return std::ranges::find(kFunctions, name, &NamedFunction::name)->need;
}

Result<RowStreamPtr> Evaluator::OpenNativeCall(const promql::Call& call, const StepGrid& grid) {
  const auto entry = std::ranges::find(kFunctions, call.function->name, &NamedFunction::name);
  const Context::HistogramUse use(context_, NeedOf(call));
  NARTHEX_ASSIGN_OR_RETURN(auto input, OpenVector(*call.arguments[0], grid));
  return MergeIfNamesCollide(
      std::make_unique<NativeFunctionStream>(entry->function, std::move(input), context_),
      grid.count, context_);
}

}  // namespace narthex::engine
