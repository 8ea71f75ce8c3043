#include "exposition/parser.h"

#include <gtest/gtest.h>

#include <cmath>

#include "model/sample.h"

namespace narthex::exposition {
namespace {

constexpr std::string_view kText =
    "# HELP up Whether it is up.\n"
    "# TYPE up gauge\n"
    "up{job=\"a\\\\b\",instance=\"x:1\"} 1 1700000000123\n"
    "\n"
    "# a comment\n"
    "up{job=\"b\"} NaN\n"
    "load 0.25\n";

constexpr std::string_view kOpenMetrics =
    "# TYPE requests counter\n"
    "# UNIT wait_seconds seconds\n"
    "requests_total{code=\"200\"} 3 1.5 # {trace=\"t\"} 0.5 2.25\n"
    "{\"my.metric\",\"a.b\"=\"c\"} -1e-3\n"
    "# EOF\n";

// Reads to the end, with labels and exemplars.
Status ReadAll(std::string_view body, Format format) {
  Parser parser(body, format);
  while (true) {
    const auto kind = parser.Next();
    if (!kind.ok()) return kind.error();
    if (*kind == EntryKind::kEnd) return Ok();
    if (*kind != EntryKind::kSeries) continue;
    NARTHEX_TRY(parser.Labels());
    if (parser.entry().has_exemplar) parser.GetExemplar();
  }
}

TEST(Parser, ReadsText) {
  Parser parser(kText, Format::kText);
  ASSERT_EQ(*parser.Next(), EntryKind::kHelp);
  EXPECT_EQ(parser.entry().metric, "up");
  EXPECT_EQ(parser.entry().text, "Whether it is up.");
  ASSERT_EQ(*parser.Next(), EntryKind::kType);
  EXPECT_EQ(parser.entry().type, model::MetricType::kGauge);
  ASSERT_EQ(*parser.Next(), EntryKind::kSeries);
  EXPECT_EQ(parser.entry().series, R"(up{job="a\\b",instance="x:1"})");
  EXPECT_EQ(parser.entry().timestamp, 1700000000123);
  EXPECT_EQ(parser.Labels()->ToMetricString(), R"(up{instance="x:1", job="a\\b"})");
  ASSERT_EQ(*parser.Next(), EntryKind::kComment);
  ASSERT_EQ(*parser.Next(), EntryKind::kSeries);
  EXPECT_TRUE(model::SameBits(parser.entry().value, std::bit_cast<double>(model::kNormalNanBits)));
  EXPECT_FALSE(parser.entry().timestamp.has_value());
  ASSERT_EQ(*parser.Next(), EntryKind::kSeries);
  EXPECT_EQ(parser.entry().value, 0.25);
  EXPECT_EQ(*parser.Next(), EntryKind::kEnd);
}

TEST(Parser, ReadsOpenMetrics) {
  Parser parser(kOpenMetrics, Format::kOpenMetrics);
  ASSERT_EQ(*parser.Next(), EntryKind::kType);
  ASSERT_EQ(*parser.Next(), EntryKind::kUnit);
  EXPECT_EQ(parser.entry().text, "seconds");
  ASSERT_EQ(*parser.Next(), EntryKind::kSeries);
  EXPECT_EQ(parser.entry().timestamp, 1500);
  ASSERT_TRUE(parser.entry().has_exemplar);
  const Exemplar exemplar = parser.GetExemplar();
  EXPECT_EQ(exemplar.labels.Get("trace"), "t");
  EXPECT_EQ(exemplar.timestamp, 2250);
  ASSERT_EQ(*parser.Next(), EntryKind::kSeries);
  EXPECT_FALSE(parser.entry().has_exemplar);
  EXPECT_EQ(parser.Labels()->ToMetricString(), R"({"my.metric", "a.b"="c"})");
  EXPECT_EQ(*parser.Next(), EntryKind::kEnd);
}

TEST(Parser, EveryTruncationEndsOrIsAnError) {
  for (std::size_t size = 0; size < kText.size(); ++size) {
    const std::string body(kText.substr(0, size));
    const Status status = ReadAll(body, Format::kText);
    // A line cut at its end, or within its value, is a line of its own.
    if (!status.ok()) {
      EXPECT_EQ(status.code(), ErrorCode::kInvalidArgument);
    }
  }
  // The newline behind the end mark may be missing, and nothing else.
  for (std::size_t size = 0; size + 1 < kOpenMetrics.size(); ++size) {
    const std::string body(kOpenMetrics.substr(0, size));
    EXPECT_EQ(ReadAll(body, Format::kOpenMetrics).code(), ErrorCode::kInvalidArgument) << size;
  }
}

TEST(Parser, EveryFlippedByteEndsOrIsAnError) {
  for (const Format format : {Format::kText, Format::kOpenMetrics}) {
    const std::string_view original = format == Format::kText ? kText : kOpenMetrics;
    for (std::size_t i = 0; i < original.size(); ++i) {
      for (const unsigned flip : {0x01U, 0x20U, 0x80U, 0xffU}) {
        std::string body(original);
        body[i] = static_cast<char>(static_cast<unsigned char>(body[i]) ^ flip);
        const Status status = ReadAll(body, format);
        if (!status.ok()) {
          EXPECT_EQ(status.code(), ErrorCode::kInvalidArgument);
        }
      }
    }
  }
}

TEST(Parser, NextIfKnownReadsASeriesAndItsValue) {
  const struct {
    std::string name;
    std::string body;
    std::size_t series_size;
    bool matches;
  } cases[] = {
      {"labels", "up{a=\"b\"} 1\n", 9, true},
      {"no labels", "up 1\n", 2, true},
      {"tab", "up\t1\n", 2, false},
      {"two blanks", "up  1\n", 2, false},
      {"no value", "up \n", 2, false},
      {"timestamp", "up 1 2\n", 2, false},
      {"labels follow a blank", "up {a=\"b\"} 1\n", 2, false},
      {"exemplar", "up 1 # {} 2\n", 2, false},
      {"carriage return", "up 1\r\n", 2, false},
      {"no number", "up x\n", 2, false},
  };
  for (const Format format : {Format::kText, Format::kOpenMetrics}) {
    for (const auto& c : cases) {
      SCOPED_TRACE(c.name);
      const std::string body = c.body + (format == Format::kText ? "" : "# EOF\n");
      Parser parser(body, format);
      ASSERT_EQ(parser.NextIfKnown(parser.PeekLine(), c.series_size), c.matches);
      if (c.matches) {
        EXPECT_EQ(parser.entry().series, c.body.substr(0, c.series_size));
        EXPECT_EQ(parser.entry().value, 1);
        EXPECT_EQ(*parser.Next(), EntryKind::kEnd);
      } else {
        EXPECT_EQ(parser.offset(), 0u);
      }
    }
  }
}

TEST(Parser, PeekLineGivesWholeLinesOnly) {
  Parser parser("# c\nup 1", Format::kText);
  EXPECT_EQ(parser.PeekLine(), "# c");
  parser.SkipLine(parser.PeekLine(), std::nullopt);
  EXPECT_EQ(parser.PeekLine(), "");
  ASSERT_EQ(*parser.Next(), EntryKind::kSeries);
  EXPECT_EQ(parser.entry().series, "up");
}

TEST(Parser, ASkippedTypeLineHoldsForTheSamplesBehind) {
  Parser parser("# TYPE h histogram\nh_bucket{le=\"1\"} 1\n", Format::kText);
  parser.SkipLine(parser.PeekLine(), model::MetricType::kHistogram);
  ASSERT_EQ(*parser.Next(), EntryKind::kSeries);
  EXPECT_EQ(parser.Labels()->Get("le"), "1.0");
}

TEST(Parser, RefusesALabelGivenTwice) {
  Parser parser("up{a=\"1\",b=\"2\",a=\"3\"} 1\n", Format::kText);
  ASSERT_EQ(*parser.Next(), EntryKind::kSeries);
  const auto labels = parser.Labels();
  ASSERT_FALSE(labels.ok());
  EXPECT_EQ(labels.error().message(), "label name \"a\" is not unique: invalid sample");
}

TEST(Parser, ReadsNumbersExactly) {
  const struct {
    std::string text;
    double value;
  } cases[] = {
      {"0.1", 0.1},
      {"123456789012345678", 123456789012345678.0},
      {"9007199254740993", 9007199254740993.0},
      {".5", 0.5},
      {"5.", 5},
      {"-0", -0.0},
      {"1e308", 1e308},
      {"4.9e-324", 4.9e-324},
      {"+Inf", INFINITY},
      {"-infinity", -INFINITY},
      {"0.30000000000000004", 0.30000000000000004},
      {"12345678901234567890123", 12345678901234567890123.0},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.text);
    const std::string body = "x " + c.text + "\n";
    Parser parser(body, Format::kText);
    const auto kind = parser.Next();
    ASSERT_TRUE(kind.ok()) << kind.error().message();
    EXPECT_TRUE(model::SameBits(parser.entry().value, c.value)) << parser.entry().value;
  }
}

TEST(Parser, RefusesNumbersThatGoRefuses) {
  for (const std::string text : {"", ".", "1_0", "0x10", "1e400", "1.2.3", "--1", "nane"}) {
    SCOPED_TRACE(text);
    EXPECT_FALSE(ReadAll("x " + text + "\n", Format::kText).ok());
  }
}

}  // namespace
}  // namespace narthex::exposition
