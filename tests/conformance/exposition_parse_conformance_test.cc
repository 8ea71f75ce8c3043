// Parsing of expositions against the conformance corpus.
#include <gtest/gtest.h>

#include "corpus.h"
#include "exposition/parser.h"
#include "json_cases.h"
#include "model/histogram_buckets.h"
#include "model/sample.h"

namespace narthex::conformance {
namespace {

using exposition::Entry;
using exposition::EntryKind;
using exposition::Format;
using exposition::Parser;
using model::LabelSet;

Format ToFormat(const Json& c) {
  return c.at("format") == "text" ? Format::kText : Format::kOpenMetrics;
}

LabelSet ToLabels(const Json& object) {
  std::vector<std::pair<std::string, std::string>> labels;
  for (const auto& [name, value] : object.items()) labels.emplace_back(name, value);
  return LabelSet::From(std::move(labels));
}

TEST(ParserConformance, ErrorTexts) {
  NARTHEX_READ_CORPUS(text, "textparse/errors.json");
  for (const Json& c : ParseCases(text)) {
    SCOPED_TRACE(c.dump(-1, ' ', true, Json::error_handler_t::replace));
    const std::string input = Text(c, "input");
    Parser parser(input, ToFormat(c));
    auto kind = parser.Next();
    while (kind.ok() && *kind != EntryKind::kEnd) kind = parser.Next();
    // Bodies of accepted OpenMetrics cases are cut short of their end.
    ASSERT_EQ(kind.ok(), c.at("ok").get<bool>()) << (kind.ok() ? "" : kind.error().message());
    if (!kind.ok()) {
      EXPECT_EQ(kind.error().message(), c.at("error").get<std::string>());
    }
  }
}

std::string_view KindText(EntryKind kind) {
  switch (kind) {
    case EntryKind::kEnd:
      return "end";
    case EntryKind::kSeries:
      return "series";
    case EntryKind::kType:
      return "type";
    case EntryKind::kHelp:
      return "help";
    case EntryKind::kUnit:
      return "unit";
    case EntryKind::kComment:
      return "comment";
    case EntryKind::kHistogram:
      return "histogram";
  }
  return "";
}

void ExpectExemplars(const Parser& parser, const Json& expected) {
  const Json wanted = expected.value("exemplars", Json::array());
  EXPECT_EQ(parser.entry().has_exemplar, !wanted.empty());
  const std::vector<exposition::Exemplar> exemplars = parser.GetExemplars();
  ASSERT_EQ(exemplars.size(), wanted.size());
  for (std::size_t i = 0; i < exemplars.size(); ++i) {
    EXPECT_EQ(exemplars[i].labels, ToLabels(wanted[i].at("labels")));
    EXPECT_EQ(exemplars[i].value, Number(wanted[i].at("value")));
    EXPECT_EQ(exemplars[i].timestamp.has_value(), wanted[i].contains("t_ms"));
    if (exemplars[i].timestamp) {
      EXPECT_EQ(*exemplars[i].timestamp, wanted[i].value("t_ms", TimestampMs{0}));
    }
  }
}

std::vector<model::HistogramSpan> ToSpans(const Json& json) {
  std::vector<model::HistogramSpan> spans;
  for (const Json& span : json) spans.push_back({span.at("offset"), span.at("length")});
  return spans;
}

std::vector<double> ToBuckets(const Json& json, bool are_deltas) {
  std::vector<double> buckets;
  double last = 0;
  for (const Json& bucket : json) {
    last = are_deltas ? last + Number(bucket) : Number(bucket);
    buckets.push_back(last);
  }
  return buckets;
}

void ExpectHistogram(const model::FloatHistogram& got, const Json& json, bool is_integer) {
  model::FloatHistogram want;
  const auto number = [&json](const char* key) {
    return json.contains(key) ? Number(json.at(key)) : 0.0;
  };
  if (json.value("counter_reset_hint", "") == "gauge") {
    want.reset_hint = model::CounterResetHint::kGauge;
  }
  want.schema = json.value("schema", 0);
  want.zero_threshold = number("zero_threshold");
  want.zero_count = number("zero_count");
  want.count = number("count");
  want.sum = number("sum");
  want.positive_spans = ToSpans(json.value("positive_spans", Json::array()));
  want.negative_spans = ToSpans(json.value("negative_spans", Json::array()));
  want.positive_buckets = ToBuckets(json.value("positive_buckets", Json::array()), is_integer);
  want.negative_buckets = ToBuckets(json.value("negative_buckets", Json::array()), is_integer);
  want.custom_values = ToBuckets(json.value("custom_values", Json::array()), false);
  EXPECT_EQ(got, want) << model::ToString(got);
}

enum class Compare { kAll, kStartTimesOnly };

void ExpectTime(const std::optional<TimestampMs>& time, const Json& expected, const char* key) {
  EXPECT_EQ(time.has_value(), expected.contains(key)) << key;
  if (time) {
    EXPECT_EQ(*time, expected.value(key, TimestampMs{0})) << key;
  }
}

void ExpectSample(Parser& parser, const Json& expected, Compare compare) {
  const Entry& entry = parser.entry();
  ExpectTime(entry.start_timestamp, expected, "start_t_ms");
  // What stands in a message has no text.
  if (expected.contains("series")) {
    EXPECT_EQ(entry.series, expected.at("series").get<std::string>());
  }
  if (compare == Compare::kStartTimesOnly) return;
  const auto labels = parser.Labels();
  ASSERT_TRUE(labels.ok());
  EXPECT_EQ(labels->ToString(), ToLabels(expected.at("labels")).ToString());
  ExpectTime(entry.timestamp, expected, "t_ms");
  ExpectExemplars(parser, expected);
  if (entry.kind == EntryKind::kHistogram) {
    ASSERT_NE(entry.histogram, nullptr);
    const bool is_integer = expected.contains("histogram");
    return ExpectHistogram(*entry.histogram,
                           expected.at(is_integer ? "histogram" : "float_histogram"), is_integer);
  }
  const double value = Number(expected.at("value"));
  EXPECT_TRUE(model::SameBits(entry.value, value) ||
              (std::isnan(entry.value) && std::isnan(value)));
}

void ExpectEntry(Parser& parser, const Json& expected, Compare compare) {
  const Entry& entry = parser.entry();
  ASSERT_EQ(KindText(entry.kind), expected.at("entry").get<std::string>());
  if (entry.kind == EntryKind::kSeries || entry.kind == EntryKind::kHistogram) {
    return ExpectSample(parser, expected, compare);
  }
  if (entry.kind != EntryKind::kComment) {
    EXPECT_EQ(entry.metric, expected.at("metric").get<std::string>());
  }
  if (entry.kind == EntryKind::kType) {
    EXPECT_EQ(model::MetricTypeText(entry.type), expected.at("type").get<std::string>());
  } else {
    const std::string key(KindText(entry.kind));
    EXPECT_EQ(entry.text, expected.at(key).get<std::string>());
  }
}

exposition::ParserOptions ToOptions(const Json& options) {
  exposition::ParserOptions parser;
  parser.keeps_native = !options.value("ignore_native_histograms", false);
  parser.keeps_classic = options.value("parse_classic_histograms", false);
  parser.with_type_and_unit = options.value("type_and_unit_labels", false);
  parser.converts_classic = options.value("convert_classic_histograms_to_nhcb", false);
  parser.reads_created = options.value("created_lines_become_start_time", false);
  return parser;
}

void ExpectEntries(Parser& parser, const Json& c) {
  const Compare compare = c.contains("compare") ? Compare::kStartTimesOnly : Compare::kAll;
  auto kind = parser.Next();
  for (const Json& expected : c.at("entries")) {
    SCOPED_TRACE(expected.dump());
    ASSERT_TRUE(kind.ok()) << kind.error().message();
    ExpectEntry(parser, expected, compare);
    kind = parser.Next();
  }
  ASSERT_TRUE(kind.ok()) << kind.error().message();
  EXPECT_EQ(*kind, EntryKind::kEnd);
}

TEST(ParserConformance, Entries) {
  NARTHEX_READ_CORPUS(text, "textparse/entries.json");
  for (const Json& c : ParseCases(text)) {
    SCOPED_TRACE(c.at("name"));
    const std::string input = Text(c, "input");
    Parser parser(input, ToFormat(c), ToOptions(c.at("options")));
    ExpectEntries(parser, c);
  }
}

TEST(ParserConformance, Protobuf) {
  NARTHEX_READ_CORPUS(text, "textparse/protobuf.json");
  for (const Json& c : ParseCases(text)) {
    SCOPED_TRACE(c.at("name"));
    NARTHEX_READ_CORPUS(body, "textparse/" + c.at("file").get<std::string>());
    Parser parser(body, Format::kProtobuf, ToOptions(c.value("options", Json::object())));
    if (c.contains("entries")) {
      ExpectEntries(parser, c);
      continue;
    }
    auto kind = parser.Next();
    while (kind.ok() && *kind != EntryKind::kEnd) kind = parser.Next();
    ASSERT_EQ(kind.ok(), c.value("ok", true));
    if (kind.ok()) continue;
    EXPECT_NE(kind.error().message().find(c.at("error_contains")), std::string::npos)
        << kind.error().message();
  }
}

TEST(ParserConformance, TextDocumentsOfOtherParsers) {
  NARTHEX_READ_CORPUS(text, "textparse/text_python.json");
  for (const Json& c : ParseCases(text)) {
    SCOPED_TRACE(c.dump(-1, ' ', true, Json::error_handler_t::replace));
    const std::string input = Text(c, c.contains("text") ? "text" : "input");
    Parser parser(input, Format::kText);
    auto kind = parser.Next();
    while (kind.ok() && *kind != EntryKind::kEnd) kind = parser.Next();
    EXPECT_TRUE(kind.ok()) << kind.error().message();
  }
}

// Expositions of real programs, and the same again as a scrape does that knows their series.
TEST(ParserConformance, WholeExpositions) {
  const struct {
    std::string path;
    Format format;
  } inputs[] = {
      {"textparse/inputs/1histogram.om.txt", Format::kOpenMetrics},
      {"textparse/inputs/alltypes.237mfs.nometa.prom.txt", Format::kText},
      {"textparse/inputs/alltypes.237mfs.prom.txt", Format::kText},
      {"textparse/inputs/alltypes.5mfs.om.txt", Format::kOpenMetrics},
      {"textparse/inputs/expfmt.prom.txt", Format::kText},
      {"textparse/inputs/nhcb_openmetrics.om.txt", Format::kOpenMetrics},
      {"textparse/inputs/nhcb_text.prom.txt", Format::kText},
  };
  for (const auto& input : inputs) {
    SCOPED_TRACE(input.path);
    NARTHEX_READ_CORPUS(body, input.path);
    std::vector<std::pair<std::string, double>> read;
    Parser parser(body, input.format);
    auto kind = parser.Next();
    for (; kind.ok() && *kind != EntryKind::kEnd; kind = parser.Next()) {
      if (*kind != EntryKind::kSeries) continue;
      EXPECT_TRUE(parser.Labels().ok());
      read.emplace_back(parser.entry().series, parser.entry().value);
    }
    ASSERT_TRUE(kind.ok()) << kind.error().message();
    EXPECT_GT(read.size(), 5u);

    Parser again(body, input.format);
    for (std::size_t i = 0; i < read.size();) {
      const std::string_view line = again.PeekLine();
      const std::string& series = read[i].first;
      if (!line.starts_with(series) || !again.NextIfKnown(line, series.size())) {
        const auto other = again.Next();
        ASSERT_TRUE(other.ok());
        if (*other != EntryKind::kSeries) continue;
        // Only a line with more behind its value has to be read in full.
        ASSERT_EQ(again.entry().series, series);
        EXPECT_NE(line.find(' ', series.size() + 1), std::string_view::npos) << line;
      }
      EXPECT_TRUE(model::SameBits(again.entry().value, read[i].second));
      ++i;
    }
  }
}

TEST(ParserConformance, WholeProtobufExpositions) {
  for (const char* const path :
       {"textparse/inputs/expfmt.binpb", "textparse/inputs/expfmt_multimessage.binpb",
        "textparse/protobuf/classic_histograms.binpb",
        "textparse/protobuf/proto_buf_histogram.binpb"}) {
    SCOPED_TRACE(path);
    NARTHEX_READ_CORPUS(body, path);
    Parser parser(body, Format::kProtobuf);
    std::size_t sample_count = 0;
    auto kind = parser.Next();
    for (; kind.ok() && *kind != EntryKind::kEnd; kind = parser.Next()) {
      if (*kind != EntryKind::kSeries && *kind != EntryKind::kHistogram) continue;
      EXPECT_TRUE(parser.Labels().ok());
      ++sample_count;
    }
    ASSERT_TRUE(kind.ok()) << kind.error().message();
    EXPECT_GE(sample_count, 1u);
  }
}

TEST(FormatConformance, ContentType) {
  NARTHEX_READ_CORPUS(text, "textparse/content_type.json");
  for (const Json& c : ParseCases(text)) {
    SCOPED_TRACE(c.dump());
    const Json& fallback = c.at("fallback_scrape_protocol");
    const auto choice = exposition::ChooseFormat(
        c.at("content_type").get<std::string>(),
        fallback.is_null() ? std::nullopt
                           : exposition::ParseScrapeProtocol(fallback.get<std::string>()));
    ASSERT_EQ(choice.ok(), !c.at("parser").is_null());
    const std::string message = choice.ok() ? choice->warning : choice.error().message();
    if (c.at("error_contains").is_null()) {
      EXPECT_EQ(message, "");
    } else {
      EXPECT_NE(message.find(c.at("error_contains")), std::string::npos) << message;
    }
    if (!choice.ok()) continue;
    const std::string_view names[] = {"text", "openmetrics", "protobuf"};
    EXPECT_EQ(names[static_cast<std::size_t>(choice->format)], c.at("parser").get<std::string>());
  }
}

}  // namespace
}  // namespace narthex::conformance
