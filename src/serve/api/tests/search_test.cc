#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/api.h"
#include "corpus.h"
#include "fake_backend.h"
#include "fuzzy_score.h"
#include "json/reader.h"
#include "search_filter.h"

namespace narthex::api {
namespace {

using testing::HasSubstr;

json::Value ReadTable(const std::string& path) {
  const auto text = conformance::ReadCorpusFile(path);
  Result<json::Value> value = json::Parse(text.value_or(""));
  EXPECT_TRUE(value.ok()) << path;
  return value.ok() ? *std::move(value) : json::Value();
}

TEST(FuzzyScore, SubsequencesOfTheCorpus) {
  NARTHEX_NEED_CORPUS(conformance::CorpusRoot() / "strutil");
  const json::Value table = ReadTable("strutil/subsequence_score.json");
  ASSERT_GT(table["cases"].size(), 0u);
  for (const json::Value& test : table["cases"].items()) {
    const double score = SubsequenceScore(test["pattern"].AsString(), test["text"].AsString());
    if (test["want_zero"].AsBool() == true) {
      EXPECT_EQ(score, 0) << json::Print(test);
    } else {
      EXPECT_NEAR(score, *test["want_score"].AsDouble(), 1e-9) << json::Print(test);
    }
  }
}

TEST(FuzzyScore, SimilaritiesOfTheCorpus) {
  NARTHEX_NEED_CORPUS(conformance::CorpusRoot() / "strutil");
  const json::Value table = ReadTable("strutil/jaro_winkler.json");
  ASSERT_GT(table["cases"].size(), 0u);
  for (const json::Value& test : table["cases"].items()) {
    const double score = JaroWinklerSimilarity(test["s1"].AsString(), test["s2"].AsString());
    EXPECT_GE(score, *test["min"].AsDouble()) << json::Print(test);
    EXPECT_LE(score, *test["max"].AsDouble()) << json::Print(test);
  }
}

TEST(SearchFilter, ScoresOrRefuses) {
  using Options = SearchFilter::Options;
  const auto kJaro = FuzzyAlgorithm::kJaroWinkler;
  const struct {
    std::string name;
    Options options;
    std::string text;
    std::optional<double> want;
  } cases[] = {
      {"no term takes all", {}, "anything", 1.0},
      {"an empty term is none", {.terms = {""}}, "anything", 1.0},
      {"a prefix", {.terms = {"pro"}}, "prometheus", 1.0},
      {"no subsequence", {.terms = {"xyz"}}, "prometheus", std::nullopt},
      {"case counts", {.terms = {"PRO"}}, "prometheus", std::nullopt},
      {"case folded", {.terms = {"PRO"}, .is_case_sensitive = false}, "Prometheus", 1.0},
      {"below the threshold",
       {.terms = {"met"}, .threshold = 0.9},
       "my awesome text",
       std::nullopt},
      {"the best of several", {.terms = {"xyz", "pro"}}, "prometheus", 1.0},
      {"a substring at the end", {.terms = {"us"}, .algorithm = kJaro}, "prometheus", 0.1},
      {"a substring in the middle", {.terms = {"éb"}, .algorithm = kJaro}, "aéba", 0.55},
      {"similar without a threshold",
       {.terms = {"prometheas"}, .algorithm = kJaro},
       "prometheus",
       std::nullopt},
      {"not similar enough",
       {.terms = {"abc"}, .algorithm = kJaro, .threshold = 0.8},
       "xyz",
       std::nullopt},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    const std::optional<double> score = SearchFilter(c.options).Score(c.text);
    ASSERT_EQ(score.has_value(), c.want.has_value());
    if (score) {
      EXPECT_NEAR(*score, *c.want, 1e-12);
    }
  }
  EXPECT_GT(SearchFilter({.terms = {"prometheas"}, .algorithm = kJaro, .threshold = 0.8})
                .Score("prometheus"),
            0.9);
}

struct SearchTest : testing::Test {
  SearchTest() {
    backend.Load("go_gc_duration 1\ngo_threads{job=\"a\"} 1\nprometheus_up{job=\"b\"} 1\nup 1\n");
    options.has_search = true;
  }
  http::Response Ask(const std::string& path, const std::string& query) {
    http::Router router;
    options.metrics = [](const http::Request&) { return http::Response(); };
    AddRoutes(router, backend, backend.clock, options);
    http::Request request;
    request.path = "/api/v1/search/" + path;
    request.target = request.path;
    // The samples stand at the beginning of 1970.
    request.query = http::Parameters::Parse("start=0&end=1&" + query);
    return router.Answer(std::move(request));
  }

  FakeBackend backend;
  ApiOptions options;
};

TEST_F(SearchTest, GivesLinesOfJson) {
  EXPECT_EQ(
      BodyOf(Ask("metric_names", "")),
      R"({"results":[{"name":"go_gc_duration"},{"name":"go_threads"},{"name":"prometheus_up"},{"name":"up"}]})"
      "\n"
      R"({"status":"success","has_more":false})"
      "\n");
  EXPECT_EQ(Ask("metric_names", "").headers.Get("Content-Type"),
            "application/x-ndjson; charset=utf-8");
  EXPECT_EQ(BodyOf(Ask("label_names", "search[]=jo&include_score=true")),
            R"({"results":[{"name":"job","score":1}]})"
            "\n"
            R"({"status":"success","has_more":false})"
            "\n");
  EXPECT_EQ(BodyOf(Ask("label_values", "label=job&sort_by=alpha&sort_dir=dsc")),
            R"({"results":[{"value":"b"},{"value":"a"}]})"
            "\n"
            R"({"status":"success","has_more":false})"
            "\n");
  EXPECT_EQ(BodyOf(Ask("label_values", "label=none")), R"({"results":[]})"
                                                       "\n"
                                                       R"({"status":"success","has_more":false})"
                                                       "\n");
}

TEST_F(SearchTest, CutsIntoBatchesAndSaysThatThereIsMore) {
  EXPECT_EQ(BodyOf(Ask("metric_names", "batch_size=2&limit=3")),
            R"({"results":[{"name":"go_gc_duration"},{"name":"go_threads"}]})"
            "\n"
            R"({"results":[{"name":"prometheus_up"}]})"
            "\n"
            R"({"status":"success","has_more":true})"
            "\n");
}

TEST_F(SearchTest, PutsTheBestFirst) {
  const std::string body = BodyOf(Ask("metric_names", "search[]=up&sort_by=score"));
  EXPECT_LT(body.find("\"up\""), body.find("\"prometheus_up\""));
}

TEST_F(SearchTest, TellsMetadataWhereAsked) {
  auto target = std::make_shared<scrape::Target>();
  backend.manager.known = {{target, "up", {model::MetricType::kGauge, "", "is it up"}}};
  EXPECT_THAT(BodyOf(Ask("metric_names", "search[]=up&match[]=up&include_metadata=true")),
              HasSubstr(R"({"name":"up","type":"gauge","help":"is it up"})"));
}

TEST_F(SearchTest, RefusesWhatItDoesNotUnderstand) {
  std::string many_terms = "search[]=0";
  for (int i = 1; i <= 32; ++i) many_terms += fmt::format("&search[]={}", i);
  const struct {
    const char* path;
    std::string query;
    const char* want;
  } cases[] = {
      {"metric_names", "limit=0", R"(invalid limit \"0\": must be a positive integer)"},
      {"metric_names", "limit=10001",
       "limit 10001 exceeds the configured maximum (10000, see --web.search.max-limit)"},
      {"metric_names", "batch_size=x", R"(invalid batch_size \"x\": must be a positive integer)"},
      {"metric_names", "sort_by=x", R"(invalid sort_by \"x\")"},
      {"metric_names", "sort_by=score", "sort_by=score requires search[] to be set"},
      {"metric_names", "sort_dir=asc", "sort_dir is only valid when sort_by is set"},
      {"metric_names", "sort_by=alpha&sort_dir=x", R"(invalid sort_dir \"x\")"},
      {"metric_names", "sort_by=score&search[]=a&sort_dir=asc",
       "sort_dir is not supported for sort_by=score"},
      {"metric_names", "fuzz_threshold=101", R"(invalid fuzz_threshold \"101\": must be 0-100)"},
      {"metric_names", "fuzz_alg=x", R"(unsupported fuzz_alg \"x\")"},
      {"metric_names", "case_sensitive=x", R"(invalid case_sensitive \"x\": must be boolean)"},
      {"metric_names", "include_metadata=x", R"(invalid include_metadata \"x\": must be boolean)"},
      {"metric_names", "match[]={}", "match[] must contain at least one non-empty matcher"},
      {"metric_names", many_terms, "too many search[] terms: got 33, maximum is 32"},
      {"label_values", "", R"(missing required parameter \"label\")"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.query);
    const http::Response response = Ask(c.path, c.query);
    EXPECT_EQ(response.status, 400);
    EXPECT_THAT(response.body, HasSubstr(c.want));
  }
  options.has_search = false;
  for (const char* path : {"metric_names", "label_names", "label_values"}) {
    EXPECT_EQ(Ask(path, "").body,
              R"({"status":"error","errorType":"unavailable","error":"search API disabled"})");
  }
}

}  // namespace
}  // namespace narthex::api
