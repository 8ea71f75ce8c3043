// The strict readers of expositions against the conformance corpus.
#include <gtest/gtest.h>

#include "corpus.h"
#include "exposition/checker.h"
#include "json_cases.h"

namespace narthex::conformance {
namespace {

void ExpectChecked(const std::string& table) {
  for (const Json& c : ParseCases(table)) {
    SCOPED_TRACE(c.dump(-1, ' ', true, Json::error_handler_t::replace));
    const Status status = exposition::CheckOpenMetrics(Text(c, "input"));
    EXPECT_EQ(status.ok(), c.at("ok").get<bool>()) << (status.ok() ? "" : status.error().message());
  }
}

TEST(CheckerConformance, OpenMetricsSuite) {
  NARTHEX_READ_CORPUS(table, "textparse/openmetrics_suite.json");
  ExpectChecked(table);
}

TEST(CheckerConformance, OpenMetricsDocumentsOfOtherParsers) {
  NARTHEX_READ_CORPUS(table, "textparse/openmetrics_python.json");
  ExpectChecked(table);
}

TEST(CheckerConformance, Text) {
  NARTHEX_READ_CORPUS(table, "textparse/expfmt_text.json");
  for (const Json& c : ParseCases(table)) {
    SCOPED_TRACE(c.dump(-1, ' ', true, Json::error_handler_t::replace));
    const std::string input = Text(c, "input");
    const std::string error = c.value("error_starts_with", "");
    const Status status = exposition::CheckText(input);
    // What only legacy names make wrong has no error here.
    EXPECT_EQ(status.ok(), error.empty()) << (status.ok() ? "" : status.error().message());
    if (!status.ok()) {
      EXPECT_TRUE(status.error().message().starts_with(error)) << status.error().message();
    }
    if (!c.contains("error_starts_with_legacy_names")) continue;
    const auto legacy_error = c.at("error_starts_with_legacy_names").get<std::string>();
    const Status legacy = exposition::CheckText(input, model::NameValidation::kLegacy);
    ASSERT_FALSE(legacy.ok());
    EXPECT_TRUE(legacy.error().message().starts_with(legacy_error)) << legacy.error().message();
  }
}

}  // namespace
}  // namespace narthex::conformance
