// Binary operators with a native histogram on at least one side.
#pragma once

#include <optional>

#include "context.h"
#include "promql/ast.h"

namespace narthex::engine {

// A float, or a histogram where `histogram` is not null.
struct Operand {
  double value = 0;
  const HistogramPtr* histogram = nullptr;

  static Operand At(const Row& row, std::size_t step) {
    const bool is_float = row.HistogramAt(step) == nullptr;
    return {row.values[step], is_float ? nullptr : &row.histograms[step]};
  }
};

// One operator of a query. What cannot be computed is dropped, and the user is told.
class HistogramOperator {
 public:
  HistogramOperator(const promql::BinaryExpr& binary, Context& context)
      : binary_(binary), context_(context) {}

  // Whether the operands are for this class and not for arithmetic on floats.
  bool IsFor(const Row& left, const Row& right) const {
    return is_trim_ || left.has_histograms() || right.has_histograms();
  }
  bool IsFor(const Row& row) const { return is_trim_ || row.has_histograms(); }

  // Puts the result into `out` at `step`, which has none so far: of comparisons the left operand,
  // or `shown` where that is given, or 1 and 0 with bool. False if it could not be computed.
  bool Apply(Operand left, Operand right, std::size_t step, Row& out,
             const Operand* shown = nullptr) const;

 private:
  bool Compute(Operand left, Operand right, std::size_t step, Row& out) const;
  bool AddHistograms(const model::FloatHistogram& left, const model::FloatHistogram& right,
                     std::size_t step, Row& out) const;
  // Whether a comparison holds; empty where it makes no sense.
  std::optional<bool> Compare(Operand left, Operand right) const;
  // Always false.
  bool ReportTypes(Operand left, Operand right) const;

  const promql::BinaryExpr& binary_;
  Context& context_;
  const bool is_trim_ =
      binary_.op == promql::TokenKind::kTrimLower || binary_.op == promql::TokenKind::kTrimUpper;
};

// Equal to the last bit, but for the reset hint.
bool HasSameContent(const model::FloatHistogram& a, const model::FloatHistogram& b);

}  // namespace narthex::engine
