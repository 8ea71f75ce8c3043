// Series that have ended.
#include <gtest/gtest.h>

#include <thread>

#include "head_testing.h"

namespace narthex::head {
namespace {

constexpr TimestampMs kT0 = 10'000'000;

class StaleTest : public testing::Test {
 protected:
  StaleTest() : head_({.out_of_order_window_ms = 1'000'000}) {
    refs_ = head_.Resolve(1, {{{"a", "ended"}}, {{"a", "alive"}}, {{"a", "ended, with late"}}});
    head_.AppendAll(1, kT0, refs_, {1, 2, 3});
    head_.AppendAll(1, kT0 + 1000, refs_, {model::StaleNan(), 2, model::StaleNan()});
    head_.AppendAll(1, kT0 + 500, {refs_[2]}, {3});
    head_.AppendAll(1, kT0 + 2000, {refs_[1]}, {2});
  }

  TestHead head_;
  std::vector<storage::SeriesRef> refs_;
};

TEST_F(StaleTest, AreFoundByTheTimeOfTheirEnd) {
  EXPECT_EQ(head_.head().StaleSeries(kT0 + 1000), std::vector<storage::SeriesRef>{});
  EXPECT_EQ(head_.head().StaleSeries(kT0 + 1001), std::vector<storage::SeriesRef>{refs_[0]});
}

TEST_F(StaleTest, AreReadAlone) {
  auto querier = head_.head().OpenQuerierOf({refs_[0]}, {}).value();
  const auto read = ReadAll(*querier);
  ASSERT_EQ(read.size(), 1u);
  EXPECT_EQ(read[0].name, "ended");
  ExpectSamples(read[0].samples, {{kT0, 1}, {kT0 + 1000, model::StaleNan()}});
}

TEST_F(StaleTest, LeaveAndComeBackAsNewSeries) {
  head_.head().ForgetStale(std::span(refs_).first(1), kT0 + 1001, {});
  EXPECT_EQ(head_.head().stats().series_count, 2u);
  EXPECT_EQ(head_.head().stats().stale_series_count, 1u);
  EXPECT_EQ(head_.Read().size(), 2u);

  const auto outcome = head_.Append(1, kT0 + 3000, {refs_[0]}, {7});
  EXPECT_EQ(outcome.unknown_series, std::vector<std::size_t>{0});
  const auto again = head_.Resolve(1, {{{"a", "ended"}}});
  EXPECT_NE(again[0], refs_[0]);
  head_.AppendAll(1, kT0 + 3000, again, {7});
  const auto read = head_.Read();
  ASSERT_EQ(read.size(), 3u);
  EXPECT_EQ(read[1].name, "ended");
  ExpectSamples(read[1].samples, {{kT0 + 3000, 7}});
}

TEST_F(StaleTest, StayIfTheyGotASampleSince) {
  head_.AppendAll(1, kT0 + 3000, {refs_[0]}, {7});
  head_.head().ForgetStale(std::span(refs_).first(1), kT0 + 1001, {});
  EXPECT_EQ(head_.head().stats().series_count, 3u);
}

TEST_F(StaleTest, StayReadableForThoseWhoFoundThem) {
  auto querier = head_.head().OpenQuerier({}).value();
  storage::SelectHints hints;
  hints.is_sorted = false;
  auto set = querier->Select({}, hints).value();
  std::jthread forgetting(
      [&] { head_.head().ForgetStale(std::span(refs_).first(1), kT0 + 1001, {}); });
  while (head_.head().stats().series_removed_count == 0) std::this_thread::yield();

  ASSERT_TRUE(set->Next());
  EXPECT_EQ(set->labels(), (model::LabelSet{{"a", "ended"}}));
  EXPECT_EQ(set->samples()->values.size(), 2u);
  set.reset();
  querier.reset();
}

}  // namespace
}  // namespace narthex::head
