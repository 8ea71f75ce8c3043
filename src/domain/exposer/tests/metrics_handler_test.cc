#include "exposer/metrics_handler.h"

#include <gtest/gtest.h>

namespace narthex::exposer {
namespace {

class MetricsHandlerTest : public testing::Test {
 protected:
  MetricsHandlerTest() {
    client::FamilyOptions options;
    options.name = "jobs_total";
    options.help = "Jobs done.";
    options.label_names = {"kind"};
    registry_.NewCounter(options).With({"a"}).Increment(3);
    options.name = "wait_seconds";
    options.label_names.clear();
    registry_.NewHistogram(options, {1}).With().Observe(0.5);
  }

  http::Response Ask(http::Method method, std::string_view query = "",
                     std::string_view accept = "") {
    http::Request request;
    request.method = method;
    request.query = http::Parameters::Parse(query);
    if (!accept.empty()) request.headers.Set("Accept", accept);
    return WithWholeBody(handler_(request));
  }

  client::Registry registry_;
  http::Handler handler_ = MetricsHandler(registry_, {2});
};

TEST_F(MetricsHandlerTest, WritesTextByDefault) {
  const auto response = Ask(http::Method::kGet);
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.headers.Get("Content-Type"),
            "text/plain; version=0.0.4; charset=utf-8; escaping=underscores");
  EXPECT_NE(response.body.find("\njobs_total{kind=\"a\"} 3\n"), std::string::npos);
  EXPECT_EQ(response.body.find("# EOF"), std::string::npos);
}

TEST_F(MetricsHandlerTest, WritesOpenMetricsWhenAsked) {
  const auto response =
      Ask(http::Method::kGet, "", "application/openmetrics-text;version=1.0.0,text/plain;q=0.5");
  EXPECT_TRUE(response.headers.Get("Content-Type").starts_with("application/openmetrics-text"));
  EXPECT_NE(response.body.find("# TYPE jobs counter\n"), std::string::npos);
  EXPECT_TRUE(response.body.ends_with("\n# EOF\n"));
}

TEST_F(MetricsHandlerTest, WritesTheDraftOnlyForThoseWhoNameIt) {
  const struct {
    std::string_view accept;
    std::string_view want;
  } cases[] = {
      {"application/openmetrics-text;version=2.0.0", "application/openmetrics-text; version=2.0.0"},
      {"application/openmetrics-text", "application/openmetrics-text; version=0.0.1"},
      {"application/openmetrics-text;version=2.0.0;q=0.1,text/plain", "text/plain; version=0.0.4"},
      {"application/openmetrics-text;version=2.0.0;q=0,*/*", "text/plain; version=0.0.4"},
  };
  for (const auto& c : cases) {
    const auto response = Ask(http::Method::kGet, "", c.accept);
    EXPECT_TRUE(response.headers.Get("Content-Type").starts_with(c.want)) << c.accept;
  }
}

TEST_F(MetricsHandlerTest, RestrictsToTheSamplesNamed) {
  EXPECT_EQ(Ask(http::Method::kGet, "name[]=jobs_total&name[]=wait_seconds_count").body,
            "# HELP jobs_total Jobs done.\n"
            "# TYPE jobs_total counter\n"
            "jobs_total{kind=\"a\"} 3\n"
            "# HELP wait_seconds Jobs done.\n"
            "# TYPE wait_seconds histogram\n"
            "wait_seconds_count 1\n");
  EXPECT_EQ(Ask(http::Method::kGet, "name[]=jobs").body, "");
  EXPECT_EQ(Ask(http::Method::kGet, "name[]=jobs").status, 200);
}

TEST_F(MetricsHandlerTest, TellsItsMethods) {
  const auto options = Ask(http::Method::kOptions);
  EXPECT_EQ(options.status, 200);
  EXPECT_EQ(options.headers.Get("Allow"), "OPTIONS,GET");
  const auto post = Ask(http::Method::kPost);
  EXPECT_EQ(post.status, 405);
  EXPECT_EQ(post.headers.Get("Allow"), "OPTIONS,GET");
  EXPECT_EQ(Ask(http::Method::kHead).status, 200);
}

TEST_F(MetricsHandlerTest, CountsItsScrapes) {
  Ask(http::Method::kGet);
  const auto response = Ask(http::Method::kGet);
  EXPECT_NE(response.body.find("promhttp_metric_handler_requests_total{code=\"200\"} 1\n"),
            std::string::npos);
  EXPECT_NE(response.body.find("promhttp_metric_handler_requests_in_flight 1\n"),
            std::string::npos);
}

// A collector that scrapes again while it is scraped, so that scrapes overlap.
class Overlapping : public client::Collector {
 public:
  explicit Overlapping(std::function<void()> during) : during_(std::move(during)) {}
  void Collect(client::FamilySink&) override { during_(); }

 private:
  std::function<void()> during_;
};

TEST(MetricsHandler, RefusesMoreScrapesThanTheLimit) {
  client::Registry registry;
  const auto handler = MetricsHandler(registry, {1});
  int inner_status = 0;
  const auto registration = registry.Register(
      std::make_shared<Overlapping>([&] { inner_status = handler(http::Request()).status; }));
  EXPECT_EQ(WithWholeBody(handler(http::Request())).status, 200);
  EXPECT_EQ(inner_status, 503);
  // The place is free again.
  EXPECT_EQ(handler(http::Request()).status, 200);
}

TEST(ExposerRoutes, AnswerHealthAndIcon) {
  http::Router router;
  AddExposerRoutes(router);
  http::Request request;
  request.target = "/-/healthy";
  EXPECT_EQ(router.Answer(request).status, 200);
  request.target = "/favicon.ico";
  const auto icon = router.Answer(request);
  EXPECT_EQ(icon.status, 200);
  EXPECT_EQ(icon.body, "");
}

}  // namespace
}  // namespace narthex::exposer
