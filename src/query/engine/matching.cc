// Arithmetic and comparison between two vectors.
#include <fmt/format.h>

#include <deque>
#include <unordered_map>

#include "arithmetic.h"
#include "binary.h"
#include "histogram_operator.h"
#include "label_change.h"
#include "label_map.h"
#include "work_meter.h"

namespace narthex::engine {
namespace {

using promql::Cardinality;

// The rows of the "one" side that share a match key.
struct Group {
  std::vector<Row> rows;
  Presence present;  // steps at which any of them has a value
  // Steps at which more than one of them has a value: an error if anything asks for them.
  Presence duplicates;
  // Steps at which a partner was found (one-to-one only, where there must be no second).
  Presence matched;
  // Result labels that a partner took, and at which steps (grouped only).
  std::unordered_map<model::LabelSet, Presence, model::LabelSetHash> taken;
};

class MatchingStream : public RowStream {
  // A look at a group takes as long as some values do.
  static constexpr std::size_t kGroupCost = 16;

 public:
  MatchingStream(const promql::BinaryExpr& binary, Sides sides, const StepGrid& grid,
                 Context& context)
      : binary_(binary),
        matching_(*binary.matching),
        key_(matching_),
        grid_(grid),
        context_(context),
        operator_(binary, context) {
    is_swapped_ = matching_.cardinality == Cardinality::kOneToMany;
    one_ = is_swapped_ ? std::move(sides.left) : std::move(sides.right);
    many_ = is_swapped_ ? std::move(sides.right) : std::move(sides.left);
    // With group_right too, fill_left stands in for the "many" side: upstream looks after swapping.
    fill_one_ = matching_.fill_right;
    fill_many_ = matching_.fill_left;
  }
  ~MatchingStream() override { context_.Release(held_); }

  Result<bool> Next(Row& out) override {
    if (!has_read_one_) NARTHEX_TRY(ReadOne());
    while (true) {
      if (!pending_.empty()) {
        out = std::move(pending_.back());
        pending_.pop_back();
        return true;
      }
      if (is_many_done_) return NextUnmatched(out);
      NARTHEX_ASSIGN_OR_RETURN(const bool has_row, many_->Next(many_row_));
      if (!has_row) {
        is_many_done_ = true;
        // What is filled in makes a partner at every step.
        if (fill_one_ || fill_many_) any_many_.SetAll(grid_.count);
        NARTHEX_TRY(CheckAllUnique());
        continue;
      }
      any_many_.Union(many_row_.presence);
      NARTHEX_TRY(Match(many_row_));
    }
  }

  StreamTraits traits() const override { return {false, true}; }

 private:
  Status ReadOne() {
    has_read_one_ = true;
    any_many_.Reset(grid_.count);
    Row row;
    while (true) {
      NARTHEX_ASSIGN_OR_RETURN(const bool has_row, one_->Next(row));
      if (!has_row) return Ok();
      held_ += grid_.count;
      NARTHEX_TRY(context_.Hold(grid_.count));
      Group& group = GroupOf(key_.Of(row.labels));
      Presence again = row.presence;
      again.Intersect(group.present);
      group.duplicates.Union(again);
      group.present.Union(row.presence);
      group.rows.push_back(std::move(row));
      row = Row();
    }
  }

  Group& GroupOf(model::LabelSet key) {
    const auto place = groups_.TryEmplace(std::move(key));
    if (place.is_new) {
      place.value.present.Reset(grid_.count);
      place.value.matched.Reset(grid_.count);
      place.value.duplicates.Reset(grid_.count);
    }
    return place.value;
  }

  Status CheckAllUnique() {
    return groups_.ForEach([&](const model::LabelSet& key, const Group& group) -> Status {
      if (!meter_.MayGoOn(kGroupCost)) return meter_.status();
      return CheckUnique(group, key, any_many_);
    });
  }

  // Fails if two elements of the "one" side have the same match key at one of the steps.
  Status CheckUnique(const Group& group, const model::LabelSet& key, const Presence& steps) const {
    if (!group.duplicates.Overlaps(steps)) return Ok();
    for (std::size_t i = 1; i < group.rows.size(); ++i) {
      for (std::size_t j = 0; j < i; ++j) {
        Presence both = group.rows[i].presence;
        both.Intersect(group.rows[j].presence);
        if (both.Overlaps(steps)) {
          return DuplicateError(group.rows[j].labels, group.rows[i].labels, key);
        }
      }
    }
    return Ok();
  }

  Error DuplicateError(const model::LabelSet& a, const model::LabelSet& b,
                       const model::LabelSet& key) const {
    const auto& first = a < b ? a : b;
    const auto& second = a < b ? b : a;
    return ExecutionError(fmt::format(
        "found duplicate series for the match group {} on the {} hand-side of the operation: [{}, "
        "{}];many-to-many matching not allowed: matching labels must be unique on one side",
        key.ToString(), is_swapped_ ? "left" : "right", first.ToString(), second.ToString()));
  }

  Status Match(const Row& many) {
    const model::LabelSet key = key_.Of(many.labels);
    Group* const known = groups_.Find(key);
    if (!fill_one_ && known == nullptr) return Ok();
    Group& group = known != nullptr ? *known : GroupOf(key);
    NARTHEX_TRY(CheckUnique(group, key, many.presence));
    Presence left_over = many.presence;
    for (const Row& one : group.rows) {
      Presence both = many.presence;
      both.Intersect(one.presence);
      left_over.Subtract(both);
      if (both.Any()) NARTHEX_TRY(Pair(many, one, group, both));
    }
    if (!fill_one_ || !left_over.Any()) return Ok();
    return Pair(many, Filled(key, *fill_one_), group, left_over);
  }

  // A stand-in for a partner that is missing: the labels of the match key, one value.
  Row Filled(const model::LabelSet& key, double value) const {
    Row row;
    row.labels = key;
    row.values.assign(grid_.count, value);
    row.presence.Reset(grid_.count);
    return row;
  }

  Status Pair(const Row& many, const Row& one, Group& group, const Presence& steps) {
    Row out;
    out.labels = ResultLabels(many.labels, one.labels);
    const bool is_changed = binary_.returns_bool || ChangesMeaning(binary_.op);
    out.drops_name = many.drops_name || (is_changed && context_.delays_name_removal());
    out.Reset(grid_.count);
    if (operator_.IsFor(many, one)) return PairAny(many, one, group, steps, std::move(out));
    NARTHEX_TRY(Claim(group, out.labels, steps));
    const bool filters = promql::IsComparison(binary_.op) && !binary_.returns_bool;
    steps.ForEach([&](std::size_t step) {
      const double left = is_swapped_ ? one.values[step] : many.values[step];
      const double right = is_swapped_ ? many.values[step] : one.values[step];
      if (!filters) {
        out.Set(step, Calculate(binary_.op, left, right));
      } else if (Compare(binary_.op, left, right)) {
        out.Set(step, left);
      }
    });
    if (out.presence.Any()) pending_.push_back(std::move(out));
    return Ok();
  }

  // The same where operands are histograms. What could not be computed claims no step.
  Status PairAny(const Row& many, const Row& one, Group& group, const Presence& steps, Row out) {
    const Row& left = is_swapped_ ? one : many;
    const Row& right = is_swapped_ ? many : one;
    Presence computed = steps;
    steps.ForEach([&](std::size_t step) {
      const bool is_computed =
          operator_.Apply(Operand::At(left, step), Operand::At(right, step), step, out);
      if (!is_computed) computed.Clear(step);
    });
    NARTHEX_TRY(Claim(group, out.labels, computed));
    if (out.presence.Any()) pending_.push_back(std::move(out));
    return Ok();
  }

  // Takes the steps for one result of the group.
  Status Claim(Group& group, const model::LabelSet& labels, const Presence& steps) {
    if (matching_.cardinality == Cardinality::kOneToOne) {
      if (group.matched.Overlaps(steps)) {
        return ExecutionError(
            "multiple matches for labels: many-to-one matching must be explicit "
            "(group_left/group_right)");
      }
      group.matched.Union(steps);
      return Ok();
    }
    group.matched.Union(steps);
    const auto [found, is_new] = group.taken.try_emplace(labels, steps);
    if (is_new) return Ok();
    if (found->second.Overlaps(steps)) {
      return ExecutionError(
          "multiple matches for labels: grouping labels must ensure unique matches");
    }
    found->second.Union(steps);
    return Ok();
  }

  model::LabelSet ResultLabels(const model::LabelSet& many, const model::LabelSet& one) const {
    const bool is_changed = binary_.returns_bool || ChangesMeaning(binary_.op);
    const bool drops_now = is_changed && !context_.delays_name_removal();
    model::LabelSet labels = drops_now ? WithoutName(many) : many;
    if (matching_.cardinality == Cardinality::kOneToOne) {
      return matching_.is_on ? labels.Keep(matching_.labels) : labels.Drop(matching_.labels);
    }
    if (matching_.include.empty()) return labels;
    model::LabelSetBuilder builder(labels);
    for (const std::string& name : matching_.include) builder.Set(name, one.Get(name));
    return builder.Build();
  }

  // With fill for the "many" side: elements of the "one" side that no partner asked for.
  Result<bool> NextUnmatched(Row& out) {
    if (fill_many_ && !has_listed_unmatched_) NARTHEX_TRY(ListUnmatched());
    if (pending_.empty()) return End();
    out = std::move(pending_.back());
    pending_.pop_back();
    return true;
  }

  Result<bool> End() {
    if (!ends_early_) return false;
    NARTHEX_TRY(groups_.Free(meter_));
    context_.Release(std::exchange(held_, 0));
    return false;
  }

  Status ListUnmatched() {
    has_listed_unmatched_ = true;
    return groups_.ForEach([&](const model::LabelSet& key, Group& group) -> Status {
      const Presence matched = group.matched;
      for (const Row& one : group.rows) {
        if (!meter_.MayGoOn(kGroupCost + grid_.count)) return meter_.status();
        Presence steps = one.presence;
        steps.Subtract(matched);
        if (!steps.Any()) continue;
        NARTHEX_TRY(CheckUnique(group, key, steps));
        NARTHEX_TRY(Pair(Filled(key, *fill_many_), one, group, steps));
      }
      return Ok();
    });
  }

  const promql::BinaryExpr& binary_;
  const promql::VectorMatching& matching_;
  const MatchKey key_;
  const StepGrid grid_;
  Context& context_;
  const HistogramOperator operator_;
  bool is_swapped_ = false;  // the left side is the "one" side
  RowStreamPtr one_;
  RowStreamPtr many_;
  std::optional<double> fill_one_;
  std::optional<double> fill_many_;
  bool has_read_one_ = false;
  bool is_many_done_ = false;
  bool has_listed_unmatched_ = false;
  LabelMap<Group> groups_;
  Row many_row_;
  Presence any_many_;  // steps at which the "many" side has anything
  std::deque<Row> pending_;
  const bool ends_early_{context_.ends_early()};
  WorkMeter meter_{context_};
  std::size_t held_ = 0;
};

}  // namespace

RowStreamPtr ApplyVectorVector(const promql::BinaryExpr& binary, Sides sides, const StepGrid& grid,
                               Context& context) {
  return MergeRepeats(std::make_unique<MatchingStream>(binary, std::move(sides), grid, context),
                      grid.count, context);
}

}  // namespace narthex::engine
