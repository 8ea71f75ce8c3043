#include "promql_script_check.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "promql/ast.h"
#include "promql/parser.h"
#include "promql/printer.h"

namespace narthex::conformance {
namespace {

std::string ValueText(double value) {
  return model::IsStaleNan(value) ? "stale" : fmt::format("{}", value);
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

std::string CompareSeries(const ExpectedRow& wanted, const engine::Series& got,
                          const engine::RangeSpec& range) {
  std::size_t next = 0;
  for (std::size_t i = 0; i < wanted.values.size(); ++i) {
    const model::TimestampMs time = range.start + static_cast<std::int64_t>(i) * range.step.count();
    if (time > range.end) return "more values expected than steps";
    const bool has_sample = next < got.samples.size() && got.samples[next].timestamp == time;
    const bool is_wanted = wanted.values[i].kind == promql::DescribedValue::Kind::kFloat;
    if (has_sample != is_wanted) {
      return fmt::format(
          "{} at {} ms: {}", wanted.labels.ToMetricString(), time,
          has_sample ? "unexpected value " + ValueText(got.samples[next].value) : "no value");
    }
    if (!has_sample) continue;
    if (!SameValue(got.samples[next].value, wanted.values[i].value)) {
      return fmt::format("{} at {} ms: got {}, expected {}", wanted.labels.ToMetricString(), time,
                         ValueText(got.samples[next].value), ValueText(wanted.values[i].value));
    }
    ++next;
  }
  if (next != got.samples.size()) {
    return fmt::format("{} has more samples than expected", wanted.labels.ToMetricString());
  }
  return {};
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

std::string CompareVector(const std::vector<ExpectedRow>& wanted, const engine::Vector& got,
                          bool is_ordered) {
  std::vector<bool> is_used(wanted.size(), false);
  for (std::size_t i = 0; i < got.size(); ++i) {
    const auto found = std::ranges::find_if(
        wanted, [&](const ExpectedRow& row) { return row.labels == got[i].labels; });
    if (found == wanted.end()) {
      return fmt::format("unexpected {} {}", got[i].labels.ToMetricString(),
                         ValueText(got[i].sample.value));
    }
    const auto index = static_cast<std::size_t>(found - wanted.begin());
    if (is_used[index]) return fmt::format("{} twice", got[i].labels.ToMetricString());
    is_used[index] = true;
    if (is_ordered && index != i) {
      return fmt::format("{} at place {}", got[i].labels.ToMetricString(), i);
    }
    if (found->values.size() != 1) return "one value expected for an instant vector";
    if (!SameValue(got[i].sample.value, found->values[0].value)) {
      return fmt::format("{}: got {}, expected {}", got[i].labels.ToMetricString(),
                         ValueText(got[i].sample.value), ValueText(found->values[0].value));
    }
  }
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    if (!is_used[i]) return fmt::format("missing {}", wanted[i].labels.ToMetricString());
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
      return fmt::format("missing {}", row.labels.ToMetricString());
    }
    ++found_count;
    if (std::string failure = CompareSeries(row, *found, range); !failure.empty()) return failure;
  }
  if (found_count == got.size()) return {};
  for (const engine::Series& series : got) {
    const bool is_wanted = std::ranges::any_of(
        wanted, [&](const ExpectedRow& row) { return row.labels == series.labels; });
    if (!is_wanted) return fmt::format("unexpected {}", series.labels.ToMetricString());
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
  }
  engine::QueryResult out;
  out.value = std::move(vector);
  return out;
}

}  // namespace narthex::conformance
