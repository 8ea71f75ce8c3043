#include "step.h"

#include <gtest/gtest.h>

#include "legend.h"
#include "series_answer.h"
#include "time_range.h"

namespace narthex::dashapi {
namespace {

constexpr std::int64_t kMinuteMs = 60'000;
constexpr std::int64_t kHourMs = 60 * kMinuteMs;
constexpr std::int64_t kDayMs = 24 * kHourMs;

TEST(Interval, IsRead) {
  const struct {
    std::string text;
    std::int64_t want_ms;  // 0: malformed
  } cases[] = {
      {"15s", 15'000},    {"1m30s", 90'000},        {"500ms", 500},   {"1d", kDayMs},
      {"1w", 7 * kDayMs}, {"1y", 365 * kDayMs},     {">10s", 10'000}, {"10", 10'000},
      {"0.5", 500},       {"1.5h", 90 * kMinuteMs}, {"", 0},          {"s", 0},
      {"5x", 0},          {"$__interval", 0},       {"0s", 0},        {"-5s", 0},
      {"1e99", 0},        {"99999999999y", 0},      {"nan", 0},
  };
  for (const auto& c : cases) {
    const auto interval = ParseInterval(c.text);
    EXPECT_EQ(interval ? interval->count() : 0, c.want_ms) << c.text;
  }
}

TEST(Interval, IsWrittenWithItsLargestUnit) {
  EXPECT_EQ(FormatInterval(milliseconds(90'000)), "1m");
  EXPECT_EQ(FormatInterval(milliseconds(15'000)), "15s");
  EXPECT_EQ(FormatInterval(milliseconds(500)), "500ms");
  EXPECT_EQ(FormatInterval(milliseconds(2 * kDayMs)), "2d");
  EXPECT_EQ(FormatGoDuration(milliseconds(75'000)), "1m15s");
  EXPECT_EQ(FormatGoDuration(milliseconds(kHourMs)), "1h0m0s");
  EXPECT_EQ(FormatGoDuration(milliseconds(1'500)), "1.5s");
  EXPECT_EQ(FormatGoDuration(milliseconds(20)), "20ms");
}

TEST(Interval, IsRoundedForTheEye) {
  const struct {
    std::int64_t from_ms;
    std::int64_t want_ms;
  } cases[] = {{0, 1},
               {9, 1},
               {10, 10},
               {14, 10},
               {15, 20},
               {749, 500},
               {750, 1000},
               {17'499, 15'000},
               {17'500, 20'000},
               {44'999, 30'000},
               {45'000, 60'000},
               {89'999, 60'000},
               {90'000, 120'000},
               {kDayMs - 1, kDayMs / 2},
               {kDayMs, kDayMs},
               {7 * kDayMs, 7 * kDayMs},
               {42 * kDayMs, 365 * kDayMs}};
  for (const auto& c : cases)
    EXPECT_EQ(RoundInterval(milliseconds(c.from_ms)).count(), c.want_ms) << c.from_ms;
}

TEST(StepRules, AreThoseOfGrafana) {
  const struct {
    std::string name;
    StepInput input;
    std::int64_t want_step_ms;
    std::int64_t want_rate_ms;
  } cases[] = {
      {"the frontend's interval is the least",
       {0, kHourMs, "", "", milliseconds(15'000), 1000, 1},
       15'000,
       60'000},
      {"a query's own step wins",
       {0, kHourMs, "1m", "", milliseconds(15'000), 1000, 1},
       60'000,
       240'000},
      {"without a frontend the data source's",
       {0, kHourMs, "", "30s", milliseconds(0), 1000, 1},
       30'000,
       120'000},
      {"without anything 15 s", {0, 1000, "", "", milliseconds(0), 0, 1}, 15'000, 60'000},
      {"few points make long steps",
       {0, kDayMs, "", "", milliseconds(15'000), 100, 1},
       15 * kMinuteMs,
       60'000},
      {"11,000 points at most",
       {0, 30 * kDayMs, "1s", "", milliseconds(1000), 1'000'000, 1},
       5 * kMinuteMs,
       4000},
      {"the factor multiplies",
       {0, kHourMs, "", "", milliseconds(15'000), 1000, 10},
       150'000,
       60'000},
      {"$__rate_interval as a step",
       {0, kHourMs, "$__rate_interval", "15s", milliseconds(15'000), 1000, 5},
       60'000,
       60'000},
      {"seven days", {0, 7 * kDayMs, "", "15s", milliseconds(300'000), 2016, 1}, 300'000, 315'000},
      {"a range of nothing", {5, 5, "", "", milliseconds(1000), 1000, 1}, 1000, 60'000},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    const Step step = CalculateStep(c.input);
    EXPECT_EQ(step.step.count(), c.want_step_ms);
    EXPECT_EQ(step.rate_interval.count(), c.want_rate_ms);
  }
}

TEST(StepVariables, LongerNamesComeFirst) {
  const Step step{milliseconds(15'000), milliseconds(75'000)};
  EXPECT_EQ(ReplaceStepVariables("$__interval $__interval_ms ${__interval} ${__interval_ms}", step,
                                 milliseconds(0)),
            "15s 15000 15s 15000");
  EXPECT_EQ(
      ReplaceStepVariables("$__range $__range_s ${__range_ms}", step, milliseconds(3'600'400)),
      "3600s 3600 3600400");
  EXPECT_EQ(ReplaceStepVariables("$__rate_interval $__rate_interval_ms", step, milliseconds(0)),
            "1m15s 75000");
  EXPECT_EQ(ReplaceStepVariables("up{a=\"$x\"}", step, milliseconds(0)), "up{a=\"$x\"}");
}

TEST(TimeRange, IsRead) {
  const TimestampMs now = 1'700'000'123'456;  // Tuesday, 2023-11-14T22:15:23.456Z
  const TimestampMs midnight = 1'699'920'000'000;
  const struct {
    std::string text;
    RangeEnd end;
    TimestampMs want;
  } cases[] = {
      {"now", RangeEnd::kTo, now},
      {"now-1h", RangeEnd::kFrom, now - kHourMs},
      {"now-1d+2h", RangeEnd::kFrom, now - kDayMs + 2 * kHourMs},
      {"now-500ms", RangeEnd::kFrom, now - 500},
      {"now/d", RangeEnd::kFrom, midnight},
      {"now/d", RangeEnd::kTo, midnight + kDayMs - 1},
      {"now/w", RangeEnd::kFrom, midnight - kDayMs},
      {"now/M", RangeEnd::kFrom, 1'698'796'800'000},
      {"now/y", RangeEnd::kFrom, 1'672'531'200'000},
      {"now-1M", RangeEnd::kFrom, now - 31 * kDayMs},
      {"now-1y/y", RangeEnd::kTo, 1'672'531'199'999},
      {"now/h", RangeEnd::kFrom, midnight + 22 * kHourMs},
      {"1700000000000", RangeEnd::kFrom, 1'700'000'000'000},
      {"2023-11-14T22:15:23.456Z", RangeEnd::kFrom, now},
      {"2023-11-14T22:15:23Z", RangeEnd::kFrom, now - 456},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.text);
    const auto time = ParseTime(c.text, now, c.end);
    ASSERT_TRUE(time.ok());
    EXPECT_EQ(*time, c.want);
  }
  for (const std::string text :
       {"", "no", "now-", "now-5", "now-5x", "now/", "now5h", "2023-13-01T00:00:00Z",
        "2023-11-14T25:00:00Z", "999999999999999999", "now-99999999d", "now-99999y", "now+1h "}) {
    EXPECT_EQ(ParseTime(text, now, RangeEnd::kFrom).code(), ErrorCode::kInvalidArgument) << text;
  }
}

AnswerSeries Series(std::vector<std::pair<std::string, std::string>> labels) {
  AnswerSeries series;
  series.labels = std::move(labels);
  return series;
}

TEST(Legend, NamesSeries) {
  const std::vector<AnswerSeries> two = {
      Series({{"__name__", "up"}, {"instance", "x"}, {"job", "a"}}),
      Series({{"__name__", "up"}, {"instance", "y"}, {"job", "a"}})};
  const std::vector<AnswerSeries> mixed = {Series({{"a", "1"}, {"b", "1"}}),
                                           Series({{"a", "2"}, {"b", "2"}, {"c", "\"q\""}})};
  const std::vector<AnswerSeries> bare = {Series({})};
  const struct {
    std::string name;
    const std::vector<AnswerSeries>* series;
    std::string format;
    std::vector<std::string> want;
  } cases[] = {
      {"in full", &two, "", {"up{instance=\"x\", job=\"a\"}", "up{instance=\"y\", job=\"a\"}"}},
      {"a template", &two, "{{ job }}/{{instance}} {{none}}.", {"a/x .", "a/y ."}},
      {"what differs", &two, "__auto", {"x", "y"}},
      {"what differs of several labels",
       &mixed,
       "__auto",
       {"{a=\"1\", b=\"1\"}", "{a=\"2\", b=\"2\", c=\"\\\"q\\\"\"}"}},
      {"nothing but the expression", &bare, "", {"sum(up)"}},
      {"the same for auto", &bare, "__auto", {"sum(up)"}},
      {"a template without end", &bare, "x {{job", {"x {{job"}},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    EXPECT_EQ(Legends(*c.series, c.format, "sum(up)"), c.want);
  }
}

TEST(SeriesAnswer, FailsAtEveryTruncation) {
  const std::string body =
      R"({"status":"success","data":{"resultType":"matrix","result":[{"metric":{"a":"b"},"values":[[1,"2"]],"histograms":[[1,{"buckets":[[0,"1","2","3"]]}]]}]},"warnings":["w"]})";
  ASSERT_TRUE(ReadSeriesAnswer(200, body).ok());
  for (std::size_t size = 0; size < body.size(); ++size) {
    EXPECT_EQ(ReadSeriesAnswer(200, std::string_view(body).substr(0, size)).code(),
              ErrorCode::kUnavailable)
        << size;
  }
  for (std::size_t i = 0; i < body.size() * 8; ++i) {
    std::string damaged = body;
    damaged[i / 8] = static_cast<char>(damaged[i / 8] ^ (1 << (i % 8)));
    if (const auto answer = ReadSeriesAnswer(200, damaged); answer.ok()) {
      EXPECT_LE(answer->series.size(), 1u);
    }
  }
}

TEST(SeriesAnswer, ReadsKeysInAnyOrder) {
  const auto answer = ReadSeriesAnswer(
      200,
      R"({"data":{"result":[{"value":[1,"2"],"extra":[{}],"metric":{"b":"1","a":"2"}}],"resultType":"vector","stats":{"x":[1]}},"isPartial":false,"status":"success"})");
  ASSERT_TRUE(answer.ok());
  EXPECT_EQ(answer->result_type, "vector");
  ASSERT_EQ(answer->series.size(), 1u);
  EXPECT_EQ(answer->series[0].labels.front().first, "a");
}

}  // namespace
}  // namespace narthex::dashapi
