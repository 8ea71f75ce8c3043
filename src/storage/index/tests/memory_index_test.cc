#include "index/memory_index.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <random>

#include "some_series.h"

namespace narthex::index {
namespace {

using model::LabelSet;

TEST(MemoryIndex, FindsAndGivesBackEveryLabelSet) {
  const std::vector<LabelSet> series = SomeSeries();
  MemoryIndex index;
  for (std::size_t i = 0; i < series.size(); ++i)
    index.Add(static_cast<SeriesId>(i * 100), series[i]);
  for (std::size_t i = 0; i < series.size(); ++i) {
    EXPECT_EQ(index.Find(series[i]), static_cast<SeriesId>(i * 100));
    EXPECT_EQ(index.Labels(static_cast<SeriesId>(i * 100)), series[i]);
  }
  EXPECT_EQ(index.Find({{"__name__", "other"}}), std::nullopt);
  EXPECT_EQ(index.Find({}), std::nullopt);
  EXPECT_EQ(index.Labels(1), LabelSet());
  EXPECT_EQ(index.ValueOf(1, "i"), "");
}

TEST(MemoryIndex, TakesHashesAndLabelsApart) {
  const std::vector<LabelSet> series = SomeSeries();
  MemoryIndex index;
  for (std::size_t i = 0; i < series.size(); ++i) {
    index.PrefetchHash(series[i].Hash());
    EXPECT_TRUE(index.TryAddHash(static_cast<SeriesId>(i), series[i].Hash())) << i;
    // What was refused is not there, so it can still be added as another one.
    EXPECT_FALSE(index.TryAddHash(static_cast<SeriesId>(i + 100'000), series[i].Hash())) << i;
  }
  for (std::size_t i = 0; i < series.size(); ++i) {
    index.AddLabels(static_cast<SeriesId>(i), series[i]);
  }
  for (std::size_t i = 0; i < series.size(); ++i) {
    EXPECT_EQ(index.Find(series[i]), static_cast<SeriesId>(i));
    EXPECT_EQ(index.Labels(static_cast<SeriesId>(i)), series[i]);
  }
  EXPECT_EQ(index.series_count(), series.size());
}

// More labels than a sort key has room for, sets that begin alike, and one that is empty.
TEST(MemoryIndex, SortsByLabelsWhateverTheirNumber) {
  std::mt19937_64 random(9);
  std::vector<LabelSet> series;
  for (int i = 0; i < 400; ++i) {
    std::vector<std::pair<std::string, std::string>> labels;
    const auto label_count = i == 0 ? 0u : random() % 40;
    for (unsigned n = 0; n < label_count; ++n) {
      labels.emplace_back("n" + std::to_string(100 + n),
                          std::to_string(random() % (n < 30 ? 2 : 9)));
    }
    series.push_back(LabelSet::From(std::move(labels)));
  }
  std::ranges::sort(series);
  series.erase(std::unique(series.begin(), series.end()), series.end());
  std::vector<std::size_t> order(series.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::shuffle(order, random);
  MemoryIndex index;
  for (std::size_t i = 0; i < order.size(); ++i) {
    index.Add(static_cast<SeriesId>(i), series[order[i]]);
  }
  std::vector<SeriesId> ids = index.All();
  ASSERT_TRUE(index.SortByLabels(ids).ok());
  ASSERT_EQ(ids.size(), series.size());
  for (std::size_t i = 0; i < ids.size(); ++i) EXPECT_EQ(index.Labels(ids[i]), series[i]) << i;
}

TEST(LabelReader, GivesWhatTheIndexGives) {
  const std::vector<LabelSet> series = SomeSeries();
  MemoryIndex index;
  for (std::size_t i = 0; i < series.size(); ++i) index.Add(static_cast<SeriesId>(i), series[i]);
  const std::vector<std::string> names = {"job", "i", "nobody has it"};
  const std::vector<std::string> unknown = {"nobody has it"};
  LabelReader all(index);
  LabelReader some(index, &names);
  LabelReader none(index, &unknown);
  for (std::size_t i = 0; i < series.size(); ++i) {
    const auto id = static_cast<SeriesId>(i);
    EXPECT_EQ(all.Read(id), series[i]);
    EXPECT_EQ(some.Read(id), series[i].Keep(names));
    EXPECT_EQ(none.Read(id), LabelSet());
  }
  EXPECT_EQ(all.Read(static_cast<SeriesId>(series.size())), LabelSet());
}

TEST(MemoryIndex, KeepsASeriesWithoutLabels) {
  MemoryIndex index;
  index.Add(0, {});
  index.Add(1, {{"a", "b"}});
  EXPECT_EQ(index.Find({}), SeriesId{0});
  EXPECT_EQ(index.All(), (std::vector<SeriesId>{0, 1}));
  EXPECT_EQ(SelectSeries(index, std::vector{model::Matcher::Equal("a", "")}).value(),
            std::vector<SeriesId>{0});
}

TEST(MemoryIndex, RemovedSeriesAndTheirSymbolsAreGone) {
  const std::vector<LabelSet> series = SomeSeries();
  MemoryIndex index;
  for (std::size_t i = 0; i < series.size(); ++i) index.Add(static_cast<SeriesId>(i), series[i]);
  std::vector<SeriesId> odd;
  for (SeriesId i = 1; i < series.size(); i += 2) odd.push_back(i);
  index.Remove(odd);
  index.Remove(odd);
  EXPECT_EQ(index.series_count(), series.size() - odd.size());
  for (SeriesId i = 0; i < series.size(); ++i) {
    EXPECT_EQ(index.Find(series[i]).has_value(), i % 2 == 0);
    EXPECT_EQ(index.ValueOf(i, "i").empty(), i % 2 != 0);
  }
  index.Remove(index.All());
  EXPECT_EQ(index.symbol_count(), 0u);
  EXPECT_EQ(index.symbol_bytes(), 0u);
  EXPECT_FALSE(index.has_removed());
  EXPECT_TRUE(SelectNames(index, {})->empty());
  index.Add(1000, series[0]);
  EXPECT_EQ(index.All(), std::vector<SeriesId>{1000});
}

// Values that come and go use the numbers of those that went, so that what is kept stays as small
// as what is alive.
TEST(MemoryIndex, ChurnLeavesNothingBehind) {
  MemoryIndex index;
  const auto labels = [](std::size_t i) {
    return LabelSet{{"__name__", "m"}, {"pod", "pod-" + std::to_string(i)}};
  };
  constexpr std::size_t kAliveCount = 5000;
  for (std::size_t i = 0; i < 20 * kAliveCount; ++i) {
    index.Add(static_cast<SeriesId>(i), labels(i));
    if (i >= kAliveCount) index.Remove(std::vector{static_cast<SeriesId>(i - kAliveCount)});
  }
  EXPECT_EQ(index.series_count(), kAliveCount);
  EXPECT_EQ(index.symbol_count(), 2 + 1 + kAliveCount);
  EXPECT_EQ(index.ValueCount("pod"), kAliveCount);
  const auto pod = index.FindName("pod");
  ASSERT_TRUE(pod.has_value());
  EXPECT_LE(index.Counts(*pod).value_end, 4 * kAliveCount);
  const auto metric = index.FindName("__name__");
  const PostingView list = index.Postings(*metric, *index.FindValue(*metric, "m"));
  EXPECT_EQ(list.count, kAliveCount);
  EXPECT_LT(list.tokens.size(), 100u);
}

// More values than fit a varint of one byte, and prefixes asked for again and again, so that their
// order is made and then kept while values are added.
TEST(MemoryIndex, KeepsTheOrderOfValuesUpToDate) {
  MemoryIndex index;
  SeriesId next = 0;
  const auto add = [&](std::size_t i) {
    index.Add(next++, {{"pod", "p" + std::to_string(i % 7) + "-" + std::to_string(i)}});
  };
  const auto name_and_count = [&](std::string_view prefix) {
    std::size_t count = 0;
    index.VisitPrefix(*index.FindName("pod"), prefix, [&](ValueId, std::string_view text) {
      EXPECT_TRUE(text.starts_with(prefix));
      ++count;
      return true;
    });
    return count;
  };
  for (std::size_t i = 0; i < 7000; ++i) {
    add(i);
    if (i % 700 == 699) {
      EXPECT_EQ(name_and_count("p3-"), (i + 1) / 7);
    }
    if (i % 700 == 350) {
      EXPECT_EQ(name_and_count("p"), i + 1);
    }
  }
  EXPECT_LT(index.PrefixCost(*index.FindName("pod"), "p3-"), 3000u);
  std::vector<SeriesId> all_but_last = index.All();
  all_but_last.pop_back();
  index.Remove(all_but_last);
  EXPECT_EQ(name_and_count("p"), 1u);
}

}  // namespace
}  // namespace narthex::index
