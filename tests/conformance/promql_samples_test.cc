// The table of the corpus about the samples limit.
#include <fmt/format.h>

#include "corpus.h"
#include "json_cases.h"
#include "script/runner.h"

namespace narthex::conformance {
namespace {

Result<engine::QueryResult> RunLimited(const Json& c, const std::string& load,
                                       std::size_t samples_max) {
  engine::EngineOptions options = script::ScriptOptions();
  options.samples_max = samples_max;
  engine::Engine engine(options);
  script::ScriptRunner runner(engine);
  NARTHEX_TRY(runner.Run(load));
  const auto query = c.at("query").get<std::string>();
  const auto start = c.at("start_ms").get<std::int64_t>();
  if (!c.contains("step_ms")) return engine.Instant(runner.store(), query, start);
  const std::chrono::milliseconds step(c.at("step_ms").get<std::int64_t>());
  return engine.Range(runner.store(), query, {start, c.at("end_ms").get<std::int64_t>(), step});
}

TEST(PromqlSamples, TheLimitCountsWhatUpstreamHolds) {
  NARTHEX_READ_CORPUS(text, "promql/max_samples.json");
  const auto load = Json::parse(text).at("load").get<std::string>();
  for (const Json& c : ParseCases(text)) {
    SCOPED_TRACE(c.at("id").get<std::string>() + ": " + c.at("query").get<std::string>());
    const auto peak = c.at("peak_samples").get<std::size_t>();
    const auto enough = RunLimited(c, load, peak);
    ASSERT_TRUE(enough.ok()) << enough.error().message();
    EXPECT_EQ(enough->stats.samples_peak, peak);
    const auto scarce = RunLimited(c, load, peak - 1);
    ASSERT_EQ(scarce.code(), ErrorCode::kResourceExhausted);
    EXPECT_EQ(scarce.error().message(),
              "query processing would load too many samples into memory in query execution");
  }
}

}  // namespace
}  // namespace narthex::conformance
