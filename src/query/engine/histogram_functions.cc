// histogram_quantile, histogram_quantiles and histogram_fraction over classic histograms.
#include <fmt/format.h>

#include <cmath>
#include <unordered_map>

#include "base/number.h"
#include "buckets.h"
#include "evaluator.h"
#include "label_change.h"

namespace narthex::engine {
namespace {

// All buckets of one histogram.
struct BucketRows {
  model::LabelSet labels;  // without le
  bool drops_name = false;
  std::vector<double> bounds;
  std::vector<Row> rows;
};

// One function to compute of every histogram, with its arguments at each step.
struct Output {
  std::string label_value;  // of histogram_quantiles
  ScalarValues quantile;    // or
  ScalarValues lower;       // the bounds of a fraction
  ScalarValues upper;
};

class HistogramStream : public RowStream {
 public:
  struct Parts {
    const promql::Call& call;
    const promql::Expr& argument;  // the buckets
    RowStreamPtr input;
    std::vector<Output> outputs;
    std::string label;  // of histogram_quantiles
    StepGrid grid;
  };
  HistogramStream(Parts parts, Context& context) : parts_(std::move(parts)), context_(context) {}
  ~HistogramStream() override { context_.Release(held_); }

  Result<bool> Next(Row& row) override {
    if (!has_read_) NARTHEX_TRY(ReadAll());
    while (next_ < histograms_.size()) {
      const BucketRows& histogram = histograms_[next_];
      Compute(histogram, parts_.outputs[next_output_], row);
      if (++next_output_ == parts_.outputs.size()) {
        next_output_ = 0;
        ++next_;
      }
      if (!row.presence.Any()) continue;
      DropName(row, context_);
      return true;
    }
    return false;
  }
  StreamTraits traits() const override { return parts_.input->traits(); }

 private:
  Status ReadAll() {
    has_read_ = true;
    std::unordered_map<model::LabelSet, std::size_t, model::LabelSetHash> index;
    const std::string le(model::kBucketLabel);
    Row row;
    while (true) {
      NARTHEX_ASSIGN_OR_RETURN(const bool has_row, parts_.input->Next(row));
      if (!has_row) return Ok();
      const std::string_view bound_text = row.labels.Get(le);
      const std::optional<double> bound = ParseDouble(bound_text);
      if (!bound) {
        context_.Warn(fmt::format("bucket label \"le\" is missing or has a malformed value of {}{}",
                                  model::Quote(bound_text), context_.ForMetric(row.labels)),
                      parts_.argument.position);
        continue;
      }
      held_ += parts_.grid.count;
      NARTHEX_TRY(context_.Hold(parts_.grid.count));
      const auto [found, is_new] =
          index.try_emplace(row.labels.Drop(std::span(&le, 1)), histograms_.size());
      if (is_new) {
        histograms_.emplace_back();
        histograms_.back().labels = found->first;
      }
      BucketRows& histogram = histograms_[found->second];
      histogram.drops_name = histogram.drops_name || row.drops_name;
      histogram.bounds.push_back(*bound);
      histogram.rows.push_back(std::move(row));
      row = Row();
    }
  }

  void Compute(const BucketRows& histogram, const Output& output, Row& row) {
    row.Reset(parts_.grid.count);
    row.drops_name = histogram.drops_name;
    row.labels = histogram.labels;
    if (!parts_.label.empty()) {
      row.labels = model::LabelSetBuilder(row.labels).Set(parts_.label, output.label_value).Build();
    }
    for (std::size_t step = 0; step < parts_.grid.count; ++step) {
      buckets_.clear();
      for (std::size_t i = 0; i < histogram.rows.size(); ++i) {
        const Row& bucket = histogram.rows[i];
        if (!bucket.presence.Has(step)) continue;
        buckets_.push_back({histogram.bounds[i], bucket.values[step]});
      }
      if (!buckets_.empty()) row.Set(step, ValueOf(histogram, output, step));
    }
  }

  double ValueOf(const BucketRows& histogram, const Output& output, std::size_t step) {
    if (output.quantile.empty()) {
      return BucketFraction(output.lower[step], output.upper[step], buckets_);
    }
    const QuantileOfBuckets quantile = BucketQuantile(output.quantile[step], buckets_);
    if (quantile.was_forced_monotonic) {
      context_.Inform(fmt::format("input to {} needed to be fixed for monotonicity (see "
                                  "https://prometheus.io/docs/prometheus/latest/querying/functions/"
                                  "#histogram_quantile){}, at {}",
                                  "histogram_quantile", context_.ForMetric(histogram.labels),
                                  FormatTimestamp(parts_.grid.At(step))),
                      parts_.argument.position);
    }
    return quantile.value;
  }

  const Parts parts_;
  Context& context_;
  bool has_read_ = false;
  std::vector<BucketRows> histograms_;
  std::vector<Bucket> buckets_;
  std::size_t next_ = 0;
  std::size_t next_output_ = 0;
  std::size_t held_ = 0;
};

void WarnOfQuantiles(const ScalarValues& quantiles, promql::PositionRange position,
                     Context& context) {
  for (const double q : quantiles) {
    if (!std::isnan(q) && q >= 0 && q <= 1) continue;
    context.Warn(fmt::format("quantile value should be between 0 and 1, got {}", FormatDouble(q)),
                 position);
  }
}

// The quantile as OpenMetrics writes it into labels: always with a fraction or an exponent.
std::string QuantileText(double q) {
  std::string text = FormatDouble(q, FloatFormat::kCompact);
  if (text.find_first_of(".eIN") == std::string::npos) text += ".0";
  return text;
}

}  // namespace

Result<RowStreamPtr> Evaluator::OpenHistogramCall(const promql::Call& call, const StepGrid& grid) {
  const std::string_view name = call.function->name;
  const bool is_several = name == "histogram_quantiles";
  const promql::Expr& argument = is_several ? *call.arguments.front() : *call.arguments.back();
  NARTHEX_ASSIGN_OR_RETURN(auto scalars, ScalarArguments(call, 0, grid));
  HistogramStream::Parts parts{call, argument, nullptr, {}, {}, grid};
  if (name == "histogram_fraction") {
    parts.outputs.push_back({{}, {}, std::move(scalars[0]), std::move(scalars[1])});
  } else {
    for (std::size_t i = 0; i < scalars.size(); ++i) {
      WarnOfQuantiles(scalars[i], call.arguments[is_several ? i + 2 : 0]->position, context_);
      std::string text = QuantileText(scalars[i][0]);
      parts.outputs.push_back({std::move(text), std::move(scalars[i]), {}, {}});
    }
  }
  if (is_several) {
    parts.label = StringOf(*call.arguments[1]);
    if (parts.label.empty() || !model::IsUtf8(parts.label)) {
      return ExecutionError(
          fmt::format("invalid label name in histogram_quantiles(): {}", parts.label));
    }
  }
  NARTHEX_ASSIGN_OR_RETURN(parts.input, OpenVector(argument, grid));
  auto stream = std::make_unique<HistogramStream>(std::move(parts), context_);
  if (is_several) return MergeRepeats(std::move(stream), grid.count, context_);
  return MergeIfNamesCollide(std::move(stream), grid.count, context_);
}

}  // namespace narthex::engine
