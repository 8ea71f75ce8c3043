#include "needs.h"

#include <algorithm>

#include "evaluator.h"
#include "model/labels.h"

namespace narthex::engine {

using promql::TokenKind;

// To trim a histogram takes its buckets.
HistogramNeed NeedOf(TokenKind binary_operator) {
  const bool is_trim =
      binary_operator == TokenKind::kTrimLower || binary_operator == TokenKind::kTrimUpper;
  return is_trim ? HistogramNeed::kBuckets : HistogramNeed::kUnknown;
}

HistogramNeed NeedOf(const promql::Call& call) {
  const std::string_view name = call.function->name;
  if (IsNativeFunction(name)) return NeedOfNativeFunction(name);
  return name.starts_with("histogram_") ? HistogramNeed::kBuckets : HistogramNeed::kUnknown;
}

NeededLabels NeededOf(const promql::AggregateExpr& aggregate) {
  constexpr TokenKind kSelecting[] = {TokenKind::kTopk, TokenKind::kBottomk, TokenKind::kLimitk,
                                      TokenKind::kLimitRatio};
  const bool passes_rows = std::ranges::find(kSelecting, aggregate.op) != std::end(kSelecting);
  if (aggregate.is_without || passes_rows) return nullptr;
  std::vector<std::string> names = aggregate.grouping;
  // Notes about histograms tell the name; counting gives none.
  const bool may_note = aggregate.op != TokenKind::kCount && aggregate.op != TokenKind::kGroup;
  if (may_note) names.emplace_back(model::kMetricName);
  return std::make_shared<const std::vector<std::string>>(std::move(names));
}

NeededLabels Union(const NeededLabels& a, const NeededLabels& b) {
  if (a == nullptr || b == nullptr) return nullptr;
  std::vector<std::string> names = *a;
  for (const std::string& name : *b) {
    if (std::ranges::find(names, name) == names.end()) names.push_back(name);
  }
  return std::make_shared<const std::vector<std::string>>(std::move(names));
}

}  // namespace narthex::engine
