#include "histogram_operator.h"

#include <fmt/format.h>

#include <algorithm>

#include "arithmetic.h"
#include "histogram_notes.h"
#include "histogram_trim.h"
#include "model/histogram_buckets.h"
#include "model/histogram_math.h"
#include "promql/printer.h"

namespace narthex::engine {
namespace {

using model::FloatHistogram;
using promql::TokenKind;

bool IsHistogram(const Operand& operand) { return operand.histogram != nullptr; }

void SetCompact(Row& out, std::size_t step, FloatHistogram histogram) {
  model::Compact(histogram);
  out.SetHistogram(step, std::make_shared<const FloatHistogram>(std::move(histogram)));
}

void SetOperand(Row& out, std::size_t step, const Operand& operand) {
  if (IsHistogram(operand)) return out.SetHistogram(step, *operand.histogram);
  out.Replace(step, operand.value);
}

bool SameNumbers(std::span<const double> a, std::span<const double> b) {
  return std::ranges::equal(a, b, model::SameBits);
}

// Spans without those that hold nothing, the skipped buckets handed on.
std::vector<model::HistogramSpan> Joined(const std::vector<model::HistogramSpan>& spans) {
  std::vector<model::HistogramSpan> out;
  std::int32_t skipped = 0;
  for (const model::HistogramSpan& span : spans) {
    skipped += span.offset;
    if (span.length == 0) continue;
    if (skipped == 0 && !out.empty()) {
      out.back().length += span.length;
    } else {
      out.push_back({skipped, span.length});
    }
    skipped = 0;
  }
  return out;
}

}  // namespace

bool HasSameContent(const FloatHistogram& a, const FloatHistogram& b) {
  return a.schema == b.schema && model::SameBits(a.count, b.count) &&
         model::SameBits(a.sum, b.sum) && a.custom_values == b.custom_values &&
         a.zero_threshold == b.zero_threshold && model::SameBits(a.zero_count, b.zero_count) &&
         Joined(a.positive_spans) == Joined(b.positive_spans) &&
         Joined(a.negative_spans) == Joined(b.negative_spans) &&
         SameNumbers(a.positive_buckets, b.positive_buckets) &&
         SameNumbers(a.negative_buckets, b.negative_buckets);
}

bool HistogramOperator::ReportTypes(Operand left, Operand right) const {
  const auto kind = [](const Operand& operand) {
    return IsHistogram(operand) ? "histogram" : "float";
  };
  const std::string_view op = promql::OperatorText(binary_.op);
  context_.Inform(
      fmt::format("incompatible sample types encountered for binary operator \"{}\": {} {} {}", op,
                  kind(left), op, kind(right)),
      binary_.position);
  return false;
}

std::optional<bool> HistogramOperator::Compare(Operand left, Operand right) const {
  if (!IsHistogram(left) && !IsHistogram(right)) {
    return engine::Compare(binary_.op, left.value, right.value);
  }
  const bool is_equality = binary_.op == TokenKind::kEqlc || binary_.op == TokenKind::kNeq;
  if (!is_equality || !IsHistogram(left) || !IsHistogram(right)) return std::nullopt;
  const bool is_equal = HasSameContent(**left.histogram, **right.histogram);
  return is_equal == (binary_.op == TokenKind::kEqlc);
}

bool HistogramOperator::Apply(Operand left, Operand right, std::size_t step, Row& out,
                              const Operand* shown) const {
  if (!promql::IsComparison(binary_.op)) return Compute(left, right, step, out);
  const std::optional<bool> holds = Compare(left, right);
  if (!holds) return ReportTypes(left, right);
  if (binary_.returns_bool) {
    out.Replace(step, *holds ? 1 : 0);
  } else if (*holds) {
    SetOperand(out, step, shown != nullptr ? *shown : left);
  }
  return true;
}

bool HistogramOperator::Compute(Operand left, Operand right, std::size_t step, Row& out) const {
  const TokenKind op = binary_.op;
  if (!IsHistogram(left) && !IsHistogram(right)) {
    if (is_trim_) return ReportTypes(left, right);
    out.Replace(step, Calculate(op, left.value, right.value));
    return true;
  }
  if (IsHistogram(left) && IsHistogram(right)) {
    if (op != TokenKind::kAdd && op != TokenKind::kSub) return ReportTypes(left, right);
    return AddHistograms(**left.histogram, **right.histogram, step, out);
  }
  const bool is_left = IsHistogram(left);
  FloatHistogram histogram = is_left ? **left.histogram : **right.histogram;
  const double scalar = is_left ? right.value : left.value;
  if (is_trim_ && is_left) {
    const KeptSide side = op == TokenKind::kTrimUpper ? KeptSide::kBelow : KeptSide::kAbove;
    // Compact if anything was cut off, else as it was.
    out.SetHistogram(
        step, std::make_shared<const FloatHistogram>(Trim(std::move(histogram), scalar, side)));
    return true;
  }
  if (op == TokenKind::kMul) {
    model::Multiply(histogram, scalar);
  } else if (op == TokenKind::kDiv && is_left) {
    model::Divide(histogram, scalar);
  } else {
    return ReportTypes(left, right);
  }
  SetCompact(out, step, std::move(histogram));
  return true;
}

bool HistogramOperator::AddHistograms(const FloatHistogram& left, const FloatHistogram& right,
                                      std::size_t step, Row& out) const {
  const bool is_addition = binary_.op == TokenKind::kAdd;
  auto result = is_addition ? model::Add(left, right) : model::Subtract(left, right);
  if (!result.ok()) {
    context_.Warn(fmt::format("incompatible bucket layout encountered for binary operator {}",
                              promql::OperatorText(binary_.op)),
                  binary_.position);
    return false;
  }
  const HistogramNotes notes(context_, binary_.position);
  const std::string_view operation = is_addition ? "addition" : "subtraction";
  // What the counters were cannot be told, so neither what the result would be.
  if (result->merge.has_reset_collision) {
    notes.ConflictingResets(operation);
    return false;
  }
  if (result->merge.has_reconciled_bounds) notes.ReconciledBounds(operation);
  if (!is_addition) result->histogram.reset_hint = model::CounterResetHint::kGauge;
  SetCompact(out, step, std::move(result->histogram));
  return true;
}

}  // namespace narthex::engine
