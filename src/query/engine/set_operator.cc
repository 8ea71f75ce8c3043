// and, or, unless.
#include <unordered_map>

#include "binary.h"
#include "label_change.h"

namespace narthex::engine {
namespace {

using promql::TokenKind;
using StepsByKey = std::unordered_map<model::LabelSet, Presence, model::LabelSetHash>;

void Remember(StepsByKey& steps, model::LabelSet key, const Presence& presence) {
  const auto [found, is_new] = steps.try_emplace(std::move(key), presence);
  if (!is_new) found->second.Union(presence);
}

// Reads the right side first and lets of the left pass what has (and) or has not (unless) a
// partner.
class AndUnlessStream : public RowStream {
 public:
  AndUnlessStream(const promql::BinaryExpr& binary, Sides sides)
      : is_and_(binary.op == TokenKind::kAnd), key_(*binary.matching), sides_(std::move(sides)) {}

  Result<bool> Next(Row& row) override {
    if (sides_.right != nullptr) NARTHEX_TRY(ReadRight());
    while (true) {
      NARTHEX_ASSIGN_OR_RETURN(const bool has_row, sides_.left->Next(row));
      if (!has_row) return false;
      const auto found = right_.find(key_.Of(row.labels));
      if (found == right_.end()) {
        if (is_and_) continue;
        return true;
      }
      if (is_and_) {
        row.presence.Intersect(found->second);
      } else {
        row.presence.Subtract(found->second);
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
  StepsByKey right_;
};

// All of the left, then of the right what the left did not have.
class OrStream : public RowStream {
 public:
  OrStream(const promql::BinaryExpr& binary, Sides sides)
      : key_(*binary.matching), sides_(std::move(sides)) {}

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
      if (!has_row) return false;
      const auto found = left_.find(key_.Of(row.labels));
      if (found == left_.end()) return true;
      row.presence.Subtract(found->second);
      if (row.presence.Any()) return true;
    }
  }

  StreamTraits traits() const override { return {false, true}; }

 private:
  const MatchKey key_;
  const Sides sides_;
  bool is_left_done_ = false;
  StepsByKey left_;
};

}  // namespace

RowStreamPtr ApplySetOperator(const promql::BinaryExpr& binary, Sides sides, const StepGrid& grid,
                              Context& context) {
  if (binary.op != TokenKind::kOr) {
    return std::make_unique<AndUnlessStream>(binary, std::move(sides));
  }
  return MergeRepeats(std::make_unique<OrStream>(binary, std::move(sides)), grid.count, context);
}

}  // namespace narthex::engine
