// Runs the engine scripts of the corpus.
#include <algorithm>
#include <fstream>

#include "corpus.h"
#include "script/runner.h"

namespace narthex::conformance {
namespace {

void RunScript(const std::string& path, const engine::EngineOptions& options) {
  NARTHEX_READ_CORPUS(script, path);
  engine::Engine engine(options);
  const auto results = script::ScriptRunner(engine).Run(script);
  ASSERT_TRUE(results.ok()) << path << ": " << results.error().message();
  ASSERT_FALSE(results->empty());
  for (const script::ScriptResult& result : results.value()) {
    EXPECT_EQ(result.failure, "") << path << ":" << result.line << " " << result.query;
  }
}

class PromqlScript : public testing::TestWithParam<std::string> {};

TEST_P(PromqlScript, GivesWhatTheScriptExpects) {
  RunScript("promql/" + GetParam() + ".test", script::ScriptOptions());
}

INSTANTIATE_TEST_SUITE_P(Corpus, PromqlScript,
                         testing::Values("aggregators", "at_modifier", "collision",
                                         "duration_expression", "extended_vectors", "fill-modifier",
                                         "functions", "histograms", "info", "limit", "literals",
                                         "name_label_dropping", "native_histograms", "operators",
                                         "range_queries", "selectors", "staleness",
                                         "start_timestamps", "subquery", "trig_functions",
                                         "type_and_unit"),
                         [](const auto& script) {
                           std::string name = script.param;
                           std::ranges::replace(name, '-', '_');
                           return name;
                         });

// Scripts of our own; all of them must pass.
TEST(EngineScripts, GiveWhatTheyExpect) {
  const auto folder = std::filesystem::path(NARTHEX_SOURCE_DIR) / "src/query/engine/tests/testdata";
  std::size_t eval_count = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    std::ifstream file(entry.path());
    const std::string script(std::istreambuf_iterator<char>(file), {});
    engine::Engine engine(script::ScriptOptions());
    const auto results = script::ScriptRunner(engine).Run(script);
    ASSERT_TRUE(results.ok()) << entry.path() << ": " << results.error().message();
    for (const script::ScriptResult& result : results.value()) {
      ++eval_count;
      EXPECT_EQ(result.failure, "") << entry.path() << ":" << result.line << " " << result.query;
    }
  }
  EXPECT_GT(eval_count, 0U);
}

TEST(PromqlScriptOptions, NamesAreRemovedAtOnce) {
  engine::EngineOptions options = script::ScriptOptions();
  options.delays_name_removal = false;
  RunScript("promql/options/delayed_name_removal_disabled.test", options);
}

}  // namespace
}  // namespace narthex::conformance
