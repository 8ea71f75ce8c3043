// Looking for series, names and values ends soon after nobody waits for them.
#include <gtest/gtest.h>

#include <functional>

#include "index/memory_index.h"

namespace narthex::index {
namespace {

using model::Matcher;
using model::MatchType;

// An index that counts what is asked of it: values shown, series looked at.
class CountingIndex final : public LabelIndex {
 public:
  explicit CountingIndex(const MemoryIndex& index) : index_(index) {}

  std::size_t series_count() const override { return index_.series_count(); }
  std::vector<SeriesId> All() const override { return index_.All(); }
  std::vector<NameId> Names() const override { return index_.Names(); }
  std::optional<NameId> FindName(std::string_view name) const override {
    return index_.FindName(name);
  }
  std::optional<ValueId> FindValue(NameId name, std::string_view value) const override {
    return index_.FindValue(name, value);
  }
  std::string_view NameText(NameId name) const override { return index_.NameText(name); }
  std::string_view ValueText(NameId name, ValueId value) const override {
    return index_.ValueText(name, value);
  }
  NameCounts Counts(NameId name) const override { return index_.Counts(name); }
  PostingView Postings(NameId name, ValueId value) const override {
    return index_.Postings(name, value);
  }
  void VisitPrefix(NameId name, std::string_view prefix, const ValueVisitor& visit) const override {
    index_.VisitPrefix(name, prefix, [&](ValueId value, std::string_view text) {
      ++look_count_;
      return visit(value, text);
    });
  }
  std::size_t PrefixCost(NameId name, std::string_view prefix) const override {
    return index_.PrefixCost(name, prefix);
  }
  std::string_view Record(SeriesId id) const override {
    ++look_count_;
    return index_.Record(id);
  }
  ShapeView Shape(ShapeId shape) const override { return index_.Shape(shape); }
  bool has_removed() const override { return index_.has_removed(); }

  std::size_t look_count() const { return look_count_; }

 private:
  const MemoryIndex& index_;
  mutable std::size_t look_count_ = 0;
};

constexpr std::size_t kSeriesCount = 40'000;

// All in one metric, each in a pod of its own, every second with a zone of its own.
void Fill(MemoryIndex& index) {
  for (std::size_t i = 0; i < kSeriesCount; ++i) {
    const std::string number = std::to_string(i);
    if (i % 2 == 0) {
      index.Add(static_cast<SeriesId>(i), {{"__name__", "m"}, {"pod", number}});
    } else {
      index.Add(static_cast<SeriesId>(i), {{"__name__", "m"}, {"pod", number}, {"zone", number}});
    }
  }
}

Matcher Regex(std::string_view name, std::string_view value) {
  return Matcher::Make(MatchType::kRegex, std::string(name), std::string(value)).value();
}

TEST(StoppedSelection, EndsSoon) {
  MemoryIndex memory;
  ASSERT_NO_FATAL_FAILURE(Fill(memory));
  const std::vector<Matcher> by_values = {Regex("pod", ".*1.*")};
  // The candidates of one metric are asked for their values of another label.
  const std::vector<Matcher> by_candidates = {Matcher::Equal("__name__", "m"),
                                              Regex("zone", ".*[13].*|")};
  const std::vector<Matcher> all_series = {Matcher::Equal("__name__", "m")};
  using Work = std::function<Status(const LabelIndex&, const AliveCheck&)>;
  const auto select = [](std::vector<Matcher> matchers) -> Work {
    return [matchers = std::move(matchers)](const LabelIndex& index,
                                            const AliveCheck& check) -> Status {
      NARTHEX_TRY(SelectSeries(index, matchers, check));
      return Ok();
    };
  };
  const struct {
    std::string name;
    Work work;
  } cases[] = {
      {"series by values", select(by_values)},
      {"series by candidates", select(by_candidates)},
      {"values of all series",
       [](const LabelIndex& index, const AliveCheck& check) -> Status {
         NARTHEX_TRY(SelectValues(index, "pod", {}, check));
         return Ok();
       }},
      {"values of some series",
       [&](const LabelIndex& index, const AliveCheck& check) -> Status {
         NARTHEX_TRY(SelectValues(index, "pod", all_series, check));
         return Ok();
       }},
      {"names of some series",
       [&](const LabelIndex& index, const AliveCheck& check) -> Status {
         NARTHEX_TRY(SelectNames(index, all_series, check));
         return Ok();
       }},
      {"order of label sets",
       [](const LabelIndex& index, const AliveCheck& check) -> Status {
         std::vector<SeriesId> ids = index.All();
         return index.SortByLabels(ids, check);
       }},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    const CountingIndex whole(memory);
    ASSERT_TRUE(c.work(whole, {}).ok());
    ASSERT_GE(whole.look_count(), kSeriesCount / 2);
    for (const int last : {1, 3}) {
      const CountingIndex index(memory);
      int question_count = 0;
      std::size_t looks_at_stop = 0;
      const auto check = [&]() -> Status {
        looks_at_stop = index.look_count();
        if (++question_count == last) return Error{ErrorCode::kCanceled, "nobody waits"};
        return Ok();
      };
      EXPECT_EQ(c.work(index, check).code(), ErrorCode::kCanceled);
      EXPECT_EQ(question_count, last);
      // Asked every thousand, and none looked at after the answer.
      EXPECT_LE(index.look_count(), static_cast<std::size_t>(last) * 1100);
      EXPECT_LE(index.look_count(), looks_at_stop + 1);
    }
  }
}

}  // namespace
}  // namespace narthex::index
