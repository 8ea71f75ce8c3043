// The selection of series: small lists first, what is left is asked for its values.
#include <algorithm>
#include <limits>

#include "base/alive_order.h"
#include "candidate_values.h"
#include "index/label_index.h"

namespace narthex::index {
namespace {

using Ids = std::vector<SeriesId>;
using Lists = std::vector<PostingView>;

// Asking a series for a value takes as long as reading so many ids of lists.
constexpr std::size_t kPostingsPerCandidate = 4;
// Values or series looked at between two questions. The slowest regular expressions take some
// microseconds for each.
constexpr std::size_t kValuesPerQuestion = 1024;

std::size_t CountOf(const Lists& lists) {
  std::size_t count = 0;
  for (const PostingView& list : lists) count += list.count;
  return count;
}

// One condition, as far as it is worked out.
struct Term {
  enum class Kind {
    kNothing,   // no series meets it
    kAll,       // every series meets it
    kIncluded,  // the series of `lists` meet it
    kExcluded,  // all but those of `lists` meet it
    kOpen,      // the values of the label have not been looked at
  };
  Kind kind = Kind::kOpen;
  const model::Matcher* matcher = nullptr;
  NameId name = 0;
  Lists lists = {};
  std::size_t cost = 0;  // of series in the lists; while it is open, of values to look at
};

// Drops those that are not on the list.
void Intersect(Ids& ids, const PostingView& list) {
  PostingCursor cursor(list);
  std::erase_if(ids, [&](SeriesId id) {
    cursor.Seek(id);
    return cursor.at_end() || cursor.id() != id;
  });
}

void Subtract(Ids& ids, const PostingView& list) {
  PostingCursor cursor(list);
  std::erase_if(ids, [&](SeriesId id) {
    cursor.Seek(id);
    return !cursor.at_end() && cursor.id() == id;
  });
}

// What is on all the lists, which is one at least, the shortest first.
Ids IntersectLists(std::span<const PostingView> lists) {
  Ids ids;
  if (lists.size() == 1) {
    ids.reserve(lists.front().count);
    PostingCursor(lists.front()).AppendTo(ids);
    return ids;
  }
  std::vector<PostingCursor> cursors(lists.begin(), lists.end());
  PostingCursor& first = cursors.front();
  const auto rest = std::span(cursors).subspan(1);
  while (!first.at_end()) {
    const SeriesId id = first.id();
    SeriesId next = id;
    std::uint32_t run_left = first.run_left();
    for (PostingCursor& other : rest) {
      other.Seek(id);
      if (other.at_end()) return ids;
      next = std::max(next, other.id());
      run_left = std::min(run_left, other.run_left());
    }
    if (next != id) {
      first.Seek(next);
      continue;
    }
    ids.push_back(id);
    // All go on together for a while: no need to look at them one by one.
    for (std::uint32_t i = 1; i <= run_left; ++i) ids.push_back(id + i);
    if (run_left > 0) first.Advance(run_left);
    first.Next();
  }
  return ids;
}

// Whether one of `ids`, which ascend, is on the list.
bool HasCommon(const Ids& ids, const PostingView& list) {
  PostingCursor cursor(list);
  auto at = ids.begin();
  while (!cursor.at_end() && at != ids.end()) {
    if (*at < cursor.id()) {
      // Doubling steps: the list begins where most of the candidates are behind, or near.
      std::ptrdiff_t step = 1;
      while (step < ids.end() - at && at[step] < cursor.id()) step *= 2;
      at = std::lower_bound(at + step / 2, at + std::min(step + 1, ids.end() - at), cursor.id());
      if (at == ids.end()) return false;
    }
    if (*at == cursor.id()) return true;
    cursor.Seek(*at);
  }
  return false;
}

class Selection {
 public:
  Selection(const LabelIndex& index, const AliveCheck& check)
      : index_(index), meter_(check, kValuesPerQuestion) {}

  Result<Ids> Run(std::span<const model::Matcher> matchers) {
    for (const model::Matcher& matcher : matchers) {
      Term term = TermOf(matcher);
      if (term.kind == Term::Kind::kNothing) return Ids();
      if (term.kind != Term::Kind::kAll) terms_.push_back(std::move(term));
    }
    // The cheaper is known first, and leaves less for the others.
    std::ranges::stable_sort(terms_, {},
                             [](const Term& term) { return std::pair(term.kind, term.cost); });
    Begin();
    for (Term& term : terms_) {
      if (ids_.empty()) break;
      Apply(term);
    }
    NARTHEX_TRY(meter_.status());
    if (index_.has_removed()) {
      std::erase_if(ids_, [this](SeriesId id) { return index_.Record(id).empty(); });
    }
    return std::move(ids_);
  }

 private:
  bool CoversAll(std::size_t series_count) const { return series_count == index_.series_count(); }

  Term TermOf(const model::Matcher& matcher) const {
    Term term;
    term.matcher = &matcher;
    const auto name = index_.FindName(matcher.name());
    if (!name) {
      term.kind = matcher.MatchesEmpty() ? Term::Kind::kAll : Term::Kind::kNothing;
      return term;
    }
    term.name = *name;
    const bool has_every_series = CoversAll(index_.Counts(*name).series_count);
    if (matcher.accepts_any_value()) {
      // Nothing but whether there is a value counts.
      const bool wants_value = !matcher.is_negative();
      if (wants_value && (matcher.MatchesEmpty() || has_every_series)) term.kind = Term::Kind::kAll;
      if (!wants_value && (!matcher.MatchesEmpty() || has_every_series)) {
        term.kind = Term::Kind::kNothing;
      }
    }
    if (matcher.type() == model::MatchType::kNotEqual && matcher.value().empty() &&
        has_every_series) {
      term.kind = Term::Kind::kAll;
    }
    if (term.kind != Term::Kind::kOpen) return term;
    // The named values are those to take, or those to leave out; if the empty one is on the wrong
    // side they are not the whole story.
    const auto literals = matcher.literals();
    if (literals && matcher.MatchesEmpty() == matcher.is_negative()) {
      for (const std::string& value : *literals) {
        if (const auto id = index_.FindValue(*name, value)) {
          term.lists.push_back(index_.Postings(*name, *id));
        }
      }
      Settle(term);
    } else {
      term.cost = index_.PrefixCost(*name, PrefixOf(matcher));
    }
    return term;
  }

  // The kind of a term whose lists are known.
  void Settle(Term& term) const {
    const bool is_included = !term.matcher->MatchesEmpty();
    term.kind = is_included ? Term::Kind::kIncluded : Term::Kind::kExcluded;
    term.cost = CountOf(term.lists);
    if (term.cost == 0) term.kind = is_included ? Term::Kind::kNothing : Term::Kind::kAll;
    if (CoversAll(term.cost)) term.kind = is_included ? Term::Kind::kAll : Term::Kind::kNothing;
  }

  // A prefix of the values that the lists of an open term are made of.
  static std::string_view PrefixOf(const model::Matcher& matcher) {
    const bool wants_positive = matcher.MatchesEmpty() == matcher.is_negative();
    return wants_positive ? matcher.prefix() : std::string_view();
  }

  // Looks at the values of an open term: those it accepts, or if it accepts none at all, the
  // others. Where the meter stops nothing holds of the term.
  void Open(Term& term) {
    const bool wanted = !term.matcher->MatchesEmpty();
    index_.VisitPrefix(term.name, PrefixOf(*term.matcher),
                       [&](ValueId value, std::string_view text) {
                         if (!meter_.MayGoOn()) return false;
                         if (term.matcher->Matches(text) == wanted) {
                           term.lists.push_back(index_.Postings(term.name, value));
                         }
                         return true;
                       });
    Settle(term);
  }

  // The first candidates: from lists if a condition has some, otherwise from all series. Terms
  // that are used up become kAll.
  void Begin() {
    const bool has_lists = !terms_.empty() && terms_.front().kind == Term::Kind::kIncluded;
    if (!has_lists && !OpenOne()) {
      ids_ = index_.All();
      return;
    }
    Term& first = terms_.front();
    if (first.kind != Term::Kind::kIncluded) {
      if (first.kind == Term::Kind::kAll) ids_ = index_.All();
      return;  // kNothing: no candidates
    }
    if (first.lists.size() > 1) {
      ids_ = Union(first.lists);
      first.kind = Term::Kind::kAll;
      return;
    }
    Lists single;
    for (Term& term : terms_) {
      if (term.kind != Term::Kind::kIncluded || term.lists.size() > 1) continue;
      single.push_back(term.lists.front());
      term.kind = Term::Kind::kAll;
    }
    ids_ = IntersectLists(single);
  }

  // Opens the cheapest term that needs a value, and puts it first; false if there is none.
  bool OpenOne() {
    const auto term = std::ranges::find_if(terms_, [](const Term& candidate) {
      return candidate.kind == Term::Kind::kOpen && !candidate.matcher->MatchesEmpty();
    });
    if (term == terms_.end()) return false;
    Open(*term);
    std::rotate(terms_.begin(), term, term + 1);
    return true;
  }

  void Apply(Term& term) {
    if (term.kind == Term::Kind::kOpen) {
      // Candidates are sooner asked for their values than more values looked at.
      if (ids_.size() <= term.cost) {
        KeepMatching(index_, *term.matcher, ids_, meter_);
        return;
      }
      Open(term);
    }
    switch (term.kind) {
      case Term::Kind::kNothing:
        ids_.clear();
        return;
      case Term::Kind::kAll:
      case Term::Kind::kOpen:
        return;
      case Term::Kind::kIncluded:
      case Term::Kind::kExcluded:
        break;
    }
    if (term.lists.size() > 1 && ids_.size() < term.cost / kPostingsPerCandidate) {
      KeepMatching(index_, *term.matcher, ids_, meter_);
      return;
    }
    const bool is_included = term.kind == Term::Kind::kIncluded;
    if (term.lists.size() == 1) {
      is_included ? Intersect(ids_, term.lists.front()) : Subtract(ids_, term.lists.front());
      return;
    }
    const Ids named = Union(term.lists);
    Ids left;
    left.reserve(ids_.size());
    if (is_included) {
      std::ranges::set_intersection(ids_, named, std::back_inserter(left));
    } else {
      std::ranges::set_difference(ids_, named, std::back_inserter(left));
    }
    ids_ = std::move(left);
  }

  const LabelIndex& index_;
  AliveMeter meter_;
  std::vector<Term> terms_;
  Ids ids_;
};

}  // namespace

Result<Ids> SelectSeries(const LabelIndex& index, std::span<const model::Matcher> matchers,
                         const AliveCheck& check) {
  return Selection(index, check).Run(matchers);
}

Result<std::vector<std::string>> SelectValues(const LabelIndex& index, std::string_view name,
                                              std::span<const model::Matcher> matchers,
                                              const AliveCheck& check) {
  std::vector<std::string> values;
  const auto name_id = index.FindName(name);
  if (!name_id) return values;
  AliveMeter meter(check, kValuesPerQuestion);
  const LabelIndex::NameCounts counts = index.Counts(*name_id);
  if (matchers.empty()) {
    values.reserve(counts.value_count);
    index.VisitPrefix(*name_id, {}, [&](ValueId, std::string_view text) {
      values.emplace_back(text);
      return meter.MayGoOn();
    });
  } else {
    NARTHEX_ASSIGN_OR_RETURN(const Ids ids, SelectSeries(index, matchers, check));
    // A value's list mostly answers within a few steps; a series takes about as long as one of
    // them.
    constexpr std::size_t kSeriesPerValue = 16;
    if (counts.value_count < ids.size() / kSeriesPerValue) {
      index.VisitPrefix(*name_id, {}, [&](ValueId value, std::string_view text) {
        const PostingView list = index.Postings(*name_id, value);
        if (HasCommon(ids, list)) values.emplace_back(text);
        return meter.MayGoOn(1 + list.count / kSeriesPerValue);
      });
    } else {
      for (const ValueId value : DistinctValues(index, *name_id, ids, meter)) {
        values.emplace_back(index.ValueText(*name_id, value));
      }
    }
  }
  NARTHEX_TRY(meter.status());
  // The values of a block have the order already.
  if (!std::ranges::is_sorted(values)) NARTHEX_TRY(SortWhileAlive(values, std::less<>(), check));
  return values;
}

}  // namespace narthex::index
