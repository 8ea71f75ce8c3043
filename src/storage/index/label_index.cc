#include "index/label_index.h"

#include <algorithm>
#include <set>

namespace narthex::index {
namespace {

using Ids = std::vector<SeriesId>;

void SortUnique(Ids& ids) {
  std::ranges::sort(ids);
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
}

Ids Intersect(const Ids& a, const Ids& b) {
  Ids both;
  // Far apart in length, looking each one up beats walking along both.
  const Ids& few = a.size() < b.size() ? a : b;
  const Ids& many = a.size() < b.size() ? b : a;
  if (many.size() / 16 > few.size()) {
    auto at = many.begin();
    for (const SeriesId id : few) {
      at = std::lower_bound(at, many.end(), id);
      if (at != many.end() && *at == id) both.push_back(id);
    }
    return both;
  }
  std::ranges::set_intersection(a, b, std::back_inserter(both));
  return both;
}

Ids Without(const Ids& all, const Ids& excluded) {
  Ids left;
  std::ranges::set_difference(all, excluded, std::back_inserter(left));
  return left;
}

// Series that have the label with a value that the matcher, or its contrary, accepts.
Ids WithValue(const LabelIndex& index, const model::Matcher& matcher, bool accepted) {
  const auto literals = matcher.literals();
  // The literals belong to the positive form: they are what is accepted if we want what that
  // accepts.
  if (literals && accepted != matcher.is_negative()) {
    if (literals->size() == 1) return index.Postings(matcher.name(), literals->front());
    Ids ids;
    for (const std::string& value : *literals) {
      const Ids some = index.Postings(matcher.name(), value);
      ids.insert(ids.end(), some.begin(), some.end());
    }
    SortUnique(ids);
    return ids;
  }
  const std::string_view prefix =
      accepted != matcher.is_negative() ? matcher.prefix() : std::string_view();
  Ids ids = index.PostingsWhere(matcher.name(), prefix, [&](std::string_view value) {
    return matcher.Matches(value) == accepted;
  });
  SortUnique(ids);
  return ids;
}

bool IsExact(const model::Matcher& matcher) {
  return matcher.type() == model::MatchType::kEqual && !matcher.MatchesEmpty();
}

void Apply(const LabelIndex& index, const model::Matcher& matcher, Ids& ids) {
  // With few series left, their own values are fewer than those of the label.
  if (!IsExact(matcher) && ids.size() <= index.ValueCount(matcher.name())) {
    std::erase_if(ids,
                  [&](SeriesId id) { return !matcher.Matches(index.ValueOf(id, matcher.name())); });
    return;
  }
  // A series without the label has the empty value: if that is accepted, only the others can fail.
  ids = matcher.MatchesEmpty() ? Without(ids, WithValue(index, matcher, false))
                               : Intersect(ids, WithValue(index, matcher, true));
}

}  // namespace

std::vector<SeriesId> SelectSeries(const LabelIndex& index,
                                   std::span<const model::Matcher> matchers) {
  // First what narrows most surely: equalities, then conditions that need the label, then the rest.
  std::vector<const model::Matcher*> order;
  for (const model::Matcher& matcher : matchers) order.push_back(&matcher);
  std::ranges::sort(order, {}, [](const model::Matcher* matcher) {
    return IsExact(*matcher) ? 0 : matcher->MatchesEmpty() ? 2 : 1;
  });

  if (order.empty()) return index.All();
  const model::Matcher& first = *order.front();
  Ids ids = first.MatchesEmpty() ? Without(index.All(), WithValue(index, first, false))
                                 : WithValue(index, first, true);
  for (std::size_t i = 1; i < order.size() && !ids.empty(); ++i) Apply(index, *order[i], ids);
  return ids;
}

std::vector<std::string> SelectNames(const LabelIndex& index,
                                     std::span<const model::Matcher> matchers) {
  std::set<std::string, std::less<>> names;
  if (matchers.empty()) {
    index.VisitNames([&](std::string_view name, std::size_t) { names.emplace(name); });
  } else {
    for (const SeriesId id : SelectSeries(index, matchers)) {
      for (const model::Label& label : index.Labels(id)) {
        if (!names.contains(label.name)) names.emplace(label.name);
      }
    }
  }
  return {names.begin(), names.end()};
}

std::vector<std::string> SelectValues(const LabelIndex& index, std::string_view name,
                                      std::span<const model::Matcher> matchers) {
  std::vector<std::string_view> values;
  if (matchers.empty()) {
    index.VisitValues(name, [&](std::string_view value, std::size_t) { values.push_back(value); });
  } else {
    for (const SeriesId id : SelectSeries(index, matchers)) {
      if (const std::string_view value = index.ValueOf(id, name); !value.empty()) {
        values.push_back(value);
      }
    }
  }
  std::ranges::sort(values);
  values.erase(std::unique(values.begin(), values.end()), values.end());
  return {values.begin(), values.end()};
}

}  // namespace narthex::index
