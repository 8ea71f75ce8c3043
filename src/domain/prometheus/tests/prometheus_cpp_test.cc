#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <thread>

#include "base/mutex.h"
#include "certificates.h"
#include "exposition/checker.h"
#include "http/client.h"
#include "http/server.h"
#include "prometheus/check_names.h"
#include "prometheus/counter.h"
#include "prometheus/exposer.h"
#include "prometheus/gateway.h"
#include "prometheus/gauge.h"
#include "prometheus/histogram.h"
#include "prometheus/info.h"
#include "prometheus/registry.h"
#include "prometheus/summary.h"
#include "prometheus/text_serializer.h"
#include "temporary_directory.h"

namespace prometheus {
namespace {

namespace http = narthex::http;

TEST(Counter, IgnoresNegativeAmountsAndStartsAnew) {
  Counter counter;
  counter.Increment();
  counter.Increment(2.5);
  counter.Increment(-1);
  EXPECT_EQ(counter.Value(), 3.5);
  counter.Reset();
  EXPECT_EQ(counter.Value(), 0);
  counter.Increment();
  EXPECT_EQ(counter.Collect().counter.value, 1);
}

TEST(Histogram, CountsCumulativelyAndStartsAnew) {
  Histogram histogram(Histogram::BucketBoundaries{1, 2});
  histogram.Observe(0.5);
  histogram.Observe(2);
  histogram.ObserveMultiple({0, 3, 1}, 20);
  const auto before = histogram.Collect().histogram;
  ASSERT_EQ(before.bucket.size(), 3u);
  EXPECT_EQ(before.bucket[0].cumulative_count, 1u);
  EXPECT_EQ(before.bucket[1].cumulative_count, 5u);
  EXPECT_TRUE(std::isinf(before.bucket[2].upper_bound));
  EXPECT_EQ(before.sample_count, 6u);
  EXPECT_EQ(before.sample_sum, 22.5);
  histogram.Reset();
  histogram.Observe(1.5);
  const auto after = histogram.Collect().histogram;
  EXPECT_EQ(after.bucket[0].cumulative_count, 0u);
  EXPECT_EQ(after.sample_count, 1u);
  EXPECT_EQ(after.sample_sum, 1.5);
}

TEST(Instruments, ThrowWhereTheirArgumentsAreNoGood) {
  EXPECT_THROW(Histogram(Histogram::BucketBoundaries{2, 1}), std::invalid_argument);
  EXPECT_THROW(Histogram(Histogram::BucketBoundaries{1, 1}), std::invalid_argument);
  EXPECT_THROW(Histogram(Histogram::BucketBoundaries{std::nan("")}), std::invalid_argument);
  EXPECT_THROW(Histogram({1, 2}).ObserveMultiple({1}, 1), std::length_error);
  EXPECT_THROW(Summary(Summary::Quantiles{{1.5, 0.1}}), std::invalid_argument);
  EXPECT_THROW(Summary({}, std::chrono::milliseconds(0)), std::invalid_argument);
}

TEST(Summary, HasQuantilesOfItsWindow) {
  Summary summary(Summary::Quantiles{{0.5, 0.05}});
  for (int i = 1; i <= 99; ++i) summary.Observe(i);
  const auto collected = summary.Collect().summary;
  EXPECT_EQ(collected.sample_count, 99u);
  ASSERT_EQ(collected.quantile.size(), 1u);
  EXPECT_NEAR(collected.quantile[0].value, 50, 0.5);
}

TEST(Names, AreThoseOfTheDataModel) {
  const struct {
    std::string name;
    bool is_metric;
    bool is_label;
  } cases[] = {{"a_total", true, true}, {"a:b", true, false},  {"", false, false},
               {"9a", false, false},    {"__a", false, false}, {"a-b", false, false}};
  for (const auto& c : cases) {
    EXPECT_EQ(CheckMetricName(c.name), c.is_metric) << c.name;
    EXPECT_EQ(CheckLabelName(c.name), c.is_label) << c.name;
  }
  EXPECT_FALSE(CheckLabelName("le", MetricType::Histogram));
  EXPECT_FALSE(CheckLabelName("quantile", MetricType::Summary));
}

TEST(Family, GivesTheSameMetricForTheSameLabels) {
  Family<Counter> family("a_total", "h", {{"from", "family"}});
  Counter& counter = family.Add({{"x", "1"}});
  EXPECT_EQ(&family.Add({{"x", "1"}}), &counter);
  EXPECT_NE(&family.Add({{"x", "2"}}), &counter);
  EXPECT_NE(&family.Add({{"y", "1"}}), &counter);
  EXPECT_TRUE(family.Has({{"x", "1"}}));
  family.Remove(&counter);
  EXPECT_FALSE(family.Has({{"x", "1"}}));
  family.Remove(nullptr);
  EXPECT_EQ(family.Collect().at(0).metric.size(), 2u);
}

TEST(Family, RefusesBadLabels) {
  EXPECT_THROW(Family<Counter>("a-b", "h", {}), std::invalid_argument);
  EXPECT_THROW(Family<Counter>("a", "h", {{"b-c", ""}}), std::invalid_argument);
  EXPECT_THROW(Family<Histogram>("a", "h", {{"le", ""}}), std::invalid_argument);
  Family<Counter> family("a", "h", {{"x", "1"}});
  EXPECT_THROW(family.Add({{"x", "2"}}), std::invalid_argument);
  EXPECT_THROW(family.Add({{"__y", "2"}}), std::invalid_argument);
  EXPECT_TRUE(family.Collect().empty());
}

TEST(Registry, MergesOrThrowsAsItWasTold) {
  Registry merging;
  auto& family = BuildCounter().Name("a").Help("h").Register(merging);
  EXPECT_EQ(&BuildCounter().Name("a").Help("h").Register(merging), &family);
  EXPECT_THROW(BuildGauge().Name("a").Help("h").Register(merging), std::invalid_argument);
  EXPECT_THROW(BuildCounter().Name("a").Help("h").Labels({{"x", "1"}}).Register(merging),
               std::invalid_argument);
  Registry throwing(Registry::InsertBehavior::Throw);
  BuildCounter().Name("a").Help("h").Register(throwing);
  EXPECT_THROW(BuildCounter().Name("a").Help("h").Register(throwing), std::invalid_argument);
}

TEST(Registry, ForgetsFamiliesThatAreRemoved) {
  Registry registry;
  auto& family = BuildGauge().Name("a").Help("h").Register(registry);
  family.Add({});
  EXPECT_EQ(registry.Collect().size(), 1u);
  EXPECT_TRUE(registry.Remove(family));
  EXPECT_TRUE(registry.Collect().empty());
  EXPECT_FALSE(registry.Remove(Family<Gauge>("a", "h", {})));
}

TEST(TextSerializer, EscapesHelpAndWritesEveryType) {
  Registry registry;
  BuildCounter().Name("a_total").Help("two\nlines").Register(registry).Add({{"x", "\"1\""}});
  BuildHistogram()
      .Name("b")
      .Help("h")
      .Register(registry)
      .Add({}, std::vector<double>{1})
      .Observe(2);
  BuildInfo().Name("c").Help("h").Register(registry).Add({{"version", "1"}});
  MetricFamily own{"d", "h", MetricType::Untyped, {{}}};
  own.metric[0].untyped.value = 7;
  own.metric[0].timestamp_ms = 5;
  auto families = registry.Collect();
  families.push_back(own);
  std::ostringstream out;
  TextSerializer().Serialize(out, families);
  EXPECT_EQ(out.str(),
            "# HELP a_total two\\nlines\n"
            "# TYPE a_total counter\n"
            "a_total{x=\"\\\"1\\\"\"} 0\n"
            "# HELP b h\n"
            "# TYPE b histogram\n"
            "b_bucket{le=\"1\"} 0\n"
            "b_bucket{le=\"+Inf\"} 1\n"
            "b_sum 2\n"
            "b_count 1\n"
            "# HELP c_info h\n"
            "# TYPE c_info gauge\n"
            "c_info{version=\"1\"} 1\n"
            "# HELP d h\n"
            "# TYPE d untyped\n"
            "d 7 5\n");
}

// What a program collects itself.
class Own : public Collectable {
 public:
  std::vector<MetricFamily> Collect() const override {
    MetricFamily family{"a_total", "h", MetricType::Counter, {{}}};
    family.metric[0].label = {{"from", "own"}};
    family.metric[0].counter.value = 3;
    return {family};
  }
};
class Throwing : public Collectable {
 public:
  std::vector<MetricFamily> Collect() const override { throw std::runtime_error("x"); }
};

class ExposerTest : public testing::Test {
 protected:
  http::ClientResponse Get(const std::string& path, const std::string& accept = "",
                           std::optional<std::pair<std::string, std::string>> auth = {}) {
    http::ClientRequest request;
    request.url = "http://127.0.0.1:" + std::to_string(exposer_.GetListeningPorts().at(0)) + path;
    if (!accept.empty()) request.headers.Set("Accept", accept);
    request.basic_auth = std::move(auth);
    return client_->FetchAndWait(std::move(request)).value();
  }

  std::unique_ptr<http::Client> client_ = http::Client::Make({}).value();
  Exposer exposer_{"127.0.0.1:0"};
};

TEST_F(ExposerTest, ShowsCollectablesAsOnePage) {
  const auto registry = std::make_shared<Registry>();
  BuildCounter().Name("a_total").Help("h").Register(*registry).Add({{"from", "registry"}});
  const auto own = std::make_shared<Own>();
  const auto throwing = std::make_shared<Throwing>();
  exposer_.RegisterCollectable(registry);
  exposer_.RegisterCollectable(throwing);
  exposer_.RegisterCollectable(own);
  const auto text = Get("/metrics");
  EXPECT_EQ(text.status, 200);
  EXPECT_NE(text.body.find("# TYPE a_total counter\n"
                           "a_total{from=\"registry\"} 0\n"
                           "a_total{from=\"own\"} 3\n"),
            std::string::npos)
      << text.body;
  EXPECT_NE(text.body.find("\nexposer_scrapes_total 0\n"), std::string::npos);
  const auto open_metrics = Get("/metrics", "application/openmetrics-text;version=1.0.0");
  EXPECT_TRUE(narthex::exposition::CheckOpenMetrics(open_metrics.body).ok()) << open_metrics.body;
  exposer_.RemoveCollectable(own);
  EXPECT_EQ(Get("/metrics").body.find("from=\"own\""), std::string::npos);
}

TEST_F(ExposerTest, ForgetsWhatHasEnded) {
  auto registry = std::make_shared<Registry>();
  BuildCounter().Name("a_total").Help("h").Register(*registry).Add({});
  exposer_.RegisterCollectable(registry);
  registry.reset();
  EXPECT_EQ(Get("/metrics").body.find("a_total"), std::string::npos);
}

TEST_F(ExposerTest, HasAPageForEachPath) {
  const auto registry = std::make_shared<Registry>();
  BuildGauge().Name("a").Help("h").Register(*registry).Add({});
  exposer_.RegisterCollectable(registry, "/other");
  EXPECT_NE(Get("/other").body.find("\na 0\n"), std::string::npos);
  EXPECT_NE(Get("/other/below?x=1").body.find("\na 0\n"), std::string::npos);
  EXPECT_EQ(Get("/metrics").status, 404);
  EXPECT_EQ(Get("/").status, 404);
}

TEST_F(ExposerTest, AsksForNameAndPassword) {
  const auto registry = std::make_shared<Registry>();
  exposer_.RegisterCollectable(registry);
  exposer_.RegisterAuth(
      [](const std::string& name, const std::string& password) {
        return name == "me" && password == "secret";
      },
      "Realm");
  const auto refused = Get("/metrics");
  EXPECT_EQ(refused.status, 401);
  EXPECT_EQ(refused.headers.Get("WWW-Authenticate"), "Basic realm=\"Realm\"");
  EXPECT_EQ(Get("/metrics", "", {{"me", "wrong"}}).status, 401);
  EXPECT_EQ(Get("/metrics", "", {{"me", "secret"}}).status, 200);
}

TEST(Exposer, ThrowsWhereItCannotDoWhatItIsTold) {
  Exposer first("127.0.0.1:0");
  const std::string taken = "127.0.0.1:" + std::to_string(first.GetListeningPorts().at(0));
  EXPECT_THROW(Exposer{taken}, std::runtime_error);
  using Options = std::vector<std::string>;
  EXPECT_THROW(Exposer(Options{"listening_ports", "nonsense:x"}), std::runtime_error);
  EXPECT_THROW(Exposer(Options{"listening_ports"}), std::runtime_error);
  EXPECT_THROW(Exposer(Options{"ssl_certificate", "x"}), std::runtime_error);
  EXPECT_THROW(Exposer(Options{"num_threads", "0"}), std::runtime_error);
  EXPECT_THROW(Exposer(Options{"access_control_list", "-0.0.0.0/0"}), std::runtime_error);
  EXPECT_THROW(Exposer(Options{"listening_ports", "127.0.0.1:0s"}), std::runtime_error);
  EXPECT_THROW(Exposer(Options{"listening_ports", "127.0.0.1:0,127.0.0.1:0s"}), std::runtime_error);
  EXPECT_THROW(Exposer(Options{"ssl_verify_peer", "perhaps"}), std::runtime_error);
  EXPECT_THROW(Exposer(Options{"ssl_protocol_version", "6"}), std::runtime_error);
}

// The certificate and the key in one file, as CivetWeb has them.
TEST(Exposer, SpeaksTlsByTheOptionsOfCivetWeb) {
  const http::TestAuthority authority;
  const auto server = authority.Issue("server", "IP:127.0.0.1");
  const auto visitor = authority.Issue("visitor", "DNS:visitor");
  const narthex::io::TemporaryDirectory folder;
  const std::string pair_file = folder.path() + "/server.pem";
  const std::string authority_file = folder.path() + "/ca.pem";
  std::ofstream(pair_file) << server.certificate << server.key;
  std::ofstream(authority_file) << authority.pem();
  using Options = std::vector<std::string>;
  Exposer exposer(Options{"listening_ports", "127.0.0.1:0s", "ssl_certificate", pair_file,
                          "ssl_verify_peer", "yes", "ssl_ca_file", authority_file,
                          "ssl_protocol_version", "5", "num_threads", "2"});
  const auto registry = std::make_shared<Registry>();
  BuildCounter().Name("seen_total").Help("h").Register(*registry).Add({}).Increment();
  exposer.RegisterCollectable(registry);

  http::TlsOptions tls;
  tls.ca_pem = authority.pem();
  const auto client = http::Client::Make({}).value();
  const auto get = [&] {
    http::ClientRequest request;
    request.url =
        "https://127.0.0.1:" + std::to_string(exposer.GetListeningPorts().at(0)) + "/metrics";
    request.tls = tls;
    return client->FetchAndWait(std::move(request));
  };
  EXPECT_FALSE(get().ok()) << "without a certificate of one's own";
  tls.cert_pem = visitor.certificate;
  tls.key_pem = visitor.key;
  const auto answer = get();
  ASSERT_TRUE(answer.ok()) << answer.error().message();
  EXPECT_THAT(answer->body, testing::HasSubstr("seen_total 1"));
}

TEST(Gateway, SendsTheVerbsOfPrometheusCpp) {
  struct Seen {
    std::string method;
    std::string path;
    std::string body;
    std::string header;
  };
  narthex::Mutex mutex;
  Seen last;
  http::Router router;
  router.Fallback([&](const http::Request& request) {
    narthex::MutexLock lock(mutex);
    last = {request.method_name, request.path, request.body,
            std::string(request.headers.Get("X-Tenant"))};
    return http::Response::Text(202, "");
  });
  const auto server = http::Server::Start({}, std::move(router)).value();
  Gateway gateway("127.0.0.1", std::to_string(server->port()), "job",
                  Gateway::GetInstanceLabel("host"));
  EXPECT_FALSE(gateway.AddHttpHeader("no colon"));
  EXPECT_TRUE(gateway.AddHttpHeader("X-Tenant: a"));
  const auto registry = std::make_shared<Registry>();
  BuildCounter().Name("a_total").Help("h").Register(*registry).Add({});
  const Labels more = {{"shard", "1"}};
  gateway.RegisterCollectable(registry, &more);

  const struct {
    std::function<int()> call;
    std::string method;
    std::string path;
    bool has_body;
  } cases[] = {
      {[&] { return gateway.Push(); }, "POST", "/metrics/job/job/instance/host/shard/1", true},
      {[&] { return gateway.AsyncPush().get(); }, "POST", "/metrics/job/job/instance/host/shard/1",
       true},
      {[&] { return gateway.PushAdd(); }, "PUT", "/metrics/job/job/instance/host/shard/1", true},
      {[&] { return gateway.Delete(); }, "DELETE", "/metrics/job/job", false},
      {[&] { return gateway.DeleteForInstance(); }, "DELETE", "/metrics/job/job/instance/host",
       false},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.method + " " + c.path);
    const int status = c.call();
    narthex::MutexLock lock(mutex);
    EXPECT_TRUE(status == 200 || status == 202);
    EXPECT_EQ(last.method, c.method);
    EXPECT_EQ(last.path, c.path);
    EXPECT_EQ(last.body.find("a_total 0") != std::string::npos, c.has_body);
    EXPECT_EQ(last.header, "a");
  }
}

TEST(Gateway, TellsThatNobodyAnswered) {
  std::string port;
  {
    const auto server = http::Server::Start({}, http::Router()).value();
    port = std::to_string(server->port());
  }
  EXPECT_LT(Gateway("127.0.0.1", port, "job").Delete(), 0);
  EXPECT_EQ(Gateway("127.0.0.1", port, "job").Push(), 200) << "nothing was to be pushed";
}

// The sanitizers' share.
TEST(Registry, IsFilledWrittenAndScrapedAtOnce) {
  const auto registry = std::make_shared<Registry>();
  std::vector<std::jthread> threads;
  for (int thread = 0; thread < 4; ++thread) {
    threads.emplace_back([&registry] {
      for (int i = 0; i < 200; ++i) {
        auto& family = BuildHistogram().Name("b").Help("h").Register(*registry);
        family.Add({{"x", std::to_string(i % 7)}}, std::vector<double>{1, 2}).Observe(i);
        auto& counters = BuildCounter().Name("a_total").Help("h").Register(*registry);
        counters.Add({{"x", std::to_string(i % 7)}}).Increment();
      }
    });
  }
  for (int i = 0; i < 20; ++i) TextSerializer().Serialize(registry->Collect());
  threads.clear();
  double total = 0;
  const auto families = registry->Collect();
  for (const auto& metric : families.at(0).metric) total += metric.counter.value;
  EXPECT_EQ(total, 800);
}

}  // namespace
}  // namespace prometheus
