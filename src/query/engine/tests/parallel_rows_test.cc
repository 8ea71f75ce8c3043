// Queries whose series several threads compute.
#include "parallel_rows.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "crew.h"
#include "engine/engine.h"
#include "last_record.h"
#include "memory_store.h"

namespace narthex::engine {
namespace {

constexpr std::size_t kSeriesCount = 700;
constexpr std::int64_t kIntervalMs = 15'000;

void Fill(MemoryStore& store) {
  for (std::size_t n = 0; n < kSeriesCount; ++n) {
    const std::string number = std::to_string(n);
    const std::string group = std::to_string(n % 7);
    const model::LabelSet labels = {{"__name__", "a_total"}, {"group", group}, {"n", number}};
    double value = 0;
    for (int i = 0; i < 200; ++i) {
      value += 0.1 * static_cast<double>((static_cast<std::size_t>(i) * 7 + n) % 13);
      if (static_cast<std::size_t>(i) == n % 150) value = 0;
      store.Append(labels, i * kIntervalMs, value);
    }
  }
}

EngineOptions WithHelpers(std::size_t count) {
  EngineOptions options;
  options.helper_threads_max = count;
  return options;
}

bool IsSame(const QueryResult& a, const QueryResult& b) {
  const auto& left = std::get<Matrix>(a.value);
  const auto& right = std::get<Matrix>(b.value);
  if (left.size() != right.size() || a.infos != b.infos || a.warnings != b.warnings) return false;
  for (std::size_t s = 0; s < left.size(); ++s) {
    if (left[s].labels != right[s].labels) return false;
    if (left[s].samples.size() != right[s].samples.size()) return false;
    for (std::size_t i = 0; i < left[s].samples.size(); ++i) {
      if (left[s].samples[i].timestamp != right[s].samples[i].timestamp) return false;
      if (!model::SameBits(left[s].samples[i].value, right[s].samples[i].value)) return false;
    }
  }
  return true;
}

TEST(ParallelRows, AnswerTheSameWithAnyNumberOfThreads) {
  MemoryStore store;
  Fill(store);
  Engine alone(WithHelpers(0));
  const RangeSpec range = {0, 200 * kIntervalMs, std::chrono::seconds(30)};
  for (const char* query :
       {"sum(rate(a_total[5m]))", "sum by (group) (a_total)", "a_total", "rate(a_total[1m]) > 0.1",
        "avg by (group) (rate(a_total[5m])) / on (group) count by (group) (a_total)",
        "topk(3, rate(a_total[5m]))", "quantile by (group) (0.9, increase(a_total[2m]))"}) {
    SCOPED_TRACE(query);
    const auto want = alone.Range(store, query, range);
    ASSERT_TRUE(want.ok()) << want.error().message();
    for (const std::size_t helper_count : {1u, 3u}) {
      SCOPED_TRACE(helper_count);
      Engine together(WithHelpers(helper_count));
      const auto got = together.Range(store, query, range);
      ASSERT_TRUE(got.ok()) << got.error().message();
      EXPECT_TRUE(IsSame(*got, *want));
      EXPECT_EQ(got->stats.samples_read, want->stats.samples_read);
    }
  }
}

TEST(ParallelRows, EndWithTheErrorOfAnyThread) {
  MemoryStore store;
  Fill(store);
  EngineOptions options = WithHelpers(2);
  options.samples_max = 150;  // fewer than a series has, more than there are steps
  Engine engine(options);
  const auto result = engine.Range(store, "sum(rate(a_total[5m]))",
                                   {0, 200 * kIntervalMs, std::chrono::seconds(30)});
  EXPECT_EQ(result.code(), ErrorCode::kResourceExhausted);
}

// Whoever stops early must not leave threads behind that still read.
TEST(ParallelRows, StopWhileOthersCompute) {
  MemoryStore store;
  Fill(store);
  std::stop_source stop;
  std::atomic<int> read_count = 0;
  store.SetReadHook([&] {
    if (++read_count == 300) stop.request_stop();
  });
  LastRecord last;
  EngineOptions engine_options = WithHelpers(2);
  engine_options.observer = &last;
  Engine engine(engine_options);
  QueryOptions options;
  options.stop = stop.get_token();
  const auto result = engine.Range(store, "sum(rate(a_total[5m]))",
                                   {0, 200 * kIntervalMs, std::chrono::seconds(30)}, options);
  EXPECT_EQ(result.code(), ErrorCode::kCanceled);
  EXPECT_LT(read_count, static_cast<int>(kSeriesCount));
  // Samples of series that were computed ahead and that nobody looked at were read all the same.
  EXPECT_EQ(last.stats.samples_read, static_cast<std::size_t>(read_count) * 200);
}

class OneRow : public RowStream {
 public:
  Result<bool> Next(Row& row) override {
    if (has_given_) return false;
    has_given_ = true;
    row.Reset(1);
    row.Set(0, 1);
    return true;
  }

 private:
  bool has_given_ = false;
};

// Rows that take as long as anybody waits for them, but for the first.
class EndlessRows : public RowStream {
 public:
  explicit EndlessRows(Context& context, std::atomic<int>& waiting_count)
      : context_(context), waiting_count_(waiting_count) {}

  Result<bool> Next(Row& row) override {
    if (row_count_++ == 0) {
      row.Reset(1);
      row.Set(0, 1);
      return true;
    }
    ++waiting_count_;
    // As long as the query may take is longer than any test.
    while (context_.CheckAlive().ok()) std::this_thread::yield();
    NARTHEX_TRY(context_.CheckAlive());
    return false;
  }

 private:
  Context& context_;
  std::atomic<int>& waiting_count_;
  int row_count_ = 0;
};

// One that fails on a row, say, must not wait until the others have made rows for nobody.
TEST(ParallelRows, WhoComputesForNobodyEnds) {
  MemoryStore store;
  Fill(store);
  const EngineOptions options;
  Crew crew(1);
  Context context({options, SystemClock(), "", {}, {}, std::chrono::nanoseconds::max(), {}, &crew});
  auto querier = store.OpenQuerier({0, 1}).value();
  const auto matchers = std::vector{model::Matcher::Equal("__name__", "a_total")};
  std::atomic<int> open_count = 0;
  std::atomic<int> waiting_count = 0;
  const auto open = [&](std::unique_ptr<storage::SeriesSet>, Context& own) -> RowStreamPtr {
    // The first stretch is done at once, so that there is a row to look at.
    if (open_count++ == 0) return std::make_unique<OneRow>();
    return std::make_unique<EndlessRows>(own, waiting_count);
  };
  RowStreamPtr rows = OpenInParallel(querier->Select(matchers, {}).value(), open, {1, {}}, context);
  Row row;
  ASSERT_TRUE(rows->Next(row).value());
  while (waiting_count == 0) std::this_thread::yield();
  rows.reset();
  EXPECT_EQ(waiting_count, 1);
}

TEST(Crew, HelpsOnlyWhereAThreadIsIdle) {
  Crew crew(1);
  std::atomic<bool> may_end = false;
  std::atomic<int> done_count = 0;
  ASSERT_TRUE(crew.Ask([&] {
    may_end.wait(false);
    ++done_count;
  }));
  EXPECT_FALSE(crew.Ask([&] { ++done_count; }));
  may_end = true;
  may_end.notify_all();
  while (!crew.Ask([&] { ++done_count; })) std::this_thread::yield();
  while (done_count < 2) std::this_thread::yield();
  EXPECT_FALSE(Crew(0).Ask([] {}));
}

}  // namespace
}  // namespace narthex::engine
