// Series given as the pages that they are kept in.
#include <gtest/gtest.h>

#include "chunk/histogram_page.h"
#include "chunk/page.h"
#include "head_testing.h"

namespace narthex::head {
namespace {

constexpr TimestampMs kRange = 1'000'000;  // of a block
constexpr TimestampMs kStep = 1000;

struct Decoded {
  std::vector<double> values;
  std::vector<model::FloatHistogram> histograms;
};

// What the pages hold, and that they go with the times.
Decoded Decode(const storage::EncodedColumns& columns) {
  Decoded decoded;
  for (const storage::EncodedPage& page : columns.pages) {
    if (page.is_histogram) {
      std::vector<model::FloatHistogram> some;
      EXPECT_TRUE(chunk::DecodeHistograms(page.bytes, page.count, some).ok());
      for (model::FloatHistogram& one : some) {
        decoded.values.push_back(one.sum);
        decoded.histograms.push_back(std::move(one));
      }
      continue;
    }
    std::vector<double> some(page.count);
    EXPECT_TRUE(chunk::DecodeValues(page.bytes, some).ok());
    decoded.values.insert(decoded.values.end(), some.begin(), some.end());
  }
  EXPECT_EQ(decoded.values.size(), columns.timestamps.size());
  return decoded;
}

class EncodedTest : public testing::Test {
 protected:
  EncodedTest() : head_({.block_range_ms = kRange, .out_of_order_window_ms = kRange}) {
    refs_ = head_.Resolve(1, {{{"a", "1"}}, {{"a", "2"}}});
  }

  // Samples of both series; the second has none at times that are multiples of `gap`.
  void Fill(int count, int gap = 0) {
    for (int i = 0; i < count; ++i) {
      const TimestampMs time = kRange + kStep * i;
      const bool has_both = gap == 0 || i % gap != 0;
      const std::vector<storage::SeriesRef> some(refs_.begin(), refs_.begin() + (has_both ? 2 : 1));
      const std::vector<double> values = {static_cast<double>(i), i / 8.0};
      head_.AppendAll(1, time, some, {values.begin(), values.begin() + (has_both ? 2 : 1)});
    }
  }

  // Compares what the series has in `range` with its samples; how many pages there are, 0 if it is
  // not given as pages.
  std::vector<std::size_t> PageCounts(model::TimeRange range) {
    std::vector<std::size_t> counts;
    const auto querier = head_.head().OpenQuerier(range).value();
    const auto set = querier->Select({}, {}).value();
    while (set->Next()) {
      const auto encoded = set->encoded();
      EXPECT_TRUE(encoded.ok());
      counts.push_back(*encoded ? (*encoded)->pages.size() : 0);
      if (!*encoded) continue;
      const std::vector<TimestampMs> times((*encoded)->timestamps.begin(),
                                           (*encoded)->timestamps.end());
      const std::uint64_t id = (*encoded)->time_column_id;
      const Decoded decoded = Decode(**encoded);
      const auto samples = set->samples().value();
      EXPECT_EQ(times, std::vector(samples.timestamps.begin(), samples.timestamps.end()));
      EXPECT_EQ(decoded.values, std::vector(samples.values.begin(), samples.values.end()));
      EXPECT_EQ(id, samples.time_column_id);
    }
    return counts;
  }

  TestHead head_;
  std::vector<storage::SeriesRef> refs_;
};

TEST_F(EncodedTest, PagesEndWhereBlocksDo) {
  Fill(2500);
  const auto querier = head_.head().OpenQuerier({kRange, 2 * kRange - 1}).value();
  const auto set = querier->Select({}, {}).value();
  while (set->Next()) {
    const auto encoded = set->encoded().value();
    ASSERT_TRUE(encoded);
    EXPECT_EQ(encoded->timestamps.front(), kRange);
    EXPECT_EQ(encoded->timestamps.back(), 2 * kRange - kStep);
    // No page was coded anew: those of another querier are the same bytes.
    const auto other = head_.head().OpenQuerier({kRange, 2 * kRange - 1}).value();
    const auto again = other->Select({}, {}).value();
    ASSERT_TRUE(again->Next());
    while (again->labels() != set->labels()) ASSERT_TRUE(again->Next());
    const auto twice = again->encoded().value();
    ASSERT_TRUE(twice);
    ASSERT_EQ(twice->pages.size(), encoded->pages.size());
    for (std::size_t i = 0; i < twice->pages.size(); ++i) {
      EXPECT_EQ(twice->pages[i].bytes.data(), encoded->pages[i].bytes.data()) << i;
    }
  }
}

TEST_F(EncodedTest, GivesTheSameSamplesForAnyRange) {
  for (const int gap : {0, 3, 200}) {
    SCOPED_TRACE(gap);
    EncodedTest::head_.Close();
    head_.Reopen();
    refs_ = head_.Resolve(1, {{{"a", "1"}}, {{"a", "2"}}});
    Fill(2500, gap);
    const model::TimeRange ranges[] = {{},
                                       {kRange, 2 * kRange - 1},
                                       {kRange + 7 * kStep, 2 * kRange + 333 * kStep},
                                       {2 * kRange, 3 * kRange - 1},
                                       {2 * kRange + 1, 9 * kRange}};
    for (const model::TimeRange& range : ranges) {
      SCOPED_TRACE(range.from);
      for (const std::size_t count : PageCounts(range)) EXPECT_GE(count, 2u);
    }
  }
}

TEST_F(EncodedTest, GivesNoPagesWhereDecodingCostsNoMore) {
  const struct {
    std::string name;
    int count;
    model::TimeRange range;
  } cases[] = {
      {"only the open end", 50, {}},
      {"a part of one page", 2500, {kRange + 10 * kStep, kRange + 20 * kStep}},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    head_.Close();
    head_.Reopen();
    refs_ = head_.Resolve(1, {{{"a", "1"}}, {{"a", "2"}}});
    Fill(c.count);
    EXPECT_EQ(PageCounts(c.range), (std::vector<std::size_t>{0, 0}));
  }
}

TEST_F(EncodedTest, LateSamplesAreBetweenThoseOfPages) {
  Fill(700);
  head_.AppendAll(1, kRange + 400 * kStep + 1, {refs_[0]}, {-1});
  const auto counts = PageCounts({});
  EXPECT_EQ(counts[0], 0u);
  EXPECT_GE(counts[1], 2u);
}

TEST_F(EncodedTest, GivesHistogramsAndStartTimes) {
  std::vector<model::FloatHistogram> want;
  for (int i = 0; i < 200; ++i) {
    model::FloatHistogram histogram;
    histogram.count = histogram.zero_count = i;
    histogram.sum = i / 2.0;
    want.push_back(histogram);
    const std::vector<const model::FloatHistogram*> histograms = {&want.back()};
    const std::vector<double> values = {0};
    const std::vector<TimestampMs> starts = {kRange - 5};
    ASSERT_TRUE(head_.head()
                    .Append({.group = 1,
                             .timestamp = kRange + kStep * i,
                             .series = std::span(refs_).first(1),
                             .values = values,
                             .histograms = histograms,
                             .start_timestamps = starts})
                    .ok());
  }
  const auto querier = head_.head().OpenQuerier({}).value();
  const auto set = querier->Select({}, {}).value();
  ASSERT_TRUE(set->Next());
  const auto encoded = set->encoded().value();
  ASSERT_TRUE(encoded);
  EXPECT_EQ(std::vector(encoded->start_timestamps.begin(), encoded->start_timestamps.end()),
            std::vector<TimestampMs>(200, kRange - 5));
  Decoded decoded = Decode(*encoded);
  ASSERT_EQ(decoded.histograms.size(), want.size());
  for (std::size_t i = 0; i < want.size(); ++i) {
    want[i].reset_hint = decoded.histograms[i].reset_hint;
    EXPECT_EQ(decoded.histograms[i], want[i]) << i;
  }
}

}  // namespace
}  // namespace narthex::head
