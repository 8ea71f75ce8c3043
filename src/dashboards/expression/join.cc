#include "join.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "expression/command.h"

namespace narthex::expression {
namespace {

using Names = std::vector<std::string_view>;
using Places = std::vector<std::size_t>;  // in the answer on the right, ascending

Names NamesOf(const Labels& labels) {
  Names names;
  names.reserve(labels.size());
  for (const auto& [name, value] : labels) names.push_back(name);
  return names;
}

// The values of `labels` under `names`, which are all there.
Names Project(const Labels& labels, const Names& names) {
  Names values;
  values.reserve(names.size());
  auto label = labels.begin();
  for (const std::string_view name : names) {
    while (label->first != name) ++label;
    values.push_back(label->second);
  }
  return values;
}

bool IsAmong(const Names& few, const Names& many) {
  return std::includes(many.begin(), many.end(), few.begin(), few.end());
}

// The values on the right that have one set of label names.
class Group {
 public:
  explicit Group(const std::vector<Value>& values) : values_(values) {}

  void Add(std::size_t place) { places_.push_back(place); }
  const Places& places() const { return places_; }

  // Those whose labels under `names` are `wanted`.
  const Places& Find(const Names& names, const Names& wanted) {
    const auto [index, is_new] = indexes_.try_emplace(names);
    if (is_new) {
      for (const std::size_t place : places_) {
        index->second[Project(values_[place].labels, names)].push_back(place);
      }
    }
    static const Places kNone;
    const auto found = index->second.find(wanted);
    return found == index->second.end() ? kNone : found->second;
  }

 private:
  const std::vector<Value>& values_;
  Places places_;
  std::map<Names, std::map<Names, Places>> indexes_;
};

class Joiner {
 public:
  Joiner(const std::vector<Value>& left, const std::vector<Value>& right)
      : left_(left), right_(right), is_right_matched_(right.size()) {
    for (std::size_t i = 0; i < right.size(); ++i) {
      groups_.try_emplace(NamesOf(right[i].labels), right).first->second.Add(i);
    }
  }

  Result<Joined> Run() && {
    for (const Value& value : left_) {
      const Places partners = PartnersOf(value);
      if (partners.empty()) joined_.lost.push_back(&value.labels);
      if (joined_.pairs.size() + partners.size() > kValueCountMax) {
        return Error(ErrorCode::kResourceExhausted,
                     fmt::format("the operation makes more than {} values of {} and {}",
                                 kValueCountMax, left_.size(), right_.size()));
      }
      for (const std::size_t place : partners) {
        const Value& partner = right_[place];
        is_right_matched_[place] = true;
        const bool is_left = value.labels.size() >= partner.labels.size();
        joined_.pairs.push_back({&value, &partner, is_left ? &value.labels : &partner.labels});
      }
    }
    for (std::size_t i = 0; i < right_.size(); ++i) {
      if (!is_right_matched_[i]) joined_.lost.push_back(&right_[i].labels);
    }
    return std::move(joined_);
  }

 private:
  Places PartnersOf(const Value& value) {
    const Names names = NamesOf(value.labels);
    Places partners;
    for (auto& [group_names, group] : groups_) {
      const bool has_fewer = IsAmong(names, group_names);
      if (!has_fewer && !IsAmong(group_names, names)) continue;
      const Names& shared = has_fewer ? names : group_names;
      const Places& found =
          shared.empty() ? group.places() : group.Find(shared, Project(value.labels, shared));
      partners.insert(partners.end(), found.begin(), found.end());
    }
    std::sort(partners.begin(), partners.end());
    return partners;
  }

  const std::vector<Value>& left_;
  const std::vector<Value>& right_;
  std::map<Names, Group> groups_;
  std::vector<bool> is_right_matched_;
  Joined joined_;
};

bool IsNoData(const ValueSet& set) {
  return set.values.size() == 1 && set.values.front().kind == ValueKind::kNoData;
}

}  // namespace

Result<Joined> Join(const ValueSet& left, const ValueSet& right) {
  if (left.values.empty() || right.values.empty()) return Joined{};
  const Pair first{&left.values.front(), &right.values.front(), nullptr};
  if (IsNoData(left) || IsNoData(right)) return Joined{{first}, {}};
  NARTHEX_ASSIGN_OR_RETURN(Joined joined, Joiner(left.values, right.values).Run());
  if (joined.pairs.empty() && left.values.size() == 1 && right.values.size() == 1) {
    return Joined{{first}, {}};
  }
  return joined;
}

}  // namespace narthex::expression
