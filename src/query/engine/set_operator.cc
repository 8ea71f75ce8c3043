// and, or, unless.
#include "binary.h"
#include "label_change.h"
#include "label_map.h"
#include "work_meter.h"

namespace narthex::engine {
namespace {

using promql::TokenKind;
using StepsByKey = LabelMap<Presence>;

void Remember(StepsByKey& steps, model::LabelSet key, const Presence& presence) {
  const auto place = steps.TryEmplace(std::move(key), presence);
  if (!place.is_new) place.value.Union(presence);
}

// Reads the right side first and lets of the left pass what has (and) or has not (unless) a
// partner.
class AndUnlessStream : public RowStream {
 public:
  AndUnlessStream(const promql::BinaryExpr& binary, Sides sides, Context& context)
      : is_and_(binary.op == TokenKind::kAnd),
        key_(*binary.matching),
        sides_(std::move(sides)),
        ends_early_(context.ends_early()),
        meter_(context) {}

  Result<bool> Next(Row& row) override {
    if (sides_.right != nullptr) NARTHEX_TRY(ReadRight());
    while (true) {
      NARTHEX_ASSIGN_OR_RETURN(const bool has_row, sides_.left->Next(row));
      if (!has_row) {
        if (ends_early_) NARTHEX_TRY(right_.Free(meter_));
        return false;
      }
      const Presence* found = right_.Find(key_.Of(row.labels));
      if (found == nullptr) {
        if (is_and_) continue;
        return true;
      }
      if (is_and_) {
        row.presence.Intersect(*found);
      } else {
        row.presence.Subtract(*found);
      }
      if (row.presence.Any()) return true;
    }
  }

  StreamTraits traits() const override { return sides_.left->traits(); }

 private:
  Status ReadRight() {
    Row row;
    while (true) {
      NARTHEX_ASSIGN_OR_RETURN(const bool has_row, sides_.right->Next(row));
      if (!has_row) break;
      Remember(right_, key_.Of(row.labels), row.presence);
    }
    sides_.right = nullptr;
    return Ok();
  }

  const bool is_and_;
  const MatchKey key_;
  Sides sides_;
  const bool ends_early_;
  WorkMeter meter_;
  StepsByKey right_;
};

// All of the left, then of the right what the left did not have.
class OrStream : public RowStream {
 public:
  OrStream(const promql::BinaryExpr& binary, Sides sides, Context& context)
      : key_(*binary.matching),
        sides_(std::move(sides)),
        ends_early_(context.ends_early()),
        meter_(context) {}

  Result<bool> Next(Row& row) override {
    if (!is_left_done_) {
      NARTHEX_ASSIGN_OR_RETURN(const bool has_row, sides_.left->Next(row));
      if (has_row) {
        Remember(left_, key_.Of(row.labels), row.presence);
        return true;
      }
      is_left_done_ = true;
    }
    while (true) {
      NARTHEX_ASSIGN_OR_RETURN(const bool has_row, sides_.right->Next(row));
      if (!has_row) {
        if (ends_early_) NARTHEX_TRY(left_.Free(meter_));
        return false;
      }
      const Presence* found = left_.Find(key_.Of(row.labels));
      if (found == nullptr) return true;
      row.presence.Subtract(*found);
      if (row.presence.Any()) return true;
    }
  }

  StreamTraits traits() const override { return {false, true}; }

 private:
  const MatchKey key_;
  const Sides sides_;
  const bool ends_early_;
  WorkMeter meter_;
  bool is_left_done_ = false;
  StepsByKey left_;
};

}  // namespace

RowStreamPtr ApplySetOperator(const promql::BinaryExpr& binary, Sides sides, const StepGrid& grid,
                              Context& context) {
  if (binary.op != TokenKind::kOr) {
    return std::make_unique<AndUnlessStream>(binary, std::move(sides), context);
  }
  return MergeRepeats(std::make_unique<OrStream>(binary, std::move(sides), context), grid.count,
                      context);
}

}  // namespace narthex::engine
