#include "dashboard/document.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "json/reader.h"

namespace narthex::dashboard {
namespace {

json::Value Parsed(std::string_view text) {
  auto value = json::Parse(text);
  EXPECT_TRUE(value.ok()) << text;
  return value.ok() ? std::move(value).value() : json::Value();
}

TEST(Summarise, ReadsWhatTheBackEndNeeds) {
  auto summary = Summarise(Parsed(R"({
    "id": 7, "uid": "abc-_1", "title": " CPU ", "tags": ["a", "b", "a", 3, ""], "schemaVersion": 39, "version": 4,
    "refresh": "5s",
    "panels": [{"type":"row","panels":[{"type":"stat"}]},{"type":"row"},{"type":"timeseries"}]})"));
  ASSERT_TRUE(summary.ok());
  EXPECT_EQ(summary->id, 7);
  EXPECT_EQ(summary->uid, "abc-_1");
  EXPECT_EQ(summary->title, "CPU");
  EXPECT_EQ(summary->tags, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(summary->schema_version, 39);
  EXPECT_EQ(summary->version, 4);
  EXPECT_EQ(summary->refresh, "5s");
  EXPECT_EQ(summary->panel_count, 2u);
}

TEST(Summarise, CountsPanelsInOldRows) {
  auto summary = Summarise(
      Parsed(R"({"title":"x","rows":[{"panels":[{"type":"graph"},{}]},{"panels":[{}]}]})"));
  ASSERT_TRUE(summary.ok());
  EXPECT_EQ(summary->panel_count, 3u);
}

TEST(Summarise, RefusesAndSaysWhy) {
  const struct {
    std::string text;
    ErrorCode code;
    std::string want;
  } cases[] = {
      {"[]", ErrorCode::kInvalidArgument, "a dashboard must be a JSON object, not an array"},
      {"3", ErrorCode::kInvalidArgument, "a dashboard must be a JSON object, not a number"},
      {"{}", ErrorCode::kInvalidArgument, "Dashboard title cannot be empty"},
      {R"({"title":"  "})", ErrorCode::kInvalidArgument, "Dashboard title cannot be empty"},
      {R"({"title":5})", ErrorCode::kInvalidArgument, "Dashboard title cannot be empty"},
      {"{\"title\":\"" + std::string(5001, 'x') + "\"}", ErrorCode::kInvalidArgument,
       "Dashboard title cannot contain more than 5000 characters"},
      {R"({"title":"x","uid":"a/b"})", ErrorCode::kInvalidArgument,
       "uid contains illegal characters"},
      {"{\"title\":\"x\",\"uid\":\"" + std::string(41, 'x') + "\"}", ErrorCode::kInvalidArgument,
       "uid too long, max 40 characters"},
      {R"({"apiVersion":"dashboard.grafana.app/v2beta1","kind":"Dashboard","spec":{}})",
       ErrorCode::kUnsupported,
       "resource of dashboard.grafana.app/v2beta1 is not supported; export the dashboard in the "
       "classic form"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.want);
    auto summary = Summarise(Parsed(c.text));
    ASSERT_FALSE(summary.ok());
    EXPECT_EQ(summary.error().code(), c.code);
    EXPECT_EQ(summary.error().message(), c.want);
  }
}

TEST(Slug, KeepsLettersAndDigits) {
  const struct {
    std::string title;
    std::string want;
  } cases[] = {
      {"Test Dashboard", "test-dashboard"},
      {"  CPU / Memory (all) ", "cpu-memory-all"},
      {"a_b--c", "a_b-c"},
      {"Übersicht", "bersicht"},
      {"日本", "dashboard"},
      {"", "dashboard"},
  };
  for (const auto& c : cases) EXPECT_EQ(Slug(c.title), c.want);
}

TEST(ApplyInputs, FillsValuesButNotKeys) {
  const ImportInput inputs[] = {{"DS_PROM", "datasource", "uid1"}, {"VAR_N", "constant", "5"}};
  auto document = ApplyInputs(Parsed(R"({
      "__inputs":[{"name":"DS_PROM","type":"datasource"},{"name":"VAR_N","type":"constant"}],"__requires":[],
      "title":"${VAR_N} of ${other} ${","${VAR_N}":["${${DS_PROM}}"]})"),
                              inputs);
  ASSERT_TRUE(document.ok());
  EXPECT_EQ(json::Print(*document), R"({"title":"5 of ${other} ${","${VAR_N}":["${uid1}"]})");
}

TEST(ApplyInputs, NamesTheInputThatIsMissing) {
  const ImportInput inputs[] = {{"DS_PROM", "constant", "uid1"}};
  auto document =
      ApplyInputs(Parsed(R"({"__inputs":[{"name":"DS_PROM","type":"datasource"}]})"), inputs);
  ASSERT_FALSE(document.ok());
  EXPECT_EQ(document.error().message(),
            "Dashboard input variable: DS_PROM missing from import command");
}

TEST(ApplyInputs, StarMatchesEveryName) {
  const ImportInput inputs[] = {{"*", "datasource", "u"}};
  auto document =
      ApplyInputs(Parsed(R"({"__inputs":[{"name":"A","type":"datasource"}],"x":"${A}"})"), inputs);
  ASSERT_TRUE(document.ok());
  EXPECT_EQ(json::Print(*document), R"({"x":"u"})");
}

TEST(ApplyInputs, ValuesInManyPlacesAreBounded) {
  std::string places;
  for (int i = 0; i < 1000; ++i) places += "${A}";
  const json::Value document = Parsed(
      R"({"__inputs":[{"name":"A","type":"constant"}],"x":")" + places + R"(","y":["${A}"]})");
  const ImportInput fits[] = {{"A", "constant", std::string(16'000, 'x')}};
  auto filled = ApplyInputs(document, fits);
  ASSERT_TRUE(filled.ok());
  EXPECT_EQ((*filled)["x"].AsString().size(), 16'000'000u);
  const ImportInput too_long[] = {{"A", "constant", std::string(17'000, 'x')}};
  EXPECT_EQ(ApplyInputs(document, too_long).code(), ErrorCode::kResourceExhausted);
}

TEST(ApplyInputs, HostileTextCostsLinearTime) {
  std::string text;
  for (int i = 0; i < 300'000; ++i) text += "${";
  json::Value document = json::Value::MakeObject();
  document.Set("x", json::Value(text + "}"));
  const ImportInput inputs[] = {{"A", "datasource", "u"}};
  auto filled = ApplyInputs(document, inputs);
  ASSERT_TRUE(filled.ok());
  EXPECT_EQ((*filled)["x"].AsString().size(), text.size() + 1);
}

}  // namespace
}  // namespace narthex::dashboard
