// Series that have ended, on their way out of memory.
#include "test_store.h"

namespace narthex::tsdb {
namespace {

constexpr std::size_t kEndedCount = 1200;

std::vector<model::LabelSet> EndedLabels() {
  std::vector<model::LabelSet> labels;
  for (std::size_t i = 0; i < kEndedCount; ++i) {
    labels.push_back({{"__name__", "ended"}, {"i", "ended"}, {"n", std::to_string(i)}});
  }
  return labels;
}

// A sample of each of the series, of one value.
void AppendEnded(TestStore& t, TimestampMs time, double value) {
  const auto group = t.store().appender().NewGroup();
  const auto labels = EndedLabels();
  const auto refs = t.store().appender().Resolve(group, labels);
  ASSERT_TRUE(refs.ok());
  const std::vector<double> values(kEndedCount, value);
  const auto outcome = t.store().appender().Append(
      {.group = group, .timestamp = time, .series = *refs, .values = values});
  ASSERT_TRUE(outcome.ok());
  ASSERT_EQ(outcome->appended_count, kEndedCount);
}

TEST(Stale, SeriesLeaveMemoryBeforeTheirBlockIsDue) {
  const io::TemporaryDirectory directory;
  TestStore t(directory.path());
  t.AppendRange(0, kHour);
  AppendEnded(t, kHour, 5);
  AppendEnded(t, kHour + kStep, model::StaleNan());
  t.AppendRange(kHour, kHour + 10 * kStep);
  // Those who are gone for a moment stay.
  ASSERT_TRUE(t.store().Maintain().ok());
  EXPECT_EQ(t.store().stats().head.series_count, kEndedCount + 4);
  EXPECT_EQ(t.store().stats().head.stale_series_count, kEndedCount);

  t.AppendRange(kHour + 10 * kStep, kHour + 20 * kStep);
  ASSERT_TRUE(t.store().Maintain().ok());
  EXPECT_EQ(t.store().stats().head.series_count, 4u);
  EXPECT_EQ(t.store().stats().head.stale_series_count, 0u);
  EXPECT_EQ(t.store().stats().block_count, 1u);
  EXPECT_EQ(t.Read("ended").size(), 2 * kEndedCount);
  // Nothing older than it is refused for that block.
  t.ExpectRange(0, kHour + 20 * kStep);
}

TEST(Stale, SeriesThatComeBackAreReadAsOne) {
  const io::TemporaryDirectory directory;
  TestStore t(directory.path());
  AppendEnded(t, 0, 5);
  AppendEnded(t, kStep, model::StaleNan());
  t.AppendRange(0, kHour);
  ASSERT_TRUE(t.store().Maintain().ok());
  ASSERT_EQ(t.store().stats().head.series_count, 4u);
  AppendEnded(t, kHour, 6);
  // Also what the log brings back is there once.
  for (const bool is_replayed : {false, true}) {
    SCOPED_TRACE(is_replayed);
    if (is_replayed) t.Open();
    EXPECT_EQ(t.Read("ended").size(), 3 * kEndedCount);
    EXPECT_EQ(t.store().stats().head.series_count, kEndedCount + 4);
  }
  t.AppendRange(kHour, 9 * kHour);
  ASSERT_TRUE(t.store().Maintain().ok());
  EXPECT_EQ(t.Read("ended").size(), 3 * kEndedCount);
  t.ExpectRange(0, 9 * kHour);
}

}  // namespace
}  // namespace narthex::tsdb
