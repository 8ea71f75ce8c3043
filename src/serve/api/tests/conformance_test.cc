// Requests and answers of upstream's tests.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <set>

#include "api/api.h"
#include "api/parse_tree.h"
#include "base/number.h"
#include "corpus.h"
#include "encode.h"
#include "fake_backend.h"
#include "global_url.h"
#include "json/reader.h"
#include "params.h"
#include "promql/parser.h"

namespace narthex::api {
namespace {

namespace fs = std::filesystem;

fs::path Corpus() { return conformance::CorpusRoot() / "http_api"; }

json::Value ReadTable(const char* name) {
  Result<std::string> text = io::ReadFile(io::SystemFiles(), (Corpus() / name).string());
  if (!text.ok()) return json::Value();
  Result<json::Value> value = json::Parse(*text);
  EXPECT_TRUE(value.ok()) << name;
  return value.ok() ? *std::move(value) : json::Value();
}

std::set<std::string> NotYet() {
  std::set<std::string> ids;
  std::ifstream file(NARTHEX_TESTDATA "/conformance_not_yet.txt");
  for (std::string line; std::getline(file, line);) {
    if (!line.empty() && !line.starts_with('#')) ids.insert(line.substr(0, line.find(' ')));
  }
  return ids;
}

// Targets are written with the names of upstream's fields: "ScrapeURL" is "scrapeUrl".
std::string JsonName(std::string_view field) {
  std::string name(field);
  if (!name.empty() && name[0] >= 'A' && name[0] <= 'Z') name[0] += 'a' - 'A';
  if (name.ends_with("URL")) name.replace(name.size() - 3, 3, "Url");
  return name;
}

// Whether `actual` has all of `want`: members that are not stated may be anything.
bool Holds(const json::Value& want, const json::Value& actual) {
  if (want.is_string() && want.AsString().starts_with('<')) return true;
  if (want.is_object()) {
    return std::all_of(want.members().begin(), want.members().end(),
                       [&](const json::Member& member) {
                         const json::Value* found = actual.Find(JsonName(member.key));
                         return found != nullptr && Holds(member.value, *found);
                       }) &&
           (want.size() > 0 || actual.size() == 0);
  }
  if (want.is_array()) {
    if (want.size() != actual.size() || !actual.is_array()) return false;
    for (std::size_t i = 0; i < want.size(); ++i) {
      if (!Holds(want.items()[i], actual.items()[i])) return false;
    }
    return true;
  }
  if (want.is_number()) return want.AsDouble() == actual.AsDouble();
  return want == actual;
}

// The same, the elements of the outermost list in any order.
bool HoldsUnordered(const json::Value& want, const json::Value& actual) {
  if (want.size() != actual.size()) return false;
  return std::all_of(want.items().begin(), want.items().end(), [&](const json::Value& item) {
    return std::any_of(actual.items().begin(), actual.items().end(),
                       [&](const json::Value& other) { return Holds(item, other); });
  });
}

double NumberOf(const json::Value& value) {
  return value.is_string() ? *ParseDouble(value.AsString()) : *value.AsDouble();
}

model::LabelSet LabelsOf(const json::Value& value) {
  std::vector<std::pair<std::string, std::string>> labels;
  for (const json::Member& member : value.members())
    labels.emplace_back(member.key, member.value.AsString());
  return model::LabelSet::From(std::move(labels));
}

model::Exemplar ExemplarOf(const json::Value& value, std::string_view time_key) {
  return {LabelsOf(value["labels"]), NumberOf(value["value"]), *value[time_key].AsInt64()};
}

http::Request MakeRequest(const json::Value& test, std::string_view method) {
  http::Parameters parameters;
  for (const json::Member& member : test["params"].members()) {
    for (const json::Value& value : member.value.items())
      parameters.Add(member.key, std::string(value.AsString()));
  }
  http::Request request;
  request.target = test["endpoint"].AsString();
  request.path = http::UrlDecode(request.target);
  request.method_name = method;
  request.method = http::ParseMethod(method);
  if (method == "POST") {
    request.headers.Set("Content-Type", "application/x-www-form-urlencoded");
    request.body = parameters.ToString();
  } else {
    request.query = parameters;
  }
  return request;
}

// Why the answer is not what the case wants; empty if it is.
std::string Judge(const json::Value& test, const http::Response& response) {
  const std::string body = BodyOf(response);
  const Result<json::Value> answer = json::Parse(body);
  if (!answer.ok()) return "not JSON: " + body;
  if (test["ok"].AsBool() == false) {
    const bool is_right = response.status == test["status"].AsInt64() &&
                          (*answer)["errorType"].AsString() == test["error_type"].AsString();
    return is_right ? "" : fmt::format("{} {}", response.status, body);
  }
  if ((*answer)["status"].AsString() != "success") return body;
  const json::Value& data = (*answer)["data"];
  if (const json::Value* length = test.Find("data_length");
      length != nullptr && static_cast<std::int64_t>(data.size()) != length->AsInt64())
    return body;
  if (const json::Value* warnings = test.Find("warnings"); warnings != nullptr) {
    if (static_cast<std::int64_t>((*answer)["warnings"].size()) != warnings->AsInt64()) return body;
  }
  const json::Value* want = test.Find("data");
  if (want == nullptr) return "";
  const bool holds =
      test["unordered"].AsBool() == true ? HoldsUnordered(*want, data) : Holds(*want, data);
  return holds ? "" : body;
}

// A job that knows nothing but its parameters, as upstream's fixture has it.
config::ScrapeConfig JobOf(const json::Value& target) {
  config::ScrapeConfig config;
  config.metrics_path.clear();
  config.scheme.clear();
  for (const json::Member& param : target["params"].members()) {
    for (const json::Value& value : param.value.items())
      config.params[param.key].emplace_back(value.AsString());
  }
  return config;
}

// What `config` makes of the labels a discovery found, before relabelling.
model::LabelSet DiscoveredOf(config::ScrapeConfig config, const model::LabelSet& found) {
  model::RelabelConfig drop;
  drop.action = model::RelabelAction::kDrop;
  config.relabel_configs = {drop};
  const discovery::TargetGroup group{"0", {found}, {}};
  return scrape::BuildTargets(config, std::span(&group, 1)).dropped.at(0);
}

scrape::TargetState ActiveTarget(const json::Value& fixture) {
  const config::ScrapeConfig config = JobOf(fixture);
  const discovery::TargetGroup group{"0", {LabelsOf(fixture["labels"])}, {}};
  const scrape::TargetSet set = scrape::BuildTargets(config, std::span(&group, 1));
  auto target = std::make_shared<scrape::Target>(*set.active.at(0));
  // The fixture's labels are those of a target that is made, so discovery had none of them.
  target->discovered = DiscoveredOf(config, {});
  const std::string_view error = fixture["error"].AsString();
  return {std::string(fixture["pool"].AsString()),
          std::move(target),
          error.empty() ? scrape::Health::kUp : scrape::Health::kDown,
          std::string(error),
          0,
          std::chrono::nanoseconds(std::llround(*fixture["last_scrape_seconds"].AsDouble() * 1e9))};
}

void SetTargets(const json::Value& targets, FakeManager& manager) {
  for (const json::Value& fixture : targets.items()) {
    if (*fixture["active"].AsBool()) {
      manager.states.push_back(ActiveTarget(fixture));
      continue;
    }
    manager.dropped_targets.push_back(
        {std::string(fixture["pool"].AsString()),
         {DiscoveredOf(JobOf(fixture), LabelsOf(fixture["target_labels"]))},
         1});
  }
  // In order of jobs, as a manager has them.
  std::ranges::sort(manager.states, {}, &scrape::TargetState::job_name);
}

void SetTargetMetadata(const json::Value& test, FakeManager& manager) {
  manager.known.clear();
  for (const json::Value& target : test["target_metadata"].items()) {
    auto known = std::make_shared<scrape::Target>();
    known->labels = model::LabelSet{{"job", target["target"].AsString()}};
    for (const json::Value& one : target["metadata"].items()) {
      manager.known.push_back(
          {known,
           std::string(one["metric"].AsString()),
           {*model::ParseMetricType(one["type"].AsString()), std::string(one["unit"].AsString()),
            std::string(one["help"].AsString())}});
    }
  }
}

// The pools of the fixture stand in what the answers must repeat.
std::vector<model::RelabelRule> RulesOf(const json::Value& test) {
  std::vector<model::RelabelRule> rules;
  for (const json::Value& step : test["data"]["steps"].items()) {
    const json::Value& wanted = step["rule"];
    model::RelabelConfig config;
    for (const json::Value& label : wanted["source_labels"].items())
      config.source_labels.emplace_back(label.AsString());
    config.regex = wanted["regex"].AsString();
    config.target_label = wanted["target_label"].AsString();
    config.replacement = wanted["replacement"].AsString();
    config.action = *model::ParseRelabelAction(wanted["action"].AsString());
    Result<model::RelabelRule> rule =
        model::RelabelRule::Make(std::move(config), model::NameValidation::kUtf8);
    EXPECT_TRUE(rule.ok());
    if (rule.ok()) rules.push_back(*std::move(rule));
  }
  return rules;
}

TEST(ApiConformance, Endpoints) {
  NARTHEX_NEED_CORPUS(Corpus());
  const json::Value table = ReadTable("endpoints.json");
  FakeBackend backend;
  std::string lines(table["fixture"]["load"].AsString());
  lines.erase(0, lines.find('\n') + 1);
  backend.Load(lines);
  for (const json::Value& one : table["fixture"]["exemplars"].items()) {
    backend.AddExemplar(LabelsOf(one["series"]), ExemplarOf(one, "t_ms"));
  }
  http::Router router;
  ApiOptions options;
  options.metrics = [](const http::Request&) { return http::Response(); };
  options.listen_address.clear();  // the fixture has none
  AddRoutes(router, backend, backend.clock, options);

  SetTargets(table["fixture"]["targets"], backend.manager);
  const std::set<std::string> not_yet = NotYet();
  std::size_t passed_count = 0;
  for (const json::Value& test : table["cases"].items()) {
    const std::string id(test["id"].AsString());
    SetTargetMetadata(test, backend.manager);
    backend.rules = RulesOf(test);
    std::string fault;
    for (const json::Value& method : test["methods"].items()) {
      if (fault.empty()) fault = Judge(test, router.Answer(MakeRequest(test, method.AsString())));
    }
    passed_count += fault.empty() ? 1 : 0;
    if (not_yet.contains(id)) {
      EXPECT_NE(fault, "") << id << " is listed in conformance_not_yet.txt and passes";
    } else {
      EXPECT_EQ(fault, "") << id << " " << json::Print(test);
    }
  }
  fmt::print("{} of {} cases pass\n", passed_count, table["cases"].size());
}

TEST(ApiConformance, TimesAndDurations) {
  NARTHEX_NEED_CORPUS(Corpus());
  const json::Value table = ReadTable("parse_params.json");
  for (const json::Value& test : table["cases"].items()) {
    SCOPED_TRACE(json::Print(test));
    const std::string_view text = test["in"].AsString();
    const bool want_ok = *test["ok"].AsBool();
    if (test["kind"].AsString() == "duration") {
      const Result<std::chrono::milliseconds> duration = ParseDurationParameter(text);
      ASSERT_EQ(duration.ok(), want_ok);
      if (want_ok) {
        EXPECT_EQ(duration->count(), test["ms"].AsInt64());
      }
      continue;
    }
    const Result<TimestampMs> time = ParseTime(text);
    ASSERT_EQ(time.ok(), want_ok);
    if (!want_ok) continue;
    // One case states nanoseconds under this name.
    double want = *test["t_ms"].AsDouble();
    if (want > 1e17) want /= 1e6;
    EXPECT_NEAR(static_cast<double>(*time), want, 0.5);
  }
}

TEST(ApiConformance, GlobalUrls) {
  NARTHEX_NEED_CORPUS(Corpus());
  const json::Value table = ReadTable("global_url.json");
  for (const json::Value& test : table["cases"].items()) {
    SCOPED_TRACE(json::Print(test));
    const ExternalAddress external{std::string(test["listen_address"].AsString()),
                                   std::string(test["external_host"].AsString()),
                                   std::string(test["external_scheme"].AsString())};
    const Result<std::string> url = GlobalUrl(test["url"].AsString(), external);
    ASSERT_TRUE(url.ok());
    EXPECT_EQ(*url, test["global_url"].AsString());
  }
}

std::vector<double> NumbersOf(const json::Value& values) {
  std::vector<double> numbers;
  for (const json::Value& value : values.items()) numbers.push_back(NumberOf(value));
  return numbers;
}

std::vector<model::HistogramSpan> SpansOf(const json::Value& values) {
  std::vector<model::HistogramSpan> spans;
  for (const json::Value& value : values.items()) {
    spans.push_back({static_cast<std::int32_t>(*value["offset"].AsInt64()),
                     static_cast<std::uint32_t>(*value["length"].AsInt64())});
  }
  return spans;
}

std::vector<engine::HistogramSample> HistogramsOf(const json::Value& values) {
  std::vector<engine::HistogramSample> histograms;
  for (const json::Value& value : values.items()) {
    const json::Value& from = value["h"];
    model::FloatHistogram histogram;
    histogram.schema = static_cast<std::int32_t>(*from["schema"].AsInt64());
    histogram.zero_threshold = NumberOf(from["zero_threshold"]);
    histogram.zero_count = NumberOf(from["zero_count"]);
    histogram.count = NumberOf(from["count"]);
    histogram.sum = NumberOf(from["sum"]);
    histogram.positive_spans = SpansOf(from["positive_spans"]);
    histogram.negative_spans = SpansOf(from["negative_spans"]);
    histogram.positive_buckets = NumbersOf(from["positive_buckets"]);
    histogram.negative_buckets = NumbersOf(from["negative_buckets"]);
    histograms.push_back({*value["t"].AsInt64(),
                          std::make_shared<const model::FloatHistogram>(std::move(histogram))});
  }
  return histograms;
}

std::vector<model::Sample> SamplesOf(const json::Value& floats) {
  std::vector<model::Sample> samples;
  for (const json::Value& one : floats.items())
    samples.push_back({*one["t"].AsInt64(), NumberOf(one["f"])});
  return samples;
}

engine::QueryResult ResultOf(const json::Value& value) {
  engine::QueryResult result;
  if (value["result_type"].AsString() == "vector") {
    engine::Vector vector;
    for (const json::Value& one : value["result"].items())
      vector.push_back({LabelsOf(one["metric"]), {*one["t"].AsInt64(), NumberOf(one["f"])}});
    result.value = vector;
  } else {
    engine::Matrix matrix;
    for (const json::Value& one : value["result"].items())
      matrix.push_back(
          {LabelsOf(one["metric"]), SamplesOf(one["floats"]), HistogramsOf(one["histograms"])});
    result.value = matrix;
  }
  return result;
}

std::vector<storage::SeriesExemplars> ExemplarsOf(const json::Value& value) {
  std::vector<storage::SeriesExemplars> all;
  for (const json::Value& one : value.items()) {
    all.push_back({LabelsOf(one["series_labels"]), {}});
    for (const json::Value& exemplar : one["exemplars"].items())
      all.back().exemplars.push_back(ExemplarOf(exemplar, "ts"));
  }
  return all;
}

TEST(ApiConformance, ValuesAreWrittenByteForByte) {
  NARTHEX_NEED_CORPUS(Corpus());
  const json::Value table = ReadTable("json_encoding.json");
  ASSERT_GT(table["cases"].size(), 0u);
  for (const json::Value& test : table["cases"].items()) {
    const json::Value& value = test["value"];
    std::string body = R"({"status":"success","data":)";
    json::Writer writer(body);
    if (value.is_array()) {
      WriteExemplars(writer, ExemplarsOf(value));
    } else if (value["type"].AsString() == "FPoint") {
      WriteSample(writer, {*value["t"].AsInt64(), NumberOf(value["f"])});
    } else {
      writer.BeginObject();
      WriteQueryResult(writer, ResultOf(value));
      writer.EndObject();
    }
    body += '}';
    EXPECT_EQ(body, test["body"].AsString());
  }
}

TEST(ApiConformance, TreesOfCalculatedDurations) {
  NARTHEX_NEED_CORPUS(Corpus());
  const json::Value table = ReadTable("parse_query.json");
  ASSERT_GT(table["cases"].size(), 0u);
  for (const json::Value& test : table["cases"].items()) {
    SCOPED_TRACE(json::Print(test));
    const Result<promql::ExprPtr> expr = promql::ParseExpression(test["query"].AsString());
    ASSERT_TRUE(expr.ok());
    std::string text;
    json::Writer writer(text);
    WriteParseTree(writer, **expr);
    const Result<json::Value> tree = json::Parse(text);
    ASSERT_TRUE(tree.ok()) << text;
    EXPECT_EQ((*tree)["type"].AsString(), test["want_type"].AsString());
    EXPECT_TRUE(Holds(test["want_fields"], *tree)) << text;
  }
}

TEST(ApiConformance, FeaturesAreNamedAsUpstream) {
  NARTHEX_NEED_CORPUS(Corpus());
  const json::Value want = ReadTable("features.json");
  FakeBackend backend;
  http::Router router;
  ApiOptions options;
  options.metrics = [](const http::Request&) { return http::Response(); };
  AddRoutes(router, backend, backend.clock, options);
  http::Request request;
  request.target = request.path = "/api/v1/features";
  const Result<json::Value> answer = json::Parse(router.Answer(request).body);
  ASSERT_TRUE(answer.ok());
  // What stands in the language is the same; of the rest only the names are.
  for (const char* group : {"promql", "promql_functions", "promql_operators"})
    EXPECT_EQ(json::Print((*answer)["data"][group]), json::Print(want[group])) << group;
  for (const json::Member& group : (*answer)["data"].members()) {
    for (const json::Member& feature : group.value.members())
      EXPECT_NE(want[group.key].Find(feature.key), nullptr) << group.key << " " << feature.key;
  }
}

}  // namespace
}  // namespace narthex::api
