// histogram_quantile, histogram_quantiles and histogram_fraction.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <deque>
#include <numeric>

#include "base/number.h"
#include "buckets.h"
#include "evaluator.h"
#include "label_change.h"
#include "label_map.h"
#include "native_histogram.h"
#include "work_meter.h"

namespace narthex::engine {
namespace {

// One histogram: classic with all its buckets, or native, or both (which is a mistake).
struct BucketRows {
  model::LabelSet labels;  // without the le of buckets
  bool drops_name = false;
  std::vector<double> bounds;
  std::vector<Row> rows;  // of buckets, one for each bound
  Row native;             // without values where there is none
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
      NARTHEX_TRY(Compute(histograms_[next_], parts_.outputs[next_output_], row));
      if (++next_output_ == parts_.outputs.size()) {
        next_output_ = 0;
        ++next_;
      }
      if (!row.presence.Any()) continue;
      DropName(row, context_);
      return true;
    }
    return End();
  }
  StreamTraits traits() const override { return parts_.input->traits(); }

 private:
  Status ReadAll() {
    has_read_ = true;
    Row row;
    while (true) {
      NARTHEX_ASSIGN_OR_RETURN(const bool has_row, parts_.input->Next(row));
      if (!has_row) break;
      if (row.has_histograms()) {
        NARTHEX_TRY(AddNative(row));
        row.DropHistograms();
        if (!row.presence.Any()) continue;
      }
      NARTHEX_TRY(AddBucket(std::move(row)));
      row = Row();
    }
    for (BucketRows& histogram : histograms_) {
      if (!meter_.MayGoOn(histogram.rows.size())) return meter_.status();
      SortByBound(histogram);
    }
    return Ok();
  }

  Result<bool> End() {
    if (!ends_early_) return false;
    NARTHEX_TRY(index_.Free(meter_));
    for (BucketRows& histogram : histograms_) {
      if (!meter_.MayGoOn(histogram.rows.size() * kFreeingCost)) return meter_.status().error();
      histogram.rows.clear();
    }
    NARTHEX_TRY(FreeWhileAlive(histograms_, meter_));
    context_.Release(std::exchange(held_, 0));
    return false;
  }

  // Once, so that the buckets of a step come in order.
  static void SortByBound(BucketRows& histogram) {
    std::vector<std::size_t> order(histogram.bounds.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::stable_sort(order, {}, [&](std::size_t i) { return histogram.bounds[i]; });
    std::vector<double> bounds;
    std::vector<Row> rows;
    for (const std::size_t i : order) {
      bounds.push_back(histogram.bounds[i]);
      rows.push_back(std::move(histogram.rows[i]));
    }
    histogram.bounds = std::move(bounds);
    histogram.rows = std::move(rows);
  }

  BucketRows& HistogramOf(model::LabelSet labels) {
    const auto place = index_.TryEmplace(std::move(labels), histograms_.size());
    if (place.is_new) {
      histograms_.emplace_back();
      histograms_.back().labels = place.labels;
    }
    return histograms_[place.value];
  }

  Status Hold() {
    held_ += parts_.grid.count;
    return context_.Hold(parts_.grid.count);
  }

  Status AddNative(const Row& row) {
    BucketRows& histogram = HistogramOf(row.labels);
    histogram.drops_name = histogram.drops_name || row.drops_name;
    histogram.native = row;
    return Hold();
  }

  Status AddBucket(Row row) {
    const std::string le(model::kBucketLabel);
    const std::string_view bound_text = row.labels.Get(le);
    const std::optional<double> bound = ParseDouble(bound_text);
    if (!bound) {
      context_.Warn(fmt::format("bucket label \"le\" is missing or has a malformed value of {}{}",
                                model::Quote(bound_text), context_.ForMetric(row.labels)),
                    promql::Unwrap(parts_.argument).position);
      return Ok();
    }
    BucketRows& histogram = HistogramOf(row.labels.Drop(std::span(&le, 1)));
    histogram.drops_name = histogram.drops_name || row.drops_name;
    histogram.bounds.push_back(*bound);
    histogram.rows.push_back(std::move(row));
    return Hold();
  }

  Status Compute(const BucketRows& histogram, const Output& output, Row& row) {
    row.Reset(parts_.grid.count);
    row.drops_name = histogram.drops_name;
    row.labels = histogram.labels;
    if (!parts_.label.empty()) {
      row.labels = model::LabelSetBuilder(row.labels).Set(parts_.label, output.label_value).Build();
    }
    for (std::size_t step = 0; step < parts_.grid.count; ++step) {
      if (!meter_.MayGoOn(histogram.rows.size() + 1)) return meter_.status();
      buckets_.clear();
      for (std::size_t i = 0; i < histogram.rows.size(); ++i) {
        const Row& bucket = histogram.rows[i];
        if (!bucket.presence.Has(step)) continue;
        buckets_.push_back({histogram.bounds[i], bucket.values[step]});
      }
      const model::FloatHistogram* native = NativeAt(histogram, step);
      if (native != nullptr && !buckets_.empty()) {
        context_.Warn(fmt::format("vector contains a mix of classic and native histograms{}",
                                  context_.ForMetric(histogram.labels)),
                      promql::Unwrap(parts_.argument).position);
      } else if (native != nullptr) {
        row.Set(step, ValueOfNative(*native, histogram, output, step));
      } else if (!buckets_.empty()) {
        row.Set(step, ValueOf(histogram, output, step));
      }
    }
    return Ok();
  }

  static const model::FloatHistogram* NativeAt(const BucketRows& histogram, std::size_t step) {
    const Row& row = histogram.native;
    return row.has_histograms() && row.presence.Has(step) ? row.HistogramAt(step) : nullptr;
  }

  double ValueOfNative(const model::FloatHistogram& native, const BucketRows& histogram,
                       const Output& output, std::size_t step) {
    const auto inform = [&](std::string_view text) {
      context_.Inform(fmt::format("input to {}{}", text, context_.ForMetric(histogram.labels)),
                      promql::Unwrap(parts_.argument).position);
    };
    if (output.quantile.empty()) {
      const NativeFraction fraction = FractionOf(output.lower[step], output.upper[step], native);
      if (fraction.excludes_nans) {
        inform("histogram_fraction has NaN observations, which are excluded from all fractions");
      }
      return fraction.value;
    }
    const NativeQuantile quantile = QuantileOf(output.quantile[step], native);
    if (quantile.is_among_nans) {
      inform("histogram_quantile has NaN observations, result is NaN");
    }
    if (quantile.is_skewed_by_nans) {
      inform("histogram_quantile has NaN observations, result is skewed higher");
    }
    return quantile.value;
  }

  double ValueOf(const BucketRows& histogram, const Output& output, std::size_t step) {
    if (output.quantile.empty()) {
      return BucketFraction(output.lower[step], output.upper[step], buckets_);
    }
    const QuantileOfBuckets quantile = BucketQuantile(output.quantile[step], buckets_);
    if (quantile.was_forced_monotonic) {
      context_.InformForced(
          fmt::format("input to histogram_quantile needed to be fixed for monotonicity (see "
                      "https://prometheus.io/docs/prometheus/latest/querying/functions/"
                      "#histogram_quantile){}",
                      context_.ForMetric(histogram.labels)),
          {quantile.lowest_forced_bound, quantile.highest_forced_bound, quantile.greatest_fall,
           parts_.grid.At(step)},
          promql::Unwrap(parts_.argument).position);
    }
    return quantile.value;
  }

  const Parts parts_;
  Context& context_;
  const bool ends_early_{context_.ends_early()};
  WorkMeter meter_{context_};
  bool has_read_ = false;
  std::deque<BucketRows> histograms_;
  LabelMap<std::size_t> index_;  // of histograms_
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
      WarnOfQuantiles(scalars[i], promql::Unwrap(*call.arguments[is_several ? i + 2 : 0]).position,
                      context_);
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
  {
    const Context::HistogramUse use(context_, NeedOf(call));
    NARTHEX_ASSIGN_OR_RETURN(parts.input, OpenVector(argument, grid));
  }
  auto stream = std::make_unique<HistogramStream>(std::move(parts), context_);
  if (is_several) return MergeRepeats(std::move(stream), grid.count, context_);
  return MergeIfNamesCollide(std::move(stream), grid.count, context_);
}

}  // namespace narthex::engine
