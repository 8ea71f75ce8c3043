// Parsing of expositions against the conformance corpus.
#include <gtest/gtest.h>

#include "corpus.h"
#include "exposition/parser.h"
#include "json_cases.h"
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
  }
  return "";
}

void ExpectExemplar(const Parser& parser, const Json& expected) {
  ASSERT_EQ(parser.entry().has_exemplar, expected.contains("exemplars"));
  if (!parser.entry().has_exemplar) return;
  const Json& json = expected.at("exemplars").at(0);
  const exposition::Exemplar exemplar = parser.GetExemplar();
  EXPECT_EQ(exemplar.labels, ToLabels(json.at("labels")));
  EXPECT_EQ(exemplar.value, Number(json.at("value")));
  EXPECT_EQ(exemplar.timestamp.has_value(), json.contains("t_ms"));
  if (exemplar.timestamp) {
    EXPECT_EQ(*exemplar.timestamp, json.value("t_ms", TimestampMs{0}));
  }
}

void ExpectSeries(Parser& parser, const Json& expected) {
  const Entry& entry = parser.entry();
  EXPECT_EQ(entry.series, expected.at("series").get<std::string>());
  if (!expected.contains("labels")) return;
  const auto labels = parser.Labels();
  ASSERT_TRUE(labels.ok());
  EXPECT_EQ(labels->ToString(), ToLabels(expected.at("labels")).ToString());
  const double value = Number(expected.at("value"));
  EXPECT_TRUE(model::SameBits(entry.value, value) ||
              (std::isnan(entry.value) && std::isnan(value)));
  EXPECT_EQ(entry.timestamp.has_value(), expected.contains("t_ms"));
  if (entry.timestamp) {
    EXPECT_EQ(*entry.timestamp, expected.value("t_ms", TimestampMs{0}));
  }
  ExpectExemplar(parser, expected);
}

void ExpectEntry(Parser& parser, const Json& expected) {
  const Entry& entry = parser.entry();
  ASSERT_EQ(KindText(entry.kind), expected.at("entry").get<std::string>());
  if (entry.kind == EntryKind::kSeries) return ExpectSeries(parser, expected);
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

bool IsCreatedLine(const Parser& parser) {
  const Entry& entry = parser.entry();
  return entry.kind == EntryKind::kSeries &&
         entry.series.find("_created") != std::string_view::npos;
}

TEST(ParserConformance, Entries) {
  NARTHEX_READ_CORPUS(text, "textparse/entries.json");
  int case_count = 0;
  for (const Json& c : ParseCases(text)) {
    const Json& options = c.at("options");
    // Conversion of histograms and the labels __type__ and __unit__ are not the parser's.
    if (options.contains("convert_classic_histograms_to_nhcb")) continue;
    if (options.at("type_and_unit_labels").get<bool>()) continue;
    ++case_count;
    SCOPED_TRACE(c.at("name"));
    const std::string input = Text(c, "input");
    Parser parser(input, ToFormat(c));
    auto kind = parser.Next();
    for (const Json& expected : c.at("entries")) {
      SCOPED_TRACE(expected.dump());
      // The corpus turns _created lines into start times; for this parser they are samples.
      while (kind.ok() && IsCreatedLine(parser) &&
             parser.entry().series != expected.value("series", std::string())) {
        kind = parser.Next();
      }
      ASSERT_TRUE(kind.ok()) << kind.error().message();
      ExpectEntry(parser, expected);
      kind = parser.Next();
    }
    while (kind.ok() && *kind != EntryKind::kEnd && IsCreatedLine(parser)) kind = parser.Next();
    ASSERT_TRUE(kind.ok()) << kind.error().message();
    EXPECT_EQ(*kind, EntryKind::kEnd);
  }
  EXPECT_GE(case_count, 4);
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
