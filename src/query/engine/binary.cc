#include "binary.h"

#include "arithmetic.h"
#include "histogram_operator.h"
#include "label_change.h"

namespace narthex::engine {
namespace {

class VectorScalarStream : public RowStream {
 public:
  VectorScalarStream(const promql::BinaryExpr& binary, VectorScalarParts parts, Context& context)
      : binary_(binary),
        parts_(std::move(parts)),
        context_(context),
        drops_name_(binary.returns_bool || ChangesMeaning(binary.op)),
        operator_(binary, context) {}

  Result<bool> Next(Row& row) override {
    while (true) {
      NARTHEX_ASSIGN_OR_RETURN(const bool has_row, parts_.vector->Next(row));
      if (!has_row) return false;
      if (operator_.IsFor(row)) {
        ApplyAny(row);
        if (!row.presence.Any()) continue;
      } else if (promql::IsComparison(binary_.op) && !binary_.returns_bool) {
        row.presence.ForEach([&](std::size_t step) { Filter(row, step); });
        if (!row.presence.Any()) continue;
      } else {
        row.presence.ForEach([&](std::size_t step) { Apply(row, step); });
      }
      if (drops_name_) DropName(row, context_);
      return true;
    }
  }

  StreamTraits traits() const override { return parts_.vector->traits(); }

 private:
  void Apply(Row& row, std::size_t step) const {
    const double value = row.values[step];
    const double scalar = parts_.scalar[step];
    row.values[step] = parts_.is_scalar_left ? Calculate(binary_.op, scalar, value)
                                             : Calculate(binary_.op, value, scalar);
  }
  // The same for rows with histograms.
  void ApplyAny(Row& row) {
    out_.Reset(row.values.size());
    row.presence.ForEach([&](std::size_t step) {
      const Operand element = Operand::At(row, step);
      const Operand scalar{parts_.scalar[step], nullptr};
      if (parts_.is_scalar_left) {
        operator_.Apply(scalar, element, step, out_, &element);
      } else {
        operator_.Apply(element, scalar, step, out_);
      }
    });
    row.values.swap(out_.values);
    row.histograms.swap(out_.histograms);
    row.presence = out_.presence;
  }
  void Filter(Row& row, std::size_t step) const {
    const double value = row.values[step];
    const double scalar = parts_.scalar[step];
    const bool keeps = parts_.is_scalar_left ? Compare(binary_.op, scalar, value)
                                             : Compare(binary_.op, value, scalar);
    if (!keeps) row.presence.Clear(step);
  }

  const promql::BinaryExpr& binary_;
  const VectorScalarParts parts_;
  Context& context_;
  const bool drops_name_;
  const HistogramOperator operator_;
  Row out_;
};

}  // namespace

MatchKey::MatchKey(const promql::VectorMatching& matching)
    : is_on_(matching.is_on), names_(matching.labels) {
  if (!is_on_) names_.emplace_back(model::kMetricName);
}

model::LabelSet MatchKey::Of(const model::LabelSet& labels) const {
  return is_on_ ? labels.Keep(names_) : labels.Drop(names_);
}

RowStreamPtr ApplyVectorScalar(const promql::BinaryExpr& binary, VectorScalarParts parts,
                               const StepGrid& grid, Context& context) {
  const bool drops_name = binary.returns_bool || ChangesMeaning(binary.op);
  auto stream = std::make_unique<VectorScalarStream>(binary, std::move(parts), context);
  if (!drops_name) return stream;
  return MergeIfNamesCollide(std::move(stream), grid.count, context);
}

}  // namespace narthex::engine
