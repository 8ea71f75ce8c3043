// Queries that name the same expression more than once.
#include "shared_rows.h"

#include <gtest/gtest.h>

#include <random>

#include "engine/engine.h"
#include "histogram_operator.h"
#include "memory_store.h"
#include "ticking_clock.h"

namespace narthex::engine {
namespace {

constexpr std::size_t kSeriesCount = 12;
constexpr std::int64_t kIntervalMs = 15'000;
constexpr RangeSpec kRange = {0, 60 * kIntervalMs, std::chrono::seconds(45)};

MemoryStore::HistogramPtr HistogramOf(double count) {
  model::FloatHistogram histogram;
  histogram.count = count;
  histogram.sum = 2 * count;
  histogram.positive_spans = {{0, 2}};
  histogram.positive_buckets = {count / 2, count / 2};
  return std::make_shared<const model::FloatHistogram>(std::move(histogram));
}

// Two metrics of floats, the second with gaps and without the ending of a counter, and one that has
// histograms, too.
void Fill(MemoryStore& store) {
  for (std::size_t n = 0; n < kSeriesCount; ++n) {
    const std::string number = std::to_string(n);
    const std::string group = std::to_string(n % 3);
    for (int i = 0; i < 60; ++i) {
      const double value = static_cast<double>((static_cast<std::size_t>(i) * 7 + n) % 13);
      const auto labels = [&](std::string_view name) {
        return model::LabelSet{{"__name__", name}, {"group", group}, {"n", number}};
      };
      store.Append(labels("a_total"), i * kIntervalMs, value);
      if (i < 30 || n % 2 == 0) store.Append(labels("b"), i * kIntervalMs, value - 6);
      if (n % 4 != 0) {
        store.Append(labels("h"), i * kIntervalMs, value);
      } else {
        store.Append(labels("h"), i * kIntervalMs, HistogramOf(i + 1));
      }
    }
  }
}

// A query whose every selector is written `name{   }`, with room for a matcher.
constexpr std::size_t kRoom = 128;

std::string Selector(const std::string& name) { return name + "{" + std::string(kRoom, ' ') + "}"; }

// The same query, as long, in which no two selectors are alike: each has a matcher of its own that
// every series fulfils.
std::string WithoutTwins(std::string query) {
  const std::string room(kRoom, ' ');
  std::string pattern = ".*";
  for (std::size_t at = query.find(room); at != std::string::npos; at = query.find(room, at)) {
    std::string matcher = "n=~\"" + pattern + "\"";
    matcher.resize(kRoom, ' ');
    query.replace(at, kRoom, matcher);
    pattern = "(" + pattern + ")";
  }
  return query;
}

class Generator {
 public:
  explicit Generator(std::uint32_t seed) : random_(seed) {}

  std::string Vector(int depth) {
    if (depth == 0) return Leaf();
    switch (Below(11)) {
      case 0:
        return Vector(depth - 1) + Pick({" + ", " / ", " and ", " or ", " unless ", " > bool "}) +
               "on (n) " + Vector(depth - 1);
      case 1:
        return "sum by (group) (" + Vector(depth - 1) + ") / sum by (group) (" + Vector(depth - 1) +
               ")";
      case 2:
        return "sum(" + Vector(depth - 1) + ") / count(" + Vector(depth - 1) + ")";
      case 3:
        return Pick({"sum", "max", "topk", "quantile"}, depth);
      case 4:
        return Pick({"max_over_time", "sum_over_time"}) + "((" + Vector(depth - 1) + ")[2m:30s])";
      case 5:
        return "-(" + Vector(depth - 1) + ")";
      case 6:
        return "(" + Vector(depth - 1) + ") * scalar(sum(" + Vector(depth - 1) + "))";
      case 7:
        return "histogram_count(" + Vector(depth - 1) + ")";
      case 8:
        return "histogram_quantile(0.5, " + Vector(depth - 1) + ")";
      case 9:
        return "(" + Vector(depth - 1) + ") > 2 or (" + Vector(depth - 1) + ") < 9";
      default:
        return "absent(" + Vector(depth - 1) + ") or timestamp(" + Leaf() + ")";
    }
  }

 private:
  std::size_t Below(std::size_t count) {
    return std::uniform_int_distribution<std::size_t>(0, count - 1)(random_);
  }
  std::string Pick(const std::vector<std::string>& words) { return words[Below(words.size())]; }
  std::string Pick(const std::vector<std::string>& operations, int depth) {
    const std::string operation = Pick(operations);
    const bool has_parameter = operation == "topk" || operation == "quantile";
    return operation + " by (group, n) (" + (has_parameter ? "0.7, " : "") + Vector(depth - 1) +
           ")";
  }
  std::string Leaf() {
    const std::string selector = Selector(Pick({"a_total", "a_total", "b", "h"}));
    switch (Below(4)) {
      case 0:
        return "rate(" + selector + "[1m])";
      case 1:
        return selector + Pick({" @ 300", " offset 1m"});
      default:
        return selector;
    }
  }

  std::mt19937 random_;
};

void ExpectSameSamples(const Matrix& left, const Matrix& right) {
  ASSERT_EQ(left.size(), right.size());
  for (std::size_t s = 0; s < left.size(); ++s) {
    ASSERT_EQ(left[s].labels, right[s].labels);
    ASSERT_EQ(left[s].samples.size(), right[s].samples.size());
    for (std::size_t i = 0; i < left[s].samples.size(); ++i) {
      ASSERT_EQ(left[s].samples[i].timestamp, right[s].samples[i].timestamp);
      ASSERT_TRUE(model::SameBits(left[s].samples[i].value, right[s].samples[i].value));
    }
    ASSERT_EQ(left[s].histograms.size(), right[s].histograms.size());
    for (std::size_t i = 0; i < left[s].histograms.size(); ++i) {
      ASSERT_EQ(left[s].histograms[i].timestamp, right[s].histograms[i].timestamp);
      const model::FloatHistogram& one = *left[s].histograms[i].histogram;
      const model::FloatHistogram& other = *right[s].histograms[i].histogram;
      ASSERT_TRUE(HasSameContent(one, other));
      ASSERT_EQ(one.reset_hint, other.reset_hint);
    }
  }
}

void ExpectSame(const Result<QueryResult>& left, const Result<QueryResult>& right) {
  ASSERT_EQ(left.ok(), right.ok());
  if (!left.ok()) {
    EXPECT_EQ(left.error().message(), right.error().message());
    return;
  }
  ExpectSameSamples(std::get<Matrix>(left->value), std::get<Matrix>(right->value));
  EXPECT_EQ(left->warnings, right->warnings);
  EXPECT_EQ(left->infos, right->infos);
  EXPECT_EQ(left->stats.samples_read, right->stats.samples_read);
  EXPECT_EQ(left->stats.samples_queryable, right->stats.samples_queryable);
  EXPECT_EQ(left->stats.samples_peak, right->stats.samples_peak);
  ASSERT_EQ(left->stats.steps.size(), right->stats.steps.size());
  for (std::size_t i = 0; i < left->stats.steps.size(); ++i) {
    EXPECT_EQ(left->stats.steps[i].read, right->stats.steps[i].read);
    EXPECT_EQ(left->stats.steps[i].queryable, right->stats.steps[i].queryable);
  }
}

TEST(SharedRows, AreReadOnce) {
  const struct {
    std::string query;
    std::size_t read_count;  // of a_total, in times
  } cases[] = {
      {"a_total / a_total", 1},
      {"sum(rate(a_total[5m])) / sum(rate(a_total[5m]))", 1},
      {"rate(a_total[5m]) > 0 and rate(a_total[5m]) < 10", 1},
      {"a_total / (a_total + b)", 1},
      {"(a_total - a_total offset 5m) / a_total", 2},
      {"sum by (group) (a_total) / on () group_left sum((a_total))", 1},
      {"max_over_time(a_total[5m:1m]) - min_over_time(a_total[5m:1m])", 1},
      {"max_over_time(a_total[5m:1m]) - min_over_time(a_total[6m:1m])", 2},
      {"a_total @ end() - a_total @ end()", 1},
      {"a_total + timestamp(a_total)", 2},
      {"scalar(sum(a_total)) + sum(a_total)", 1},
      {"rate(a_total[5m]) / increase(a_total[5m])", 2},
      {"a_total / a_total{group!=\"x\"}", 2},
      {"histogram_count(a_total) or a_total", 2},
      {"topk(2, a_total) + count(a_total) + a_total", 1},
  };
  MemoryStore store;
  Fill(store);
  Engine engine(EngineOptions{});
  for (const auto& c : cases) {
    SCOPED_TRACE(c.query);
    const std::size_t before = store.read_count();
    ASSERT_TRUE(engine.Range(store, c.query, kRange).ok());
    const bool has_b = c.query.find('b') == c.query.size() - 2;
    EXPECT_EQ(store.read_count() - before, kSeriesCount * (c.read_count + (has_b ? 1 : 0)));
  }
}

TEST(SharedRows, ChangeNothingThatIsTold) {
  constexpr std::uint32_t kSeed = 2026;
  SCOPED_TRACE(kSeed);
  MemoryStore store;
  Fill(store);
  for (const bool delays_name_removal : {false, true}) {
    EngineOptions options;
    options.has_step_counts = true;
    options.delays_name_removal = delays_name_removal;
    Engine engine(options);
    QueryOptions with_steps;
    with_steps.wants_step_counts = true;
    Generator generator(kSeed);
    std::size_t spared_count = 0;
    for (int i = 0; i < 400; ++i) {
      const std::string query = generator.Vector(1 + i % 3);
      SCOPED_TRACE(query);
      const std::size_t before = store.read_count();
      const auto shared = engine.Range(store, query, kRange, with_steps);
      const std::size_t between = store.read_count();
      const auto separate = engine.Range(store, WithoutTwins(query), kRange, with_steps);
      if (between - before < store.read_count() - between) ++spared_count;
      ExpectSame(shared, separate);
      if (::testing::Test::HasFatalFailure()) return;
    }
    // Else there was nothing to compare.
    EXPECT_GT(spared_count, 50u);
  }
}

// How many series are selected is known, and nothing is kept in vain; how many groups there will be
// is not.
TEST(SharedRows, AreReadAgainWhereTheyAreTooManyToKeep) {
  constexpr std::size_t kStepCount = 100'000;
  const RangeSpec range = {0, kStepCount - 1, std::chrono::milliseconds(1)};
  MemoryStore store;
  for (int n = 0; n < 12; ++n) {
    const std::string number = std::to_string(n);
    store.Append({{"__name__", "a_total"}, {"n", number}}, 0, n);
  }
  Engine engine(EngineOptions{});
  QueryOptions options;
  options.lookback = std::chrono::hours(1);
  const struct {
    std::string twin;
    std::size_t held_peak_max;
  } cases[] = {
      {Selector("a_total"), 6 * kStepCount},
      {"last_over_time(" + Selector("a_total") + "[1h])", 6 * kStepCount},
      {"-" + Selector("a_total"), 6 * kStepCount},
      {"sum by (n) (" + Selector("a_total") + ")", kKeptSamplesMax + (6 + 2 * 12) * kStepCount},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.twin);
    const std::string query = "sum(" + c.twin + ") / count(" + c.twin + ")";
    const std::size_t read_before = store.read_count();
    const auto shared = engine.Range(store, query, range, options);
    EXPECT_EQ(store.read_count() - read_before, 24u);
    ExpectSame(shared, engine.Range(store, WithoutTwins(query), range, options));
    EXPECT_LE(shared->stats.samples_held_peak, c.held_peak_max);
  }
}

// What is kept to spare work fails no query.
TEST(SharedRows, DoNotCountAgainstTheLimit) {
  MemoryStore store;
  Fill(store);
  const std::string query = "count(" + Selector("a_total") + ") + sum(" + Selector("a_total") + ")";
  EngineOptions options;
  for (options.samples_max = 100; options.samples_max < 1200; options.samples_max += 50) {
    SCOPED_TRACE(options.samples_max);
    Engine engine(options);
    const RangeSpec range = {0, 19 * kIntervalMs, std::chrono::milliseconds(kIntervalMs)};
    ExpectSame(engine.Range(store, query, range), engine.Range(store, WithoutTwins(query), range));
  }
}

TEST(SharedRows, AskWhetherTheQueryGoesOn) {
  constexpr int kRowCount = 12'000;  // few enough to be kept
  MemoryStore store;
  for (int n = 0; n < kRowCount; ++n) {
    const std::string number = std::to_string(n);
    store.Append({{"__name__", "b"}, {"n", number}}, 0, n);
  }
  TickingClock counting;
  Engine counter({}, counting);
  ASSERT_TRUE(counter.Instant(store, "count(b)", 0).ok());
  TickingClock clock;
  Engine engine({}, clock);
  ASSERT_TRUE(engine.Instant(store, "count(b) + sum(b)", 0).ok());
  // Both readers, once in a thousand rows.
  EXPECT_GE(clock.look_count(), counting.look_count() + 2 * (kRowCount / 1024));
}

}  // namespace
}  // namespace narthex::engine
