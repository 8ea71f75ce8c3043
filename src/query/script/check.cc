#include "script/check.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include "base/number.h"
#include "model/histogram_buckets.h"
#include "promql/ast.h"
#include "promql/parser.h"
#include "promql/printer.h"

namespace narthex::script {
namespace {

std::string ValueText(double value) {
  return model::IsStaleNan(value) ? "stale" : FormatDouble(value);
}

// Pins what is under `expr`; not what is inside a pinned subquery.
void Pin(promql::Expr& expr, model::TimestampMs time) {
  const auto pin = [&](promql::TimeShift& shift) {
    if (shift.anchor != promql::TimeShift::Anchor::kNone) return;
    shift.anchor = promql::TimeShift::Anchor::kTime;
    shift.time = time;
  };
  switch (expr.kind) {
    case promql::NodeKind::kVectorSelector:
      return pin(promql::As<promql::VectorSelector>(expr).shift);
    case promql::NodeKind::kMatrixSelector:
      return pin(promql::As<promql::MatrixSelector>(expr).vector().shift);
    case promql::NodeKind::kSubquery:
      return pin(promql::As<promql::SubqueryExpr>(expr).shift);
    default:
      break;
  }
  for (const promql::Expr* child : promql::Children(expr)) {
    // The tree is ours alone: it was parsed for this.
    Pin(const_cast<promql::Expr&>(*child), time);
  }
}

bool Calls(const promql::Expr& expr, std::initializer_list<std::string_view> functions) {
  if (expr.kind == promql::NodeKind::kCall) {
    const std::string_view name = promql::As<promql::Call>(expr).function->name;
    if (std::ranges::find(functions, name) != functions.end()) return true;
  }
  return std::ranges::any_of(promql::Children(expr),
                             [&](const promql::Expr* child) { return Calls(*child, functions); });
}

// A sample of a result, of either kind.
struct AnySample {
  double value = 0;
  const model::FloatHistogram* histogram = nullptr;
};

std::string Text(const AnySample& sample) {
  return sample.histogram == nullptr ? ValueText(sample.value) : model::ToString(*sample.histogram);
}

std::string Text(const promql::DescribedValue& value) {
  if (value.kind == promql::DescribedValue::Kind::kOmitted) return "_";
  return Text(AnySample{value.value, value.histogram.get()});
}

std::string Text(const std::vector<promql::DescribedValue>& values) {
  std::string text;
  for (const promql::DescribedValue& value : values)
    text += (text.empty() ? "" : " ") + Text(value);
  return text;
}

// Empty if equal, else the difference.
std::string Compare(const AnySample& got, const promql::DescribedValue& wanted) {
  const AnySample expected{wanted.value, wanted.histogram.get()};
  bool is_equal = (got.histogram == nullptr) == (expected.histogram == nullptr);
  if (is_equal && got.histogram == nullptr) is_equal = SameValue(got.value, wanted.value);
  if (is_equal && got.histogram != nullptr) {
    is_equal = SameHistogram(*got.histogram, *expected.histogram);
    const bool is_hint_equal =
        !wanted.has_reset_hint || got.histogram->reset_hint == expected.histogram->reset_hint;
    if (is_equal && !is_hint_equal) {
      return fmt::format("reset hint {}, expected {}", static_cast<int>(got.histogram->reset_hint),
                         static_cast<int>(expected.histogram->reset_hint));
    }
  }
  return is_equal ? "" : fmt::format("got {}, expected {}", Text(got), Text(expected));
}

std::map<model::TimestampMs, AnySample> SamplesOf(const engine::Series& series) {
  std::map<model::TimestampMs, AnySample> samples;
  for (const model::Sample& sample : series.samples) {
    samples[sample.timestamp] = {sample.value, nullptr};
  }
  for (const engine::HistogramSample& sample : series.histograms) {
    samples[sample.timestamp] = {0, sample.histogram.get()};
  }
  return samples;
}

std::string CompareSeries(const ExpectedRow& wanted, const engine::Series& got,
                          const engine::RangeSpec& range) {
  auto samples = SamplesOf(got);
  if (samples.size() != got.samples.size() + got.histograms.size()) return "two samples at a time";
  const auto failure = [&](model::TimestampMs time, std::string_view text) {
    return fmt::format("{} at {} ms: {}", wanted.labels.ToMetricString(), time, text);
  };
  for (std::size_t i = 0; i < wanted.values.size(); ++i) {
    const model::TimestampMs time = range.start + static_cast<std::int64_t>(i) * range.step.count();
    if (time > range.end) {
      return fmt::format("{}: {} values expected, more than there are steps",
                         wanted.labels.ToMetricString(), wanted.values.size());
    }
    const auto found = samples.find(time);
    const bool is_wanted = wanted.values[i].kind != promql::DescribedValue::Kind::kOmitted;
    if (found == samples.end()) {
      if (is_wanted) {
        return failure(time, "got nothing, expected " + Text(wanted.values[i]));
      }
      continue;
    }
    if (!is_wanted)
      return failure(time, fmt::format("got {}, expected nothing", Text(found->second)));
    const std::string difference = Compare(found->second, wanted.values[i]);
    if (!difference.empty()) return failure(time, difference);
    samples.erase(found);
  }
  if (samples.empty()) return {};
  return failure(samples.begin()->first,
                 fmt::format("got {}, expected nothing", Text(samples.begin()->second)));
}

// Without the hint and empty buckets.
model::FloatHistogram Bare(model::FloatHistogram histogram) {
  histogram.reset_hint = model::CounterResetHint::kUnknown;
  model::Compact(histogram);
  return histogram;
}

}  // namespace

bool SameValue(double got, double wanted) {
  if (model::IsStaleNan(got) || model::IsStaleNan(wanted)) {
    return model::IsStaleNan(got) && model::IsStaleNan(wanted);
  }
  if (std::isnan(got) && std::isnan(wanted)) return true;
  if (got == wanted) return true;
  constexpr double kLeastNormal = std::numeric_limits<double>::min();
  constexpr double kTolerance = 1e-6;
  const double sum = std::fabs(got) + std::fabs(wanted);
  const double difference = std::fabs(got - wanted);
  if (got == 0 || wanted == 0 || sum < kLeastNormal) return difference < kTolerance * kLeastNormal;
  return difference / std::min(sum, std::numeric_limits<double>::max()) < kTolerance;
}

bool SameHistogram(const model::FloatHistogram& got, const model::FloatHistogram& wanted) {
  const model::FloatHistogram a = Bare(got);
  const model::FloatHistogram b = Bare(wanted);
  return a.schema == b.schema && a.custom_values == b.custom_values &&
         a.zero_threshold == b.zero_threshold && a.positive_spans == b.positive_spans &&
         a.negative_spans == b.negative_spans && SameValue(a.sum, b.sum) &&
         SameValue(a.count, b.count) && SameValue(a.zero_count, b.zero_count) &&
         std::ranges::equal(a.positive_buckets, b.positive_buckets, SameValue) &&
         std::ranges::equal(a.negative_buckets, b.negative_buckets, SameValue);
}

std::string CompareVector(const std::vector<ExpectedRow>& wanted, const engine::Vector& got,
                          bool is_ordered) {
  std::vector<bool> is_used(wanted.size(), false);
  for (std::size_t i = 0; i < got.size(); ++i) {
    const auto found = std::ranges::find_if(
        wanted, [&](const ExpectedRow& row) { return row.labels == got[i].labels; });
    if (found == wanted.end()) {
      return fmt::format("got {} {}, expected no such series", got[i].labels.ToMetricString(),
                         Text(AnySample{got[i].sample.value, got[i].histogram.get()}));
    }
    const auto index = static_cast<std::size_t>(found - wanted.begin());
    if (is_used[index]) return fmt::format("{} twice", got[i].labels.ToMetricString());
    is_used[index] = true;
    if (is_ordered && index != i) {
      return fmt::format("got {} at place {}, expected it at place {}",
                         got[i].labels.ToMetricString(), i + 1, index + 1);
    }
    if (found->values.size() != 1) {
      return fmt::format("got one value of {}, expected {}", got[i].labels.ToMetricString(),
                         found->values.size());
    }
    const AnySample sample{got[i].sample.value, got[i].histogram.get()};
    const std::string difference = Compare(sample, found->values[0]);
    if (!difference.empty()) {
      return fmt::format("{}: {}", got[i].labels.ToMetricString(), difference);
    }
  }
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    if (!is_used[i]) {
      return fmt::format("got nothing for {}, expected {}", wanted[i].labels.ToMetricString(),
                         Text(wanted[i].values));
    }
  }
  return {};
}

std::string CompareMatrix(const std::vector<ExpectedRow>& wanted, const engine::Matrix& got,
                          const engine::RangeSpec& range) {
  if (!std::ranges::is_sorted(got, {}, &engine::Series::labels)) return "matrix is not sorted";
  std::size_t found_count = 0;
  for (const ExpectedRow& row : wanted) {
    const auto found = std::ranges::find(got, row.labels, &engine::Series::labels);
    const bool is_wanted = std::ranges::any_of(row.values, [](const auto& value) {
      return value.kind != promql::DescribedValue::Kind::kOmitted;
    });
    if (found == got.end()) {
      if (!is_wanted) continue;
      return fmt::format("got nothing for {}, expected {}", row.labels.ToMetricString(),
                         Text(row.values));
    }
    ++found_count;
    if (std::string failure = CompareSeries(row, *found, range); !failure.empty()) return failure;
  }
  if (found_count == got.size()) return {};
  for (const engine::Series& series : got) {
    const bool is_wanted = std::ranges::any_of(
        wanted, [&](const ExpectedRow& row) { return row.labels == series.labels; });
    if (!is_wanted) {
      return fmt::format("got {} at {} times, expected no such series",
                         series.labels.ToMetricString(), SamplesOf(series).size());
    }
  }
  return "series twice";
}

std::optional<std::string> PinToTime(std::string_view query, model::TimestampMs time,
                                     const promql::ParseOptions& options) {
  auto expr = promql::ParseExpression(query, options);
  if (!expr.ok()) return std::nullopt;
  const bool hangs_on_time =
      Calls(*expr.value(), {"days_in_month", "day_of_month", "day_of_week", "day_of_year", "hour",
                            "minute", "month", "year", "predict_linear", "time", "timestamp",
                            "start", "end", "range", "step"});
  if (hangs_on_time) return std::nullopt;
  Pin(*expr.value(), time);
  return promql::Print(*expr.value());
}

bool CallsAny(std::string_view query, std::initializer_list<std::string_view> functions,
              const promql::ParseOptions& options) {
  const auto expr = promql::ParseExpression(query, options);
  if (!expr.ok()) return false;
  if (Calls(*expr.value(), functions)) return true;
  // In durations and behind @ they are no calls of the tree.
  return std::ranges::any_of(functions, [&](std::string_view name) {
    std::string lower(query);
    std::ranges::transform(lower, lower.begin(),
                           [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return lower.find(fmt::format("{}()", name)) != std::string::npos;
  });
}

engine::QueryResult MiddleStep(const engine::QueryResult& result, model::TimestampMs time) {
  engine::Vector vector;
  for (const engine::Series& series : std::get<engine::Matrix>(result.value)) {
    for (const model::Sample& sample : series.samples) {
      if (sample.timestamp == time) vector.push_back({series.labels, sample});
    }
    for (const engine::HistogramSample& sample : series.histograms) {
      if (sample.timestamp != time) continue;
      vector.push_back({series.labels, {time, 0}, sample.histogram});
    }
  }
  engine::QueryResult out;
  out.value = std::move(vector);
  return out;
}

}  // namespace narthex::script
