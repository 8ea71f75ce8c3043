// Samples that come late, on their way into blocks.
#include "test_store.h"

namespace narthex::tsdb {
namespace {

// Appends one sample of a series of its own.
Status AppendLate(TestStore& t, TimestampMs time) {
  const model::LabelSet labels = {{"__name__", "late"}, {"i", "late"}};
  NARTHEX_ASSIGN_OR_RETURN(const auto refs, t.store().appender().Resolve(0, std::span(&labels, 1)));
  const double value = static_cast<double>(time);
  NARTHEX_ASSIGN_OR_RETURN(
      const auto outcome, t.store().appender().Append(
                              {.timestamp = time, .series = refs, .values = std::span(&value, 1)}));
  if (outcome.appended_count == 1) return Ok();
  return Error{ErrorCode::kOutOfOrder, "refused"};
}

// Every ten minutes of [from, until), the newest first.
void AppendBackwards(TestStore& t, TimestampMs from, TimestampMs until) {
  for (TimestampMs time = until - 10 * kStep; time >= from; time -= 10 * kStep) {
    ASSERT_TRUE(AppendLate(t, time).ok()) << time;
  }
}

void FlipLastByteOfLog(const std::string& folder) {
  io::FileSystem& files = io::SystemFiles();
  std::string path;
  const auto entries = files.List(folder);
  for (const io::DirectoryEntry& entry : *entries) {
    if (entry.name.ends_with(".wal")) path = io::JoinPath(folder, entry.name);
  }
  std::string bytes = *io::ReadFile(files, path);
  bytes.back() = static_cast<char>(bytes.back() ^ 1);
  const auto file = files.Open(path, io::OpenMode::kAppend);
  ASSERT_TRUE((*file)->Truncate(0).ok() && (*file)->Append(bytes).ok());
}

void ExpectLate(TestStore& t, TimestampMs from, TimestampMs until) {
  const auto samples = t.Read("late");
  ASSERT_EQ(samples.size(), static_cast<std::size_t>((until - from) / (10 * kStep)));
  for (std::size_t i = 0; i < samples.size(); ++i) {
    ASSERT_EQ(samples[i].timestamp, from + static_cast<TimestampMs>(i) * 10 * kStep);
    ASSERT_EQ(samples[i].value, static_cast<double>(samples[i].timestamp));
  }
}

TEST(Late, SamplesBehindTheHeadGoIntoBlocksThatAreMerged) {
  const io::TemporaryDirectory directory;
  TestStore t(directory.path());
  t.options().out_of_order_window = std::chrono::hours(8);
  t.Open();
  t.AppendRange(0, 9 * kHour);
  ASSERT_TRUE(t.store().Maintain().ok());
  AppendBackwards(t, 2 * kHour, 9 * kHour);
  ExpectLate(t, 2 * kHour, 9 * kHour);
  t.Open();
  ExpectLate(t, 2 * kHour, 9 * kHour);
  ASSERT_TRUE(t.store().Maintain().ok());
  ExpectLate(t, 2 * kHour, 9 * kHour);
  t.ExpectRange(0, 9 * kHour);
  EXPECT_GT(t.store().stats().overlap_merge_count, 0u);
  // What lies beside the samples in order waits for their block.
  EXPECT_LT(t.store().stats().head.late_count, 18u);
  t.AppendRange(9 * kHour, 13 * kHour);
  ASSERT_TRUE(t.store().Maintain().ok());
  ExpectLate(t, 2 * kHour, 9 * kHour);
  EXPECT_EQ(t.store().stats().head.late_count, 0u);
  t.Open();
  ExpectLate(t, 2 * kHour, 9 * kHour);
  t.ExpectRange(0, 13 * kHour);
}

TEST(Late, SamplesCanBeDeletedAndCopied) {
  const io::TemporaryDirectory directory;
  TestStore t(directory.path());
  t.options().out_of_order_window = std::chrono::hours(8);
  t.Open();
  t.AppendRange(0, 9 * kHour);
  ASSERT_TRUE(t.store().Maintain().ok());
  AppendBackwards(t, 2 * kHour, 9 * kHour);
  const auto matcher = model::Matcher::Equal("i", "late");
  ASSERT_TRUE(t.store().Delete({0, 4 * kHour - 1}, std::span(&matcher, 1)).ok());
  ExpectLate(t, 4 * kHour, 9 * kHour);
  const auto name = t.store().Snapshot(HeadInSnapshot::kIncluded);
  ASSERT_TRUE(name.ok());
  TestStore copy(directory / "snapshots/" + *name);
  ExpectLate(copy, 4 * kHour, 9 * kHour);
  ASSERT_TRUE(t.store().Maintain().ok());
  t.Open();
  ExpectLate(t, 4 * kHour, 9 * kHour);
}

TEST(Late, TheWindowMayChangeWhileRunning) {
  const io::TemporaryDirectory directory;
  TestStore t(directory.path());
  t.AppendRange(0, 2 * kHour);
  ASSERT_TRUE(AppendLate(t, 2 * kHour).ok());
  EXPECT_FALSE(AppendLate(t, kHour).ok());
  t.store().SetOutOfOrderWindow(std::chrono::hours(3));
  EXPECT_TRUE(AppendLate(t, kHour).ok());
  t.store().SetOutOfOrderWindow(std::chrono::milliseconds(0));
  EXPECT_FALSE(AppendLate(t, kHour / 2).ok());
}

TEST(Late, AStopAtAnyPointOfACutLosesNothing) {
  bool finished = false;
  for (std::int64_t stop = 0; !finished; ++stop) {
    SCOPED_TRACE(stop);
    ASSERT_LT(stop, 400);
    const io::TemporaryDirectory directory;
    io::FaultFileSystem files;
    TestStore t(directory.path(), files);
    t.options().out_of_order_window = std::chrono::hours(8);
    t.Open();
    t.AppendRange(0, 7 * kHour);
    ASSERT_TRUE(t.store().Maintain().ok());
    AppendBackwards(t, 2 * kHour, 7 * kHour);
    files.StopAfter(stop);
    finished = t.store().Maintain().ok();
    t.Close();
    files.Heal();
    t.Open();
    ExpectLate(t, 2 * kHour, 7 * kHour);
    t.ExpectRange(0, 7 * kHour);
  }
}

TEST(Late, ASampleOutlivesDamageToTheStepThatBroughtItAndComesTwiceAsOne) {
  const io::TemporaryDirectory directory;
  TestStore t(directory.path());
  t.options().out_of_order_window = std::chrono::hours(8);
  t.Open();
  t.AppendRange(0, 7 * kHour);
  ASSERT_TRUE(t.store().Maintain().ok());
  // Behind the samples in order, which are in blocks by now.
  ASSERT_TRUE(AppendLate(t, 3 * kHour).ok());
  ASSERT_TRUE(t.Append(7 * kHour).ok());
  t.Close();
  FlipLastByteOfLog(directory / "wal");
  for (int round = 0; round < 2; ++round) {
    t.Open();
    EXPECT_EQ(t.store().stats().head.wal_corruption_count, round == 0 ? 1u : 0u);
    ExpectLate(t, 3 * kHour, 3 * kHour + 10 * kStep);
    t.ExpectRange(0, 7 * kHour + round * kStep);
    ASSERT_TRUE(AppendLate(t, 3 * kHour).ok());
    t.AppendRange(7 * kHour + round * kStep, 7 * kHour + (round + 1) * kStep);
  }
  ASSERT_TRUE(t.store().Maintain().ok());
  t.Open();
  EXPECT_EQ(t.store().stats().head.late_count, 0u);
  ExpectLate(t, 3 * kHour, 3 * kHour + 10 * kStep);
  t.ExpectRange(0, 7 * kHour + 2 * kStep);
}

TEST(Late, AFailureAtAnyPointOfACutBringsNothingDeletedBack) {
  bool has_failed = true;
  for (std::int64_t change = 0; has_failed; ++change) {
    SCOPED_TRACE(change);
    ASSERT_LT(change, 400);
    const io::TemporaryDirectory directory;
    io::FaultFileSystem files;
    TestStore t(directory.path(), files);
    t.options().out_of_order_window = std::chrono::hours(8);
    t.Open();
    t.AppendRange(0, 7 * kHour);
    ASSERT_TRUE(t.store().Maintain().ok());
    AppendBackwards(t, 2 * kHour, 7 * kHour);
    const auto matcher = model::Matcher::Equal("i", "late");
    ASSERT_TRUE(t.store().Delete({0, 4 * kHour - 1}, std::span(&matcher, 1)).ok());
    const std::int64_t before = files.change_count();
    files.FailOnce(change);
    // Some failures cost nothing.
    (void)t.store().Maintain();
    has_failed = files.change_count() - before > change;
    files.Heal();
    t.Open();
    ExpectLate(t, 4 * kHour, 7 * kHour);
    t.ExpectRange(0, 7 * kHour);
  }
}

TEST(Exemplars, AreKeptUpToTheirLimit) {
  const io::TemporaryDirectory directory;
  TestStore t(directory.path());
  t.store().SetExemplarLimit(10);
  const model::LabelSet labels = {{"__name__", "e"}};
  const auto refs = t.store().appender().Resolve(0, std::span(&labels, 1));
  const double value = 1;
  const storage::SeriesExemplar exemplar{(*refs)[0], {{{"trace_id", "x"}}, 2, kHour}};
  ASSERT_TRUE(t.store()
                  .appender()
                  .Append({.timestamp = kHour,
                           .series = *refs,
                           .values = std::span(&value, 1),
                           .exemplars = std::span(&exemplar, 1)})
                  .ok());
  const std::vector<std::vector<model::Matcher>> selectors = {
      {model::Matcher::Equal("__name__", "e")}};
  EXPECT_EQ(t.store().SelectExemplars({}, selectors)->size(), 1u);
  EXPECT_TRUE(t.store().SelectExemplars({0, 1}, selectors)->empty());
  t.store().SetExemplarLimit(0);
  EXPECT_TRUE(t.store().SelectExemplars({}, selectors)->empty());
}

}  // namespace
}  // namespace narthex::tsdb
