#include "info.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <deque>
#include <map>
#include <set>
#include <unordered_map>

#include "label_change.h"
#include "plan.h"
#include "work_meter.h"

namespace narthex::engine {
namespace {

const std::vector<std::string>& IdentifyingLabels() {
  static const std::vector<std::string> kLabels = {"instance", "job"};
  return kLabels;
}

bool IsIdentifying(std::string_view name) {
  return std::ranges::find(IdentifyingLabels(), name) != IdentifyingLabels().end();
}

// Which info series count for one element: an index for each info name, kNone where there is none.
using Winners = std::vector<std::size_t>;
constexpr std::size_t kNone = static_cast<std::size_t>(-1);

class InfoStream : public RowStream {
 public:
  InfoStream(InfoInput input, const StepGrid& grid, Context& context)
      : input_(std::move(input)), grid_(grid), context_(context) {
    for (const model::Matcher& matcher : input_.selector->matchers) {
      if (matcher.name() == model::kMetricName) {
        name_matchers_.push_back(matcher);
      } else {
        wanted_labels_.insert(matcher.name());
        needs_info_ = needs_info_ || !matcher.MatchesEmpty();
      }
    }
  }
  ~InfoStream() override { context_.Release(held_); }

  Result<bool> Next(Row& row) override {
    if (input_.base != nullptr) {
      NARTHEX_TRY(ReadBase());
      NARTHEX_TRY(ReadInfo());
      NARTHEX_TRY(CheckUnique());
    }
    while (true) {
      if (!pending_.empty()) {
        row = std::move(pending_.back());
        pending_.pop_back();
        return true;
      }
      if (next_ >= base_.size()) return End();
      Row& base = base_[next_++];
      if (!IsInfoSeries(base.labels)) {
        NARTHEX_TRY(Enrich(base));
        continue;
      }
      row = std::move(base);
      return true;
    }
  }
  StreamTraits traits() const override { return {false, true}; }

 private:
  // Info series of one name and one identity.
  struct Candidates {
    std::string name;
    std::vector<std::size_t> series;  // of info_
  };

  Status ReadBase() {
    steps_.Reset(grid_.count);
    Row row;
    while (true) {
      NARTHEX_ASSIGN_OR_RETURN(const bool has_row, input_.base->Next(row));
      if (!has_row) break;
      NARTHEX_TRY(Hold());
      steps_.Union(row.presence);
      if (!IsInfoSeries(row.labels)) {
        for (const std::string& name : IdentifyingLabels()) {
          const std::string_view value = row.labels.Get(name);
          if (!value.empty()) identities_[name].emplace(value);
        }
      }
      base_.push_back(std::move(row));
      row = Row();
    }
    input_.base = nullptr;
    return Ok();
  }

  // Upstream selects info series by each identifying label apart: any value of it that some base
  // series has, and series without it only where no base series has it.
  bool MayDescribe(const model::LabelSet& labels) const {
    if (identities_.empty()) return false;
    return std::ranges::all_of(identities_, [&](const auto& identity) {
      return identity.second.contains(labels.Get(identity.first));
    });
  }

  Status ReadInfo() {
    Row row;
    while (true) {
      NARTHEX_ASSIGN_OR_RETURN(const bool has_row, input_.info->Next(row));
      if (!has_row) break;
      if (!MayDescribe(row.labels)) continue;
      NARTHEX_TRY(Hold());
      const std::string name(row.labels.Get(model::kMetricName));
      std::vector<Candidates>& all = by_identity_[row.labels.Keep(IdentifyingLabels())];
      auto found = std::ranges::find(all, name, &Candidates::name);
      if (found == all.end()) found = all.insert(all.end(), {name, {}});
      found->series.push_back(info_.size());
      info_.push_back(std::move(row));
      row = Row();
    }
    input_.info = nullptr;
    return Ok();
  }

  Result<bool> End() {
    if (!ends_early_) return false;
    NARTHEX_TRY(FreeWhileAlive(base_, meter_));
    NARTHEX_TRY(FreeWhileAlive(info_, meter_));
    context_.Release(std::exchange(held_, 0));
    return false;
  }

  Status Hold() {
    held_ += grid_.count;
    return context_.Hold(grid_.count);
  }

  // Of info series with one name and identity there is a newest one wherever there is anything to
  // describe, whoever it belongs to.
  Status CheckUnique() {
    for (const auto& [identity, all] : by_identity_) {
      for (const Candidates& candidates : all) {
        if (candidates.series.size() < 2) continue;
        if (!meter_.MayGoOn(candidates.series.size() * grid_.count)) return meter_.status();
        Status status = Ok();
        steps_.ForEach([&](std::size_t step) {
          if (status.ok()) status = CheckUniqueAt(candidates, step);
        });
        NARTHEX_TRY(std::move(status));
      }
    }
    return Ok();
  }

  Status CheckUniqueAt(const Candidates& candidates, std::size_t step) const {
    std::size_t newest = kNone;
    for (const std::size_t index : candidates.series) {
      const Row& row = info_[index];
      if (!row.presence.Has(step)) continue;
      if (newest != kNone && row.values[step] == info_[newest].values[step]) {
        return ExecutionError(
            fmt::format("found duplicate series for info metric: existing {} @ {}, new {} @ {}",
                        info_[newest].labels.ToString(), Milliseconds(info_[newest].values[step]),
                        row.labels.ToString(), Milliseconds(row.values[step])));
      }
      if (newest == kNone || row.values[step] > info_[newest].values[step]) newest = index;
    }
    return Ok();
  }

  static std::int64_t Milliseconds(double seconds) { return std::llround(seconds * 1000); }

  bool IsInfoSeries(const model::LabelSet& labels) const {
    const std::string_view name = labels.Get(model::kMetricName);
    return std::ranges::all_of(
        name_matchers_, [&](const model::Matcher& matcher) { return matcher.Matches(name); });
  }

  // Splits a row by the info series that count at its steps.
  Status Enrich(const Row& row) {
    const auto found = by_identity_.find(row.labels.Keep(IdentifyingLabels()));
    static const std::vector<Candidates> kNoCandidates;
    const auto& all = found == by_identity_.end() ? kNoCandidates : found->second;
    std::map<Winners, Presence> steps_of;
    row.presence.ForEach([&](std::size_t step) {
      Winners winners;
      for (const Candidates& candidates : all) winners.push_back(NewestAt(candidates, step));
      const auto [entry, is_new] = steps_of.try_emplace(std::move(winners));
      if (is_new) entry->second.Reset(grid_.count);
      entry->second.Set(step);
    });
    for (const auto& [winners, steps] : steps_of) NARTHEX_TRY(Emit(row, winners, steps));
    return Ok();
  }

  std::size_t NewestAt(const Candidates& candidates, std::size_t step) const {
    std::size_t newest = kNone;
    for (const std::size_t index : candidates.series) {
      if (!info_[index].presence.Has(step)) continue;
      if (newest == kNone || info_[index].values[step] > info_[newest].values[step]) newest = index;
    }
    return newest;
  }

  Status Emit(const Row& row, const Winners& winners, const Presence& steps) {
    model::LabelSetBuilder builder(row.labels);
    std::map<std::string, std::string> added;
    bool has_info = false;
    for (const std::size_t winner : winners) {
      if (winner == kNone) continue;
      has_info = true;
      for (const model::Label& label : info_[winner].labels) {
        if (!IsWanted(label.name) || row.labels.Has(label.name)) continue;
        const auto [entry, is_new] =
            added.emplace(std::string(label.name), std::string(label.value));
        if (!is_new && entry->second != label.value) {
          return ExecutionError(fmt::format("conflicting label: {}", label.name));
        }
        builder.Set(label.name, label.value);
      }
    }
    if (!has_info && needs_info_) return Ok();
    Row out;
    out.labels = builder.Build();
    out.drops_name = row.drops_name;
    out.values = row.values;
    out.histograms = row.histograms;
    out.presence = steps;
    pending_.push_back(std::move(out));
    return Ok();
  }

  bool IsWanted(std::string_view name) const {
    if (name == model::kMetricName || IsIdentifying(name)) return false;
    return wanted_labels_.empty() || wanted_labels_.contains(name);
  }

  InfoInput input_;
  const StepGrid grid_;
  Context& context_;
  std::vector<model::Matcher> name_matchers_;
  std::set<std::string, std::less<>> wanted_labels_;  // empty: all
  bool needs_info_ = false;                           // elements without info series drop out
  std::deque<Row> base_;
  std::size_t next_ = 0;  // of base_
  Presence steps_;        // at which any base series has a value
  // Of each identifying label the values that base series have.
  std::map<std::string, std::set<std::string, std::less<>>> identities_;
  std::deque<Row> info_;
  const bool ends_early_{context_.ends_early()};
  WorkMeter meter_{context_};
  std::unordered_map<model::LabelSet, std::vector<Candidates>, model::LabelSetHash> by_identity_;
  std::vector<Row> pending_;
  std::size_t held_ = 0;
};

// The time that the first selector under `expr` refers to; empty if there is none. Subqueries
// around it move it on, up to the innermost @. Source: FN-010, upstream's
// infoSelectTimestampAndOffset.
Result<std::optional<ReferenceTime>> FirstReference(const promql::Expr& expr,
                                                    const Context& context) {
  std::optional<ReferenceTime> found;
  if (expr.kind == promql::NodeKind::kVectorSelector) {
    NARTHEX_ASSIGN_OR_RETURN(found,
                             ResolveShift(promql::As<promql::VectorSelector>(expr).shift, context));
    return found;
  }
  for (const promql::Expr* child : promql::Children(expr)) {
    NARTHEX_ASSIGN_OR_RETURN(found, FirstReference(*child, context));
    if (found) break;
  }
  if (!found || found->anchor || expr.kind != promql::NodeKind::kSubquery) return found;
  NARTHEX_ASSIGN_OR_RETURN(const ReferenceTime outer,
                           ResolveShift(promql::As<promql::SubqueryExpr>(expr).shift, context));
  found->anchor = outer.anchor;
  found->offset_ms += outer.offset_ms;
  return found;
}

}  // namespace

Result<std::unique_ptr<promql::VectorSelector>> MakeInfoSelector(const promql::Call& call,
                                                                 const Context& context) {
  auto selector = std::make_unique<promql::VectorSelector>();
  bool has_name = false;
  bool has_positive_name = false;
  if (call.arguments.size() > 1) {
    selector->matchers = promql::As<promql::VectorSelector>(*call.arguments[1]).matchers;
    for (const model::Matcher& matcher : selector->matchers) {
      if (matcher.name() != model::kMetricName) continue;
      has_name = true;
      has_positive_name = has_positive_name || !matcher.is_negative();
    }
  }
  const std::string name(model::kMetricName);
  if (!has_name) selector->matchers.push_back(model::Matcher::Equal(name, "target_info"));
  if (has_name && !has_positive_name) {
    NARTHEX_ASSIGN_OR_RETURN(auto any_info,
                             model::Matcher::Make(model::MatchType::kRegex, name, ".+_info"));
    selector->matchers.push_back(std::move(any_info));
  }
  NARTHEX_ASSIGN_OR_RETURN(const std::optional<ReferenceTime> reference,
                           FirstReference(*call.arguments[0], context));
  if (!reference) return selector;
  selector->shift.offset.value = std::chrono::milliseconds(reference->offset_ms);
  if (reference->anchor) {
    selector->shift.anchor = promql::TimeShift::Anchor::kTime;
    selector->shift.time = *reference->anchor;
  }
  return selector;
}

RowStreamPtr ApplyInfo(InfoInput input, const StepGrid& grid, Context& context) {
  return MergeRepeats(std::make_unique<InfoStream>(std::move(input), grid, context), grid.count,
                      context);
}

}  // namespace narthex::engine
