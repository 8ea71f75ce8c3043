#include "scrape/target.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "request.h"
#include "sample_labels.h"

namespace narthex::scrape {
namespace {

using model::LabelSet;
using testing::ElementsAre;
using testing::HasSubstr;

config::ScrapeConfig Job() {
  config::ScrapeConfig config;
  config.job_name = "j";
  config.scrape_interval = std::chrono::seconds(15);
  config.scrape_timeout = std::chrono::seconds(10);
  config.scrape_protocols = {
      config::ScrapeProtocol::kOpenMetricsText100, config::ScrapeProtocol::kOpenMetricsText001,
      config::ScrapeProtocol::kPrometheusText100, config::ScrapeProtocol::kPrometheusText004};
  return config;
}

model::RelabelConfig Replace(std::string source, std::string regex, std::string target,
                             std::string replacement) {
  model::RelabelConfig rule;
  if (!source.empty()) rule.source_labels = {std::move(source)};
  rule.regex = std::move(regex);
  rule.target_label = std::move(target);
  rule.replacement = std::move(replacement);
  return rule;
}

TargetSet Build(const config::ScrapeConfig& config, std::vector<LabelSet> targets,
                LabelSet labels = {}) {
  const discovery::TargetGroup group{"0", std::move(targets), std::move(labels)};
  return BuildTargets(config, std::span(&group, 1));
}

TEST(BuildTargets, GivesJobInstanceAndUrl) {
  const TargetSet set = Build(Job(), {LabelSet{{"__address__", "h:1"}, {"a", "target"}}},
                              LabelSet{{"a", "group"}, {"b", "group"}});
  ASSERT_EQ(set.active.size(), 1u);
  EXPECT_EQ(set.active[0]->labels.ToString(),
            R"({a="target", b="group", instance="h:1", job="j"})");
  EXPECT_EQ(set.active[0]->url, "http://h:1/metrics");
  EXPECT_EQ(set.active[0]->interval, std::chrono::seconds(15));
  EXPECT_EQ(set.active[0]->discovered.Get("__scrape_interval__"), "15s");
}

TEST(BuildTargets, PutsParametersIntoTheUrl) {
  config::ScrapeConfig config = Job();
  config.metrics_path = "probe me";
  config.params = {{"module", {"http 2xx", "second"}}, {"x", {"y"}}};
  config.relabel_configs = {Replace("__address__", "(.*)", "__param_target", "$1"),
                            Replace("", "(.*)", "__param_x", "z"),
                            Replace("", "(.*)", "__address__", "prober:9115")};
  const TargetSet set = Build(config, {LabelSet{{"__address__", "h:1"}}});
  ASSERT_EQ(set.active.size(), 1u);
  EXPECT_THAT(set.active[0]->url, HasSubstr("http://prober:9115/probe%20me?module=http"));
  EXPECT_THAT(set.active[0]->url, HasSubstr("&module=second&target=h%3A1&x=z"));
}

TEST(BuildTargets, DropsAndCollapses) {
  config::ScrapeConfig config = Job();
  model::RelabelConfig drop = Replace("__address__", "bad.*", "", "$1");
  drop.action = model::RelabelAction::kDrop;
  config.relabel_configs = {drop};
  const TargetSet set =
      Build(config, {LabelSet{{"__address__", "bad:1"}}, LabelSet{{"__address__", "h:1"}},
                     LabelSet{{"__address__", "h:1"}}});
  EXPECT_EQ(set.active.size(), 1u);
  ASSERT_EQ(set.dropped.size(), 1u);
  EXPECT_EQ(set.dropped[0].Get("__address__"), "bad:1");
}

TEST(BuildTargets, NamesWhatIsWrong) {
  const struct {
    const char* name;
    LabelSet target;
    const char* want;
  } cases[] = {
      {"no address", LabelSet{{"x", "y"}}, "no address"},
      {"slash", LabelSet{{"__address__", "h/x"}}, "\"h/x\" is not a valid hostname"},
      {"interval", LabelSet{{"__address__", "h"}, {"__scrape_interval__", "soon"}},
       "error parsing scrape interval"},
      {"zero", LabelSet{{"__address__", "h"}, {"__scrape_timeout__", "0s"}},
       "scrape timeout cannot be 0"},
      {"timeout", LabelSet{{"__address__", "h"}, {"__scrape_timeout__", "16s"}},
       "scrape timeout cannot be greater than scrape interval (\"16s\" > \"15s\")"},
      {"convert", LabelSet{{"__address__", "h"}, {"__convert_classic_histograms_to_nhcb__", "yes"}},
       "error parsing convert classic histograms to nhcb: strconv.ParseBool: parsing \"yes\": "
       "invalid syntax"},
      {"classic", LabelSet{{"__address__", "h"}, {"__always_scrape_classic_histograms__", "2"}},
       "error parsing always scrape classic histograms: strconv.ParseBool: parsing \"2\": invalid "
       "syntax"},
      {"native", LabelSet{{"__address__", "h"}, {"__scrape_native_histograms__", "tRUE"}},
       "error parsing scrape native histograms: strconv.ParseBool: parsing \"tRUE\": invalid "
       "syntax"},
      {"value", LabelSet{{"__address__", "h"}, {"v", "\xff"}}, "invalid label value"},
      {"scheme", LabelSet{{"__address__", "h"}, {"__scheme__", "ftp"}}, "unsupported scheme"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    const TargetSet set = Build(Job(), {c.target});
    EXPECT_TRUE(set.active.empty());
    EXPECT_THAT(set.faults, ElementsAre(HasSubstr(c.want)));
  }
}

// CFG-039.
TEST(BuildTargets, LabelsSayWhichHistogramsAreKept) {
  config::ScrapeConfig config = Job();
  config.histograms = {.scrape_native_histograms = true, .native_histogram_bucket_limit = 7};
  config.relabel_configs = {
      Replace("classic", "(.+)", "__always_scrape_classic_histograms__", "$1"),
      Replace("native", "(.+)", "__scrape_native_histograms__", "$1"),
      Replace("convert", "(.+)", "__convert_classic_histograms_to_nhcb__", "$1")};
  const struct {
    const char* name;
    LabelSet target;
    config::HistogramOptions want;
  } cases[] = {
      {"nothing said", {}, config.histograms},
      {"native", LabelSet{{"native", "F"}}, {.native_histogram_bucket_limit = 7}},
      {"classic",
       LabelSet{{"classic", "1"}},
       {.scrape_native_histograms = true,
        .always_scrape_classic_histograms = true,
        .native_histogram_bucket_limit = 7}},
      {"convert",
       LabelSet{{"convert", "TRUE"}},
       {.scrape_native_histograms = true,
        .convert_classic_histograms_to_nhcb = true,
        .native_histogram_bucket_limit = 7}},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    const TargetSet set = Build(config, {c.target}, LabelSet{{"__address__", "h:1"}});
    ASSERT_EQ(set.active.size(), 1u);
    EXPECT_EQ(set.active[0]->histograms, c.want);
    EXPECT_EQ(set.active[0]->discovered.Get("__scrape_native_histograms__"), "true");
    EXPECT_EQ(set.active[0]->discovered.Get("__always_scrape_classic_histograms__"), "false");
    EXPECT_EQ(set.active[0]->discovered.Get("__convert_classic_histograms_to_nhcb__"), "false");
  }
}

TEST(BuildTargets, TakesTheJobsOptionWhereItsLabelIsGone) {
  config::ScrapeConfig config = Job();
  config.histograms.scrape_native_histograms = true;
  config.relabel_configs = {Replace("", "(.*)", "__scrape_native_histograms__", "")};
  EXPECT_TRUE(Build(config, {LabelSet{{"__address__", "h:1"}}})
                  .active.at(0)
                  ->histograms.scrape_native_histograms);
}

TEST(BuildTargets, KeepsIntervalsAsTheyAreWritten) {
  const LabelSet target{
      {"__address__", "h:1"}, {"__scrape_interval__", "90s"}, {"__scrape_timeout__", "60s"}};
  const TargetSet set = Build(Job(), {target});
  ASSERT_EQ(set.active.size(), 1u);
  EXPECT_EQ(set.active[0]->interval_text, "90s");
  EXPECT_EQ(set.active[0]->timeout_text, "60s");
}

TEST(BuildTargets, IdentityIsLabelsAndUrl) {
  config::ScrapeConfig config = Job();
  const std::uint64_t identity =
      Build(config, {LabelSet{{"__address__", "h:1"}}}).active[0]->identity;
  config.scrape_interval = std::chrono::seconds(30);
  EXPECT_EQ(Build(config, {LabelSet{{"__address__", "h:1"}}}).active[0]->identity, identity);
  EXPECT_NE(Build(config, {LabelSet{{"__address__", "h:2"}}}).active[0]->identity, identity);
  EXPECT_NE(
      Build(config, {LabelSet{{"__address__", "h:1"}}}, LabelSet{{"a", "b"}}).active[0]->identity,
      identity);
  config.histograms.convert_classic_histograms_to_nhcb = true;
  EXPECT_EQ(Build(config, {LabelSet{{"__address__", "h:1"}}}).active[0]->identity, identity);
  EXPECT_NE(Build(config, {LabelSet{{"__address__", "h:1"}, {"__unix_socket__", "/s"}}})
                .active[0]
                ->identity,
            identity);
  config.metrics_path = "/other";
  EXPECT_NE(Build(config, {LabelSet{{"__address__", "h:1"}}}).active[0]->identity, identity);
}

TEST(Request, AcceptsAsUpstreamDoes) {
  config::ScrapeConfig config = Job();
  EXPECT_EQ(AcceptHeader(config),
            "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,"
            "application/openmetrics-text;version=0.0.1;q=0.5,text/"
            "plain;version=1.0.0;escaping=allow-utf-8;q=0.4,"
            "text/plain;version=0.0.4;q=0.3,*/*;q=0.2");
  config.scrape_protocols = {config::ScrapeProtocol::kPrometheusProto,
                             config::ScrapeProtocol::kPrometheusText004};
  EXPECT_EQ(AcceptHeader(config),
            "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;"
            "encoding=delimited;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2");
}

TEST(Request, CarriesTimeoutAndCredentials) {
  config::ScrapeConfig config = Job();
  config.scrape_timeout = std::chrono::milliseconds(1500);
  config.http.basic_auth = config::BasicAuth{"u", "", config::Secret("p"), ""};
  config.limits.body_size_limit = 100;
  const TargetSet set = Build(config, {LabelSet{{"__address__", "h:1"}}});
  const Result<http::ClientRequest> request = MakeRequest(JobRules(config), *set.active[0]);
  ASSERT_TRUE(request.ok());
  EXPECT_EQ(request->headers.Get("X-Prometheus-Scrape-Timeout-Seconds"), "1.5");
  EXPECT_EQ(request->basic_auth->second, "p");
  EXPECT_EQ(request->body_size_bytes_max, 99u);
  EXPECT_EQ(request->timeout, std::chrono::milliseconds(1500));
  const TargetSet by_socket =
      Build(config, {LabelSet{{"__address__", "h:1"}, {"__unix_socket__", "/run/s"}}});
  EXPECT_EQ(MakeRequest(JobRules(config), *by_socket.active.at(0))->unix_socket, "/run/s");

  config.http.basic_auth = std::nullopt;
  config.http.authorization = config::Authorization{"Bearer", {}, "/nonexistent/token"};
  EXPECT_EQ(MakeRequest(JobRules(config), *set.active[0]).code(), ErrorCode::kNotFound);
}

TEST(SeriesLabels, ResolvesClashes) {
  const LabelSet target{{"instance", "i"}, {"job", "j"}};
  const struct {
    const char* name;
    bool honor;
    LabelSet sample;
    const char* want;
  } cases[] = {
      {"none", false, LabelSet{{"__name__", "a"}, {"x", "y"}},
       R"({__name__="a", instance="i", job="j", x="y"})"},
      {"exported", false, LabelSet{{"__name__", "a"}, {"job", "own"}},
       R"({__name__="a", exported_job="own", instance="i", job="j"})"},
      {"exported twice", false, LabelSet{{"__name__", "a"}, {"exported_job", "x"}, {"job", "own"}},
       R"({__name__="a", exported_exported_job="own", exported_job="x", instance="i", job="j"})"},
      {"honored", true, LabelSet{{"__name__", "a"}, {"job", "own"}},
       R"({__name__="a", instance="i", job="own"})"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    config::ScrapeConfig config = Job();
    config.honor_labels = c.honor;
    const JobRules rules(config);
    const Result<std::optional<LabelSet>> labels = SeriesLabels(rules, target, c.sample);
    ASSERT_TRUE(labels.ok());
    ASSERT_TRUE(labels->has_value());
    EXPECT_EQ((*labels)->ToString(), c.want);
  }
}

TEST(SeriesLabels, RefusesWhatHasNoName) {
  config::ScrapeConfig config = Job();
  config.metric_relabel_configs = {Replace("", "(.*)", "__name__", "")};
  const JobRules rules(config);
  const Result<std::optional<LabelSet>> labels =
      SeriesLabels(rules, {}, LabelSet{{"__name__", "a"}, {"b", "c"}});
  ASSERT_FALSE(labels.ok());
  EXPECT_EQ(labels.error().message(), "missing metric name (__name__ label)");
}

TEST(SeriesLabels, HoldsToTheNameScheme) {
  config::ScrapeConfig config = Job();
  const LabelSet sample{{"__name__", "dotted.name"}};
  EXPECT_TRUE(SeriesLabels(JobRules(config), {}, sample).ok());
  config.metric_name_validation_scheme = model::NameValidation::kLegacy;
  EXPECT_THAT(SeriesLabels(JobRules(config), {}, sample).error().message(),
              HasSubstr("invalid metric name or label names"));
}

}  // namespace
}  // namespace narthex::scrape
