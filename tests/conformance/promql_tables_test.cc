// Tables of the corpus about the engine and the notation of series.
#include <fmt/format.h>

#include "corpus.h"
#include "json_cases.h"
#include "json_histogram.h"
#include "model/histogram_buckets.h"
#include "promql/series_description.h"
#include "script/check.h"
#include "script/runner.h"

namespace narthex::conformance {
namespace {

model::LabelSet LabelsOf(const Json& object) {
  std::vector<std::pair<std::string, std::string>> labels;
  for (const auto& [name, value] : object.items()) {
    labels.emplace_back(name, value.get<std::string>());
  }
  return model::LabelSet::From(std::move(labels));
}

// The result in the tables' form.
Json Show(const engine::QueryResult& result) {
  const auto metric = [](const model::LabelSet& labels) {
    Json out = Json::object();
    for (const model::Label& label : labels) out[std::string(label.name)] = label.value;
    return out;
  };
  Json series = Json::array();
  if (const auto* vector = std::get_if<engine::Vector>(&result.value)) {
    for (const auto& sample : *vector) {
      series.push_back({{"metric", metric(sample.labels)},
                        {"value", {sample.sample.timestamp, sample.sample.value}}});
    }
    std::sort(series.begin(), series.end());
    return series;
  }
  if (const auto* matrix = std::get_if<engine::Matrix>(&result.value)) {
    for (const auto& entry : *matrix) {
      Json values = Json::array();
      for (const auto& sample : entry.samples) values.push_back({sample.timestamp, sample.value});
      series.push_back({{"metric", metric(entry.labels)}, {"values", std::move(values)}});
    }
    return series;
  }
  const auto* scalar = std::get_if<model::Sample>(&result.value);
  return scalar == nullptr ? Json() : Json{scalar->timestamp, scalar->value};
}

void AddExtraSamples(const Json& c, storage::MemoryStore& store) {
  if (!c.contains("extra_samples")) return;
  for (const Json& extra : c.at("extra_samples")) {
    const model::LabelSet labels = LabelsOf(extra.at("metric"));
    if (extra.contains("t_ms")) {
      store.Append(labels, extra.at("t_ms").get<std::int64_t>(), extra.at("value").get<double>());
      continue;
    }
    // From the first, the value is 1 - t in seconds.
    const auto from = extra.at("from_ms").get<std::int64_t>();
    const auto to = extra.at("to_ms").get<std::int64_t>();
    const auto step = extra.at("step_ms").get<std::int64_t>();
    for (std::int64_t t = from; t <= to; t += step) {
      const double value =
          t == from ? extra.at("first").get<double>() : 1 - static_cast<double>(t) / 1000;
      store.Append(labels, t, value);
    }
  }
}

Result<engine::QueryResult> RunCase(const Json& c, engine::Engine& engine,
                                    storage::MemoryStore& store) {
  const auto query = c.at("query").get<std::string>();
  if (c.contains("time_ms")) {
    return engine.Instant(store, query, c.at("time_ms").get<std::int64_t>());
  }
  return engine.Range(store, query,
                      {c.at("start_ms").get<std::int64_t>(), c.at("end_ms").get<std::int64_t>(),
                       std::chrono::milliseconds(c.at("step_ms").get<std::int64_t>())});
}

TEST(PromqlTables, SelectorsGiveExactSamples) {
  NARTHEX_READ_CORPUS(text, "promql/engine_selectors.json");
  const Json table = Json::parse(text);
  ASSERT_FALSE(table.at("cases").empty());
  for (const Json& c : table.at("cases")) {
    const auto id = c.at("id").get<std::string>();
    SCOPED_TRACE(id);
    engine::EngineOptions options = script::ScriptOptions();
    options.samples_max = 100'000;
    engine::Engine engine(options);
    script::ScriptRunner runner(engine);
    ASSERT_TRUE(runner.Run(c.at("load").get<std::string>()).ok());
    AddExtraSamples(c, runner.store());
    const auto result = RunCase(c, engine, runner.store());
    std::string failure = result.ok() ? "" : result.error().message();
    if (result.ok()) {
      Json want = c.at("result").at("result");
      const Json got = Show(result.value());
      if (c.at("result").at("type") == "vector") std::sort(want.begin(), want.end());
      if (got != want) failure = "got " + got.dump() + "\n  want " + want.dump();
    }
    EXPECT_EQ(failure, "") << id << " " << c.at("query");
  }
}

TEST(PromqlTables, LookbackHidesOldSamples) {
  NARTHEX_READ_CORPUS(text, "promql/lookback.json");
  const Json table = Json::parse(text);
  ASSERT_FALSE(table.at("cases").empty());
  for (const Json& c : table.at("cases")) {
    SCOPED_TRACE(c.at("name").get<std::string>());
    engine::EngineOptions options = script::ScriptOptions();
    options.lookback = std::chrono::milliseconds(c.at("engine_lookback_ms").get<std::int64_t>());
    engine::Engine engine(options);
    script::ScriptRunner runner(engine);
    ASSERT_TRUE(runner.Run("load 5m\n  metric 0 1 2\n").ok());
    engine::QueryOptions query;
    query.lookback = std::chrono::milliseconds(c.at("query_lookback_ms").get<std::int64_t>());
    const auto result =
        engine.Instant(runner.store(), "metric", c.at("time_ms").get<std::int64_t>(), query);
    ASSERT_TRUE(result.ok());
    EXPECT_EQ(!std::get<engine::Vector>(result->value).empty(), c.at("expect_samples").get<bool>());
  }
}

TEST(PromqlTables, RatesNoteWhatIsNoCounter) {
  NARTHEX_READ_CORPUS(text, "promql/rate_annotations.json");
  const Json table = Json::parse(text);
  ASSERT_FALSE(table.at("cases").empty());
  for (const Json& c : table.at("cases")) {
    engine::EngineOptions options = script::ScriptOptions();
    options.has_type_and_unit_labels = c.at("type_and_unit_labels").get<bool>();
    engine::Engine engine(options);
    script::ScriptRunner runner(engine);
    ASSERT_TRUE(runner.Run(c.at("load").get<std::string>()).ok());
    const auto query = c.at("query").get<std::string>();
    const auto result = engine.Instant(runner.store(), query, c.at("time_ms").get<std::int64_t>());
    ASSERT_TRUE(result.ok());
    SCOPED_TRACE(c.at("id").get<std::string>() + " " + query);
    EXPECT_EQ(Json(result->warnings), c.at("warnings"));
    EXPECT_EQ(Json(result->infos), c.at("infos"));
  }
}

void ExpectHistograms(const std::vector<promql::DescribedValue>& got, const Json& wanted) {
  ASSERT_EQ(got.size(), wanted.size());
  for (std::size_t i = 0; i < got.size(); ++i) {
    ASSERT_NE(got[i].histogram, nullptr);
    const model::FloatHistogram want = ReadHistogram(wanted.at(i));
    EXPECT_TRUE(script::SameHistogram(*got[i].histogram, want))
        << model::ToString(*got[i].histogram);
    EXPECT_EQ(got[i].histogram->reset_hint, want.reset_hint);
  }
}

// The table is about writing them, which nothing here does.
TEST(PromqlTables, HistogramLiteralsAreReadBack) {
  NARTHEX_READ_CORPUS(text, "promql_parse/histogram_literal.json");
  for (const Json& c : ParseCases(text)) {
    const auto literal = c.at("literal").get<std::string>();
    SCOPED_TRACE(literal);
    const auto description = promql::ParseSeriesDescription("a " + literal);
    ASSERT_TRUE(description.ok()) << description.error().message();
    ExpectHistograms(description->values, Json::array({c.at("histogram")}));
  }
}

TEST(PromqlTables, StartOffsetsAreReadOrRefused) {
  NARTHEX_READ_CORPUS(text, "promql/st_sequence.json");
  const Json table = Json::parse(text);
  ASSERT_FALSE(table.at("cases").empty());
  for (const Json& c : table.at("cases")) {
    const auto input = c.at("input").get<std::string>();
    SCOPED_TRACE(input);
    const auto offsets = promql::ParseStartOffsets(input);
    ASSERT_EQ(offsets.ok(), c.value("ok", true));
    if (!offsets.ok()) continue;
    const Json wanted = c.value("values", Json::array());
    ASSERT_EQ(offsets->size(), wanted.size());
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      const std::optional<std::int64_t>& offset = offsets.value()[i];
      ASSERT_EQ(offset.has_value(), wanted[i] != "_");
      if (offset) {
        EXPECT_EQ(static_cast<double>(*offset), wanted[i].get<double>());
      }
    }
  }
}

TEST(PromqlTables, SeriesLinesAreReadOrRefused) {
  NARTHEX_READ_CORPUS(text, "promql_parse/series_description.json");
  const Json table = Json::parse(text);
  ASSERT_FALSE(table.at("cases").empty());
  for (const Json& c : table.at("cases")) {
    const auto input = c.at("input").get<std::string>();
    SCOPED_TRACE(input);
    const auto description = promql::ParseSeriesDescription(input);
    ASSERT_EQ(description.ok(), c.at("ok").get<bool>());
    if (!description.ok()) {
      const std::string& message = description.error().message();
      if (c.contains("error_contains")) {
        EXPECT_NE(message.find(c.at("error_contains").get<std::string>()), std::string::npos)
            << message;
      }
      continue;
    }
    if (c.contains("labels")) {
      EXPECT_EQ(description->labels, LabelsOf(c.at("labels")));
    }
    if (c.contains("histograms")) ExpectHistograms(description->values, c.at("histograms"));
    if (!c.contains("values")) continue;
    ASSERT_EQ(description->values.size(), c.at("values").size());
    for (std::size_t i = 0; i < description->values.size(); ++i) {
      const promql::DescribedValue& value = description->values[i];
      const bool is_omitted = value.kind == promql::DescribedValue::Kind::kOmitted;
      ASSERT_EQ(is_omitted, c.at("values").at(i) == "_");
      if (!is_omitted) {
        EXPECT_TRUE(script::SameValue(value.value, Number(c.at("values").at(i))));
      }
    }
  }
}

TEST(PromqlTables, RunnerTellsGoodScriptsFromBad) {
  NARTHEX_READ_CORPUS(text, "promql/runner_cases.json");
  const Json table = Json::parse(text);
  ASSERT_FALSE(table.at("cases").empty());
  for (const Json& c : table.at("cases")) {
    engine::Engine engine(script::ScriptOptions());
    const auto results = script::ScriptRunner(engine).Run(c.at("script").get<std::string>());
    std::string reason = results.ok() ? "" : results.error().message();
    if (results.ok()) {
      for (const script::ScriptResult& result : results.value()) {
        if (reason.empty()) reason = result.failure;
      }
    }
    EXPECT_EQ(reason.empty(), c.at("ok").get<bool>())
        << c.at("id") << " " << c.at("name") << ": " << reason;
  }
}

TEST(PromqlTables, ComplianceQueriesRun) {
  NARTHEX_READ_CORPUS(text, "compliance/promql_queries.json");
  const Json table = Json::parse(text);
  ASSERT_FALSE(table.at("cases").empty());
  engine::EngineOptions options = script::ScriptOptions();
  options.samples_max = 1'000'000;
  engine::Engine engine(options);
  script::ScriptRunner runner(engine);
  ASSERT_TRUE(runner
                  .Run("load 10s\n"
                       "  demo_memory_usage_bytes{instance=\"a\", type=\"free\"} 1+2x200\n"
                       "  demo_cpu_usage_seconds_total{instance=\"a\", mode=\"idle\"} 0+1x200\n"
                       "  demo_num_cpus{instance=\"a\", job=\"demo\"} 4x200\n")
                  .ok());
  for (const Json& c : table.at("cases")) {
    // Names that are no legacy label names are refused by old versions only.
    if (c.value("should_fail", false)) continue;
    const auto query = c.at("query").get<std::string>();
    const auto result =
        engine.Range(runner.store(), query, {600'000, 1'200'000, std::chrono::seconds(10)});
    EXPECT_TRUE(result.ok()) << query << ": " << result.error().message();
  }
}

}  // namespace
}  // namespace narthex::conformance
