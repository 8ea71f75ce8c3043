#include "candidate_values.h"

#include <algorithm>
#include <boost/unordered/unordered_flat_map.hpp>

namespace narthex::index {
namespace {

// Remembers one of a few answers for each value, in a table if there are enough questions for one.
class ValueMemo {
 public:
  ValueMemo(ValueId value_end, std::size_t question_count) {
    constexpr std::size_t kValuesPerQuestionMax = 64;
    if (value_end / kValuesPerQuestionMax <= question_count) table_.resize(value_end);
  }

  // 0 where nothing is known.
  std::uint8_t& operator[](ValueId value) {
    return value < table_.size() ? table_[value] : rest_[value];
  }

 private:
  std::vector<std::uint8_t> table_;
  boost::unordered_flat_map<ValueId, std::uint8_t> rest_;
};

}  // namespace

void KeepMatching(const LabelIndex& index, const model::Matcher& matcher,
                  std::vector<SeriesId>& ids, AliveMeter& meter) {
  const auto name = index.FindName(matcher.name());
  if (!name) {
    if (!matcher.MatchesEmpty()) ids.clear();
    return;
  }
  constexpr std::uint8_t kAccepted = 1;
  constexpr std::uint8_t kRefused = 2;
  CandidateValues values(index, *name);
  ValueMemo memo(index.Counts(*name).value_end, ids.size());
  const auto accepts = [&](ValueId value) {
    std::uint8_t& answer = memo[value];
    if (answer == 0) {
      answer = matcher.Matches(index.ValueText(*name, value)) ? kAccepted : kRefused;
    }
    return answer == kAccepted;
  };
  std::erase_if(ids, [&](SeriesId id) {
    if (!meter.MayGoOn()) return true;
    switch (values.Look(id)) {
      case CandidateValues::Found::kValue:
        return !accepts(values.value());
      case CandidateValues::Found::kNoValue:
        return !matcher.MatchesEmpty();
      case CandidateValues::Found::kNoSeries:
        break;
    }
    return true;
  });
}

std::vector<ValueId> DistinctValues(const LabelIndex& index, NameId name,
                                    std::span<const SeriesId> ids, AliveMeter& meter) {
  std::vector<ValueId> distinct;
  CandidateValues values(index, name);
  ValueMemo memo(index.Counts(name).value_end, ids.size());
  for (const SeriesId id : ids) {
    if (!meter.MayGoOn()) break;
    if (values.Look(id) != CandidateValues::Found::kValue) continue;
    std::uint8_t& is_known = memo[values.value()];
    if (is_known == 0) distinct.push_back(values.value());
    is_known = 1;
  }
  return distinct;
}

}  // namespace narthex::index
