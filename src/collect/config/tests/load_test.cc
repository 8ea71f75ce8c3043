#include "config/load.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "config/size.h"
#include "yaml/emit.h"

namespace narthex::config {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

LoadedConfig Load(std::string_view text, const LoadOptions& options = {}) {
  Result<LoadedConfig> loaded = LoadText(text, "test.yml", "/etc/demo", options);
  if (!loaded.ok()) {
    ADD_FAILURE() << loaded.error().message();
    return {};
  }
  return *std::move(loaded);
}

TEST(Load, GivesDefaultsForAnEmptyFile) {
  const Config config = Load("").config;
  EXPECT_EQ(config.global.scrape_interval, std::chrono::minutes(1));
  EXPECT_EQ(config.global.scrape_timeout, std::chrono::seconds(10));
  EXPECT_EQ(config.global.evaluation_interval, std::chrono::minutes(1));
  EXPECT_TRUE(config.scrape_configs.empty());
}

TEST(Load, CompletesAJobFromGlobal) {
  const Config config = Load(
                            "global: {scrape_interval: 2s, sample_limit: 7, label_limit: 3}\n"
                            "scrape_configs:\n"
                            "- job_name: a\n"
                            "  sample_limit: 9\n"
                            "  params: {module: [x, y]}\n"
                            "  static_configs: [{targets: ['h:1', 'h:2'], labels: {env: prod}}]\n"
                            "  relabel_configs: [{source_labels: [job], target_label: team}]\n")
                            .config;
  ASSERT_EQ(config.scrape_configs.size(), 1u);
  const ScrapeConfig& scrape = config.scrape_configs[0];
  EXPECT_EQ(scrape.scrape_interval, std::chrono::seconds(2));
  EXPECT_EQ(scrape.scrape_timeout, std::chrono::seconds(2));
  EXPECT_EQ(scrape.limits.sample_limit, 9u);
  EXPECT_EQ(scrape.limits.label_limit, 3u);
  EXPECT_EQ(scrape.metrics_path, "/metrics");
  EXPECT_TRUE(scrape.honor_timestamps);
  EXPECT_THAT(scrape.params.at("module"), ElementsAre("x", "y"));
  EXPECT_THAT(scrape.static_configs[0].targets, ElementsAre("h:1", "h:2"));
  EXPECT_EQ(scrape.static_configs[0].labels.Get("env"), "prod");
  EXPECT_EQ(scrape.relabel_configs[0].target_label, "team");
  EXPECT_EQ(scrape.scrape_protocols.front(), ScrapeProtocol::kOpenMetricsText100);
}

// FF-011.
TEST(Load, ProtobufComesFirstWhereThatIsPreferredAndNothingSaid) {
  const struct {
    std::string name;
    std::string global;
    ScrapeProtocol want;
  } cases[] = {
      {"nothing said", "", ScrapeProtocol::kPrometheusProto},
      {"other things said", "global: {scrape_interval: 2s}\n", ScrapeProtocol::kPrometheusProto},
      {"said", "global: {scrape_protocols: [PrometheusText0.0.4]}\n",
       ScrapeProtocol::kPrometheusText004},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    const Config config =
        Load(c.global + "scrape_configs: [{job_name: a}]\n", {.prefers_protobuf = true}).config;
    EXPECT_EQ(config.scrape_configs[0].scrape_protocols.front(), c.want);
  }
}

TEST(Load, IntervalFromOutsideReplacesTheGlobalOne) {
  const LoadOptions options{.scrape_interval = std::chrono::seconds(2)};
  for (const char* text : {"scrape_configs: [{job_name: a}]\n",
                           "global: {scrape_interval: 1m, scrape_timeout: 30s}\n"
                           "scrape_configs: [{job_name: a}]\n"}) {
    SCOPED_TRACE(text);
    const auto loaded = LoadText(text, "test.yml", "/", options);
    ASSERT_TRUE(loaded.ok()) << loaded.error().message();
    EXPECT_EQ(loaded->config.scrape_configs[0].scrape_interval, std::chrono::seconds(2));
    EXPECT_EQ(loaded->config.scrape_configs[0].scrape_timeout, std::chrono::seconds(2));
  }
}

TEST(Load, RefusesWithLineAndKey) {
  const struct {
    const char* text;
    const char* want;
  } cases[] = {
      {"globl:\n  x: 1\n",
       "parsing YAML file test.yml: yaml: unmarshal errors:\n  line 1: field globl not found in "
       "type config.plain"},
      {"global:\n  scrape_interval: 1s\n  nope: 1\n",
       "line 3: field nope not found in type config.plain"},
      {"scrape_configs:\n- job_name: a\n  honor_labels: maybe\n",
       "line 3: cannot unmarshal !!str `maybe` into bool"},
      {"scrape_configs:\n- job_name: a\n  targets: []\n  x: 1\n",
       "line 3: field targets not found in type config.ScrapeConfig\n  line 4: field x"},
      {"scrape_configs:\n- job_name: a\n  job_name: b\n",
       "line 3: field job_name already set in type config.ScrapeConfig"},
      {"scrape_configs:\n- job_name: a\n  static_configs: [{labels: {a: 1, a: 2}}]\n",
       "key \"a\" already set in map"},
      {"scrape_configs: {a: 1}\n", "line 1: cannot unmarshal !!map into a list"},
      {"scrape_configs:\n- job_name: a\n  sample_limit: -1\n",
       "line 3: cannot unmarshal !!int `-1` into uint"},
      {"global:\n  scrape_interval: 5\n", "not a valid duration string"},
      {"global:\n  scrape_interval: 1s\n  scrape_timeout: 2s\n",
       "global scrape timeout greater than scrape interval"},
      {"- a\n", "cannot unmarshal !!seq into config.plain"},
      {"global: [\n", "parsing YAML file test.yml: yaml: line 2"},
      {"scrape_configs:\n- job_name: a\n  file_sd_configs: [{files: ['*/x.yml']}]\n",
       "is not valid for file discovery"},
      {"scrape_configs:\n- job_name: a\n  scheme: ftp\n", "unsupported scheme"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.text);
    const Result<LoadedConfig> loaded = LoadText(c.text, "test.yml", "");
    ASSERT_EQ(loaded.code(), ErrorCode::kInvalidArgument);
    EXPECT_THAT(loaded.error().message(), HasSubstr(c.want));
  }
}

TEST(Load, NamesTheFileItCannotRead) {
  const Result<LoadedConfig> loaded = LoadFile("/nonexistent/prometheus.yml");
  ASSERT_EQ(loaded.code(), ErrorCode::kNotFound);
  EXPECT_THAT(loaded.error().message(), HasSubstr("/nonexistent/prometheus.yml"));
}

TEST(Load, WarnsOfWhatItKnowsAndDoesNotDo) {
  const LoadedConfig loaded = Load(
      "rule_files: [a.yml]\n"
      "alerting: {alertmanagers: [{static_configs: [{targets: ['am:9093']}]}]}\n"
      "remote_write: [{url: 'http://x'}]\n"
      "scrape_configs:\n- job_name: a\n  dns_sd_configs: [{names: [x]}]\n");
  EXPECT_THAT(loaded.warnings,
              testing::UnorderedElementsAre(
                  "line 1: rule_files is not supported yet: no rule is evaluated",
                  "line 2: alerting is not supported yet and has no effect",
                  "line 3: remote_write is not supported yet and has no effect",
                  "line 6: dns_sd_configs is not supported yet: it gives no targets"));
}

TEST(Load, WarnsOfSingleKeysWithoutEffectAndStillChecksThem) {
  const LoadedConfig loaded = Load(
      "global: {scrape_failure_log_file: q.log}\n"
      "scrape_configs:\n- job_name: a\n  proxy_url: 'http://p'\n  no_proxy: b\n"
      "  tls_config: {min_version: TLS12}\n");
  EXPECT_THAT(loaded.warnings,
              testing::UnorderedElementsAre(
                  "line 1: scrape_failure_log_file is not supported yet and has no effect",
                  "line 5: no_proxy is not supported yet and has no effect",
                  "line 6: min_version is not supported yet and has no effect"));
  EXPECT_FALSE(
      LoadText("scrape_configs: [{job_name: a, tls_config: {min_version: 7}}]\n", "t.yml", "/", {})
          .ok());
}

TEST(Load, ExpandsEnvironmentInExternalLabelsOnly) {
  const LoadOptions options{
      .environment = [](const std::string& name) -> std::optional<std::string> {
        if (name == "HOST") return "box";
        return std::nullopt;
      }};
  const LoadedConfig loaded = Load(
      "global:\n  external_labels: {a: $HOST, b: 'x${HOST}y', c: $$HOST, d: '${NONE}z', e: 'a$', "
      "f: '${HOST'}\n"
      "scrape_configs: [{job_name: $HOST}]\n",
      options);
  const model::LabelSet& labels = loaded.config.global.external_labels;
  EXPECT_EQ(labels.Get("a"), "box");
  EXPECT_EQ(labels.Get("b"), "xboxy");
  EXPECT_EQ(labels.Get("c"), "$HOST");
  EXPECT_EQ(labels.Get("d"), "z");
  EXPECT_EQ(labels.Get("e"), "a$");
  EXPECT_EQ(labels.Get("f"), "${HOST");
  EXPECT_EQ(loaded.config.scrape_configs[0].job_name, "$HOST");
  EXPECT_THAT(loaded.warnings, ElementsAre("line 2: environment variable NONE is empty"));
}

TEST(Load, HidesSecretsInTheEffectiveTree) {
  const Config config = Load(
                            "remote_write: [{url: 'http://user:hunter2@host/x'}]\n"
                            "scrape_configs:\n"
                            "- job_name: a\n"
                            "  basic_auth: {username: u, password: hunter2}\n"
                            "- job_name: b\n"
                            "  bearer_token: hunter2\n"
                            "- job_name: c\n"
                            "  authorization: {credentials: hunter2}\n"
                            "  http_headers: {X: {secrets: [hunter2], values: [shown]}}\n"
                            "- job_name: d\n"
                            "  tls_config: {cert: shown, key: hunter2}\n")
                            .config;
  const std::string shown = yaml::Emit(config.effective);
  EXPECT_THAT(shown, testing::Not(HasSubstr("hunter2")));
  EXPECT_THAT(shown, HasSubstr("http://user:xxxxx@host/x"));
  EXPECT_THAT(shown, HasSubstr("password: <secret>"));
  EXPECT_THAT(shown, HasSubstr("- shown"));
  EXPECT_EQ(config.scrape_configs[1].http.authorization->credentials.reveal(), "hunter2");
}

TEST(Load, ShowsNoSecretInAnError) {
  const Result<LoadedConfig> loaded = LoadText(
      "scrape_configs:\n- job_name: a\n  basic_auth: {password: [hunter2]}\n", "test.yml", "");
  ASSERT_FALSE(loaded.ok());
  EXPECT_THAT(loaded.error().message(), testing::Not(HasSubstr("hunter")));
}

TEST(Load, ResolvesPathsAgainstTheFolderOfTheFile) {
  const Config config =
      Load(
          "rule_files: [rules/*.yml, /abs/x.yml]\n"
          "scrape_configs:\n- job_name: a\n  basic_auth: {username: u, password_file: pw}\n"
          "  file_sd_configs: [{files: [targets/*.json]}]\n")
          .config;
  EXPECT_THAT(config.rule_files, ElementsAre("/etc/demo/rules/*.yml", "/abs/x.yml"));
  EXPECT_EQ(config.scrape_configs[0].http.basic_auth->password_file, "/etc/demo/pw");
  EXPECT_THAT(config.scrape_configs[0].file_sd_configs[0].files,
              ElementsAre("/etc/demo/targets/*.json"));
}

TEST(Load, SurvivesTruncationAtEveryByte) {
  const std::string text =
      "global: {scrape_interval: 2s, external_labels: {a: '${X}'}}\n"
      "scrape_configs:\n- job_name: a\n  static_configs: [{targets: ['h:1'], labels: {e: f}}]\n"
      "  relabel_configs: [{source_labels: [a], regex: '(.*)', target_label: b, action: replace}]\n"
      "storage: {tsdb: {retention: {time: 1d, size: 1GB}}}\n";
  ASSERT_TRUE(LoadText(text, "x", "").ok());
  for (std::size_t size = 0; size < text.size(); ++size) {
    const Result<LoadedConfig> loaded = LoadText(text.substr(0, size), "x", "");
    EXPECT_TRUE(loaded.ok() || loaded.code() == ErrorCode::kInvalidArgument) << size;
  }
}

TEST(Load, ReadsWhatConcernsTheStore) {
  const LoadedConfig loaded = Load(
      "storage:\n  tsdb: {out_of_order_time_window: 30m, retention: {percentage: 12.5}}\n"
      "  exemplars: {max_exemplars: 7}\n");
  EXPECT_EQ(loaded.config.storage.out_of_order_time_window, std::chrono::minutes(30));
  EXPECT_EQ(loaded.config.storage.retention_percentage, 12.5);
  EXPECT_EQ(loaded.config.storage.exemplar_count_max, 7);
  EXPECT_TRUE(loaded.warnings.empty());
  EXPECT_EQ(Load("{}\n").config.storage.exemplar_count_max, 100'000);
}

TEST(Load, TakesAScrapeIntervalFromOutside) {
  const LoadOptions options{.scrape_interval = std::chrono::seconds(5)};
  for (const char* global : {"", "global: {scrape_interval: 1m, scrape_timeout: 20s}\n"}) {
    SCOPED_TRACE(global);
    const Config config =
        Load(std::string(global) +
                 "scrape_configs: [{job_name: a}, {job_name: b, scrape_interval: 30s}]\n",
             options)
            .config;
    EXPECT_EQ(config.scrape_configs[0].scrape_interval, std::chrono::seconds(5));
    EXPECT_EQ(config.scrape_configs[0].scrape_timeout, std::chrono::seconds(5));
    EXPECT_EQ(config.scrape_configs[1].scrape_interval, std::chrono::seconds(30));
  }
}

TEST(ParseTargetGroups, ReadsYamlAndJson) {
  const Result<std::vector<StaticConfig>> groups =
      ParseTargetGroups(R"([{"targets": ["a:1"], "labels": {"x": "y"}}, {"targets": ["b:2"]}])");
  ASSERT_TRUE(groups.ok());
  ASSERT_EQ(groups->size(), 2u);
  EXPECT_EQ((*groups)[0].labels.Get("x"), "y");
  EXPECT_EQ(ParseTargetGroups("- targets: [a]\n  nope: 1\n").code(), ErrorCode::kInvalidArgument);
  EXPECT_EQ(ParseTargetGroups("a: 1").code(), ErrorCode::kInvalidArgument);
}

TEST(Size, ParsesAndFormats) {
  const struct {
    const char* text;
    std::optional<std::uint64_t> want;
  } cases[] = {
      {"0", 0},
      {"1B", 1},
      {"512MB", 512ull << 20},
      {"1.5GB", 3ull << 29},
      {"1GB512MB", 3ull << 29},
      {"2KiB", 2048},
      {"100", {}},
      {"", {}},
      {"MB", {}},
      {"1XB", {}},
      {"1.2.3MB", {}},
      {"8EB", {}},
      {"-1B", {}},
      {"1K", {}},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.text);
    const Result<std::uint64_t> size = ParseSize(c.text);
    ASSERT_EQ(size.ok(), c.want.has_value());
    if (size.ok()) {
      EXPECT_EQ(*size, *c.want);
    }
  }
  EXPECT_EQ(FormatSize(3ull << 29), "1GB512MB");
  EXPECT_EQ(FormatSize(0), "0B");
  EXPECT_EQ(FormatSize(1025), "1KB1B");
}

}  // namespace
}  // namespace narthex::config
