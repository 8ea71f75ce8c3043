#include "storage/merge.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>

#include "base/number.h"

namespace narthex::storage {
namespace {

using model::LabelSet;
using model::Sample;

struct FakeSeries {
  LabelSet labels;
  std::vector<Sample> samples;
  std::uint64_t time_column_id = 0;
  bool has_histograms = false;  // each with the value as its count
  model::TimestampMs start = 0;
};

class FakeSet final : public SeriesSet {
 public:
  FakeSet(std::vector<FakeSeries> series, std::optional<Error> at_end)
      : series_(std::move(series)), at_end_(std::move(at_end)) {}
  bool Next() override { return ++at_ < static_cast<int>(series_.size()); }
  const LabelSet& labels() const override { return current().labels; }
  Result<SampleColumns> samples() override {
    times_.clear();
    values_.clear();
    for (const Sample& sample : current().samples) {
      times_.push_back(sample.timestamp);
      values_.push_back(sample.value);
    }
    SampleColumns columns{times_, values_, current().time_column_id};
    held_.assign(current().has_histograms ? values_.size() : 0, {});
    histograms_.clear();
    for (std::size_t i = 0; i < held_.size(); ++i) {
      held_[i].count = values_[i];
      histograms_.push_back(&held_[i]);
    }
    columns.histograms = histograms_;
    starts_.assign(current().start != 0 ? values_.size() : 0, current().start);
    columns.start_timestamps = starts_;
    return columns;
  }
  Status status() const override { return at_end_ ? Status(*at_end_) : Ok(); }
  bool is_cuttable() const override { return at_ == -1; }
  std::size_t remaining_count() const override { return series_.size(); }
  LabelSet LabelsAhead(std::size_t index) const override { return series_[index].labels; }
  // That of the label.
  std::uint64_t number() const override { return NumberOf(current()); }
  std::uint64_t NumberAhead(std::size_t index) const override { return NumberOf(series_[index]); }
  std::unique_ptr<SeriesSet> TakeAhead(std::size_t count) override {
    const auto end = series_.begin() + static_cast<std::ptrdiff_t>(count);
    auto taken = std::make_unique<FakeSet>(std::vector(series_.begin(), end), at_end_);
    series_.erase(series_.begin(), end);
    return taken;
  }

 private:
  const FakeSeries& current() const { return series_[static_cast<std::size_t>(at_)]; }
  static std::uint64_t NumberOf(const FakeSeries& series) {
    return ParseUint64(series.labels.Get("a")).value_or(0);
  }
  std::vector<FakeSeries> series_;
  const std::optional<Error> at_end_;
  int at_ = -1;
  std::vector<model::TimestampMs> times_;
  std::vector<double> values_;
  std::vector<model::FloatHistogram> held_;
  std::vector<const model::FloatHistogram*> histograms_;
  std::vector<model::TimestampMs> starts_;
};

// Gives the series as they are, whatever the matchers.
class FakeQuerier final : public Querier {
 public:
  explicit FakeQuerier(std::vector<FakeSeries> series, std::optional<Error> at_end = {},
                       std::optional<SeriesNumbering> numbering = {})
      : series_(std::move(series)), at_end_(std::move(at_end)), numbering_(numbering) {}
  std::optional<SeriesNumbering> numbering() const override { return numbering_; }
  Result<std::unique_ptr<SeriesSet>> Select(std::span<const model::Matcher>,
                                            const SelectHints& hints) override {
    EXPECT_TRUE(hints.is_sorted);
    return std::make_unique<FakeSet>(series_, at_end_);
  }
  Result<LabelList> LabelNames(std::span<const model::Matcher>, const ListHints&) override {
    LabelList list;
    for (const FakeSeries& series : series_) list.entries.emplace_back(series.labels.begin()->name);
    return list;
  }
  Result<LabelList> LabelValues(std::string_view name, std::span<const model::Matcher>,
                                const ListHints&) override {
    LabelList list;
    for (const FakeSeries& series : series_) list.entries.emplace_back(series.labels.Get(name));
    return list;
  }

 private:
  const std::vector<FakeSeries> series_;
  const std::optional<Error> at_end_;
  const std::optional<SeriesNumbering> numbering_;
};

// The first `numbered_count` parts have a numbering in common.
std::unique_ptr<Querier> Merged(std::vector<std::vector<FakeSeries>> parts,
                                std::size_t numbered_count = 0) {
  std::vector<std::unique_ptr<Querier>> queriers;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    std::optional<SeriesNumbering> numbering;
    if (i < numbered_count) numbering = SeriesNumbering{1, 2};
    queriers.push_back(std::make_unique<FakeQuerier>(std::move(parts[i]), std::nullopt, numbering));
  }
  return MergeQueriers(std::move(queriers));
}

std::string Show(SeriesSet& set) {
  std::string text;
  while (set.Next()) {
    text += set.labels().Get("a");
    const auto columns = set.samples();
    for (std::size_t i = 0; i < columns->values.size(); ++i) {
      text += fmt::format(" {}:{}", columns->timestamps[i], columns->values[i]);
    }
    text += "\n";
  }
  return text;
}

std::string Show(Querier& querier, SelectHints hints = {}) {
  auto set = querier.Select({}, hints);
  EXPECT_TRUE(set.ok());
  return Show(**set);
}

// Parts that have different series in common: those of part p are the multiples of p + 2.
std::unique_ptr<Querier> MergedMultiples(std::size_t numbered_count = 0) {
  std::vector<std::vector<FakeSeries>> parts(3);
  for (std::size_t p = 0; p < parts.size(); ++p) {
    for (int n = 100; n < 200; ++n) {
      if (n % static_cast<int>(p + 2) != 0) continue;
      const std::string value = std::to_string(n);
      parts[p].push_back(
          {LabelSet{{"a", value}}, {{static_cast<std::int64_t>(p), n * 1.0}}, p + 1});
    }
  }
  return Merged(std::move(parts), numbered_count);
}

TEST(MergeQueriers, NumbersInCommonChangeNothing) {
  const std::string want = Show(*MergedMultiples());
  EXPECT_EQ(Show(*MergedMultiples(2)), want);
  EXPECT_EQ(Show(*MergedMultiples(3)), want);
}

TEST(MergeQueriers, PiecesGiveTogetherWhatTheWholeGives) {
  const std::string whole = Show(*MergedMultiples());
  for (const std::size_t length : {1u, 2u, 7u, 49u, 50u, 1000u}) {
    SCOPED_TRACE(length);
    const auto querier = MergedMultiples(length % 2 == 0 ? 2 : 0);
    auto set = querier->Select({}, {});
    ASSERT_TRUE(set.ok());
    ASSERT_TRUE((*set)->is_cuttable());
    std::string pieces;
    while (const std::size_t left = (*set)->remaining_count()) {
      pieces += Show(*(*set)->TakeAhead(std::min(left, length)));
    }
    EXPECT_EQ(pieces, whole);
  }
}

// What is not cut off may still be read as it is.
TEST(MergeQueriers, TheRestFollowsWhatWasCutOff) {
  const auto querier = MergedMultiples();
  auto set = querier->Select({}, {});
  ASSERT_TRUE(set.ok());
  const auto first = (*set)->TakeAhead(10);
  const std::string rest = Show(**set);
  EXPECT_EQ(Show(*first) + rest, Show(*MergedMultiples()));
}

TEST(MergeQueriers, GivesEachSeriesOnceWithTheSamplesOfAll) {
  const struct {
    std::string name;
    std::vector<std::vector<FakeSeries>> parts;
    std::string want;
  } cases[] = {
      {"nothing", {}, ""},
      {"empty parts", {{}, {}}, ""},
      {"one part", {{{{{"a", "1"}}, {{1, 1}}}}}, "1 1:1\n"},
      {"different series",
       {{{{{"a", "2"}}, {{1, 1}}}}, {{{{"a", "1"}}, {{2, 2}}}}},
       "1 2:2\n2 1:1\n"},
      {"later part earlier in time",
       {{{{{"a", "1"}}, {{5, 5}, {6, 6}}}}, {{{{"a", "1"}}, {{1, 1}, {2, 2}}}}},
       "1 1:1 2:2 5:5 6:6\n"},
      {"overlap, first part holds",
       {{{{{"a", "1"}}, {{2, 20}, {4, 40}}}}, {{{{"a", "1"}}, {{1, 1}, {2, 2}, {3, 3}}}}},
       "1 1:1 2:20 3:3 4:40\n"},
      {"same samples", {{{{{"a", "1"}}, {{1, 1}}}}, {{{{"a", "1"}}, {{1, 1}}}}}, "1 1:1\n"},
      {"no samples in one", {{{{{"a", "1"}}, {}}}, {{{{"a", "1"}}, {{1, 1}}}}}, "1 1:1\n"},
      {"no samples at all", {{{{{"a", "1"}}, {}}}, {{{{"a", "1"}}, {}}}}, "1\n"},
      {"three parts interleaved",
       {{{{{"a", "1"}}, {{3, 3}}}, {{{"a", "3"}}, {{1, 1}}}},
        {{{{"a", "2"}}, {{1, 1}}}, {{{"a", "3"}}, {{2, 2}}}},
        {{{{"a", "1"}}, {{9, 9}}}, {{{"a", "3"}}, {{3, 3}}}}},
       "1 3:3 9:9\n2 1:1\n3 1:1 2:2 3:3\n"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    EXPECT_EQ(Show(*Merged(c.parts)), c.want);
  }
}

TEST(MergeQueriers, EqualTimeColumnsKeepEqualIds) {
  const std::vector<Sample> early = {{1, 1}, {2, 2}};
  const std::vector<Sample> late = {{3, 3}};
  auto querier = Merged({{{{{"a", "1"}}, early, 7},
                          {{{"a", "2"}}, early, 7},
                          {{{"a", "3"}}, early, 8},
                          {{{"a", "4"}}, early, 7},
                          {{{"a", "5"}}, early, 0}},
                         {{{{"a", "1"}}, late, 7},
                          {{{"a", "2"}}, late, 7},
                          {{{"a", "3"}}, late, 7},
                          {{{"a", "5"}}, late, 7}}});
  auto set = querier->Select({}, {});
  std::vector<std::uint64_t> ids;
  while ((*set)->Next()) {
    const auto columns = (*set)->samples();
    ids.push_back(columns->time_column_id);
    EXPECT_EQ(columns->timestamps.size(), columns->values.size());
  }
  ASSERT_EQ(ids.size(), 5u);
  EXPECT_NE(ids[0], 0u);
  EXPECT_EQ(ids[0], ids[1]);
  EXPECT_NE(ids[2], ids[0]);
  EXPECT_NE(ids[3], ids[0]);
  EXPECT_EQ(ids[4], 0u);
}

TEST(MergeQueriers, HistogramsAndStartTimesStayWithTheirSamples) {
  const LabelSet labels = {{"a", "1"}};
  const struct {
    std::string name;
    std::vector<std::vector<FakeSeries>> parts;
    std::string want;
  } cases[] = {
      {"one part", {{{labels, {{1, 1}}, 0, true, 7}}}, "1=1h1@7"},
      {"floats, then histograms",
       {{{labels, {{1, 1}, {2, 2}}}}, {{labels, {{3, 3}}, 0, true, 7}}},
       "1=1 2=2 3=3h3@7"},
      {"histograms, then floats",
       {{{labels, {{1, 1}, {2, 2}}, 0, true, 7}}, {{labels, {{3, 3}}}}},
       "1=1h1@7 2=2h2@7 3=3"},
      {"overlap, the first part holds",
       {{{labels, {{2, 20}}}}, {{labels, {{1, 1}, {2, 2}, {3, 3}}, 0, true, 7}}},
       "1=1h1@7 2=20 3=3h3@7"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    const auto querier = Merged(c.parts);
    const auto set = querier->Select({}, {});
    ASSERT_TRUE((*set)->Next());
    const auto columns = (*set)->samples();
    std::string got;
    for (std::size_t i = 0; i < columns->values.size(); ++i) {
      got += fmt::format("{}{}={}", i > 0 ? " " : "", columns->timestamps[i], columns->values[i]);
      if (!columns->histograms.empty() && columns->histograms[i] != nullptr) {
        got += fmt::format("h{}", columns->histograms[i]->count);
      }
      if (!columns->start_timestamps.empty() && columns->start_timestamps[i] != 0) {
        got += fmt::format("@{}", columns->start_timestamps[i]);
      }
    }
    EXPECT_EQ(got, c.want);
  }
}

TEST(MergeQueriers, AnErrorOfAPartIsAnErrorOfTheWhole) {
  std::vector<std::unique_ptr<Querier>> parts;
  parts.push_back(std::make_unique<FakeQuerier>(std::vector<FakeSeries>{{{{"a", "1"}}, {{1, 1}}}}));
  parts.push_back(std::make_unique<FakeQuerier>(std::vector<FakeSeries>{},
                                                Error{ErrorCode::kCorruption, "bad block"}));
  auto querier = MergeQueriers(std::move(parts));
  auto set = querier->Select({}, {});
  ASSERT_TRUE(set.ok());
  EXPECT_FALSE((*set)->Next());
  EXPECT_EQ((*set)->status().code(), ErrorCode::kCorruption);
}

TEST(MergeQueriers, LimitsSeriesAndLists) {
  auto querier =
      Merged({{{{{"a", "1"}}, {{1, 1}}}, {{{"a", "3"}}, {{1, 1}}}}, {{{{"a", "2"}}, {{1, 1}}}}});
  SelectHints hints;
  hints.series_count_max = 2;
  EXPECT_EQ(Show(*querier, hints), "1 1:1\n2 1:1\n");
  using Strings = std::vector<std::string>;
  EXPECT_EQ(querier->LabelNames({}, {})->entries, Strings{"a"});
  EXPECT_EQ(querier->LabelValues("a", {}, {})->entries, (Strings{"1", "2", "3"}));
  const auto limited = querier->LabelValues("a", {}, {.limit = 2});
  EXPECT_EQ(limited->entries, (Strings{"1", "2"}));
  EXPECT_TRUE(limited->is_truncated);
}

}  // namespace
}  // namespace narthex::storage
