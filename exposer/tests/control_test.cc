// The control routes and the scrapes that they spoil, without a socket.
#include <gtest/gtest.h>

#include <future>
#include <thread>

#include "control_api.h"
#include "control_page.h"
#include "fake_clock.h"
#include "json/reader.h"
#include "live_service.h"
#include "scrape_endpoint.h"

namespace narthex::demo_exposer {
namespace {

http::Request RequestFor(http::Method method, const std::string& path,
                         const std::string& body = "") {
  http::Request request;
  request.method = method;
  request.method_name = http::MethodName(method);
  request.target = path;
  request.path = path;
  request.body = body;
  request.remote_address = "127.0.0.1";
  request.headers.Set("Host", "localhost:8000");
  if (!body.empty()) request.headers.Set("Content-Type", "application/json");
  return request;
}

class ControlTest : public testing::Test {
 protected:
  ControlTest() { router_ = MakeRouter(ControlAccess::kLoopback); }

  http::Router MakeRouter(ControlAccess access) {
    http::Router router;
    AddControlRoutes(router, playground_, {access, 9091, 3001});
    AddControlPage(router, access);
    router.Fallback(ScrapeEndpoint(playground_, clock_));
    return router;
  }

  http::Response Get(const std::string& path) {
    return router_.Answer(RequestFor(http::Method::kGet, path));
  }
  http::Response Post(const std::string& path, const std::string& body = "") {
    return router_.Answer(RequestFor(http::Method::kPost, path, body));
  }
  static json::Value Body(const http::Response& response) {
    auto value = json::Parse(response.body);
    EXPECT_TRUE(value.ok()) << response.body;
    return value.ok() ? *std::move(value) : json::Value();
  }

  FakeClock clock_;
  Playground playground_{{7, "1", "r"}, clock_};
  http::Router router_;
};

TEST_F(ControlTest, ShowsKnobsLimitsStoriesAndLinks) {
  const json::Value state = Body(Get("/control/state"));
  EXPECT_EQ(state["knobs"]["traffic"].AsDouble(), 1);
  EXPECT_EQ(state["knobs"]["answer"].AsString(), "normal");
  EXPECT_EQ(state["limits"]["traffic"]["most"].AsDouble(), 5);
  EXPECT_EQ(state["limits"]["answer"]["choices"].size(), 5u);
  EXPECT_TRUE(state["story"].is_null());
  EXPECT_EQ(state["stories"].size(), 3u);
  EXPECT_EQ(state["links"]["server_port"].AsInt64(), 9091);
  EXPECT_EQ(state["links"]["dashboards_port"].AsInt64(), 3001);
}

TEST_F(ControlTest, EveryPostAnswersWithTheStateItMade) {
  EXPECT_EQ(Body(Post("/control/knobs", R"({"traffic":2,"answer":"slow"})"))["knobs"]["answer"]
                .AsString(),
            "slow");
  EXPECT_EQ(Body(Post("/control/increment", R"({"amount":4})"))["increment_sum"].AsDouble(), 4);
  EXPECT_EQ(Body(Post("/control/increment"))["increment_sum"].AsDouble(), 5);
  const json::Value restarted = Body(Post("/control/restart"));
  EXPECT_EQ(restarted["restart_count"].AsInt64(), 1);
  EXPECT_EQ(restarted["increment_sum"].AsDouble(), 0);
  const json::Value playing = Body(Post("/control/story", R"({"name":"leak"})"));
  EXPECT_EQ(playing["story"]["title"].AsString(), "Memory leak");
  EXPECT_EQ(playing["story"]["duration_seconds"].AsDouble(), 300);
  EXPECT_NE(playing["story"]["caption"].AsString(), "");
  EXPECT_TRUE(Body(Post("/control/story/stop"))["story"].is_null());
  EXPECT_EQ(Body(Post("/control/reset"))["knobs"]["traffic"].AsDouble(), 1);
}

TEST_F(ControlTest, RefusesBadInputAndChangesNothing) {
  const struct {
    std::string path;
    std::string body;
    int want;
  } cases[] = {
      {"/control/knobs", R"({"traffic":2,"error_ratio":2})", 400},
      {"/control/knobs", "{", 400},
      {"/control/increment", R"({"amount":-1})", 400},
      {"/control/story", R"({"name":"none"})", 404},
      {"/control/story", "{}", 400},
      {"/control/knobs", "{" + std::string(20'000, ' ') + "}", 413},
      {"/control/none", "", 404},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.path + " " + c.body.substr(0, 60));
    const auto response = Post(c.path, c.body);
    EXPECT_EQ(response.status, c.want);
    EXPECT_NE(Body(response)["error"].AsString(), "");
  }
  EXPECT_EQ(playground_.state().knobs, Knobs());
  EXPECT_EQ(Get("/control/none").status, 404);
}

TEST_F(ControlTest, AnswersThisMachineOnlyUnlessTold) {
  const struct {
    std::string name;
    std::string peer;
    std::string host;
    std::string proxy_field;
    bool is_near;
  } cases[] = {
      {"IPv4", "127.0.0.1", "127.0.0.1:8000", "", true},
      {"IPv6", "::1", "[::1]:8000", "", true},
      {"IPv4 in IPv6", "::ffff:127.0.0.1", "localhost", "", true},
      {"a name below localhost", "127.0.0.1", "demo.localhost:8000", "", true},
      {"a far peer", "192.168.1.7", "192.168.1.2:8000", "", false},
      {"a far peer in IPv6", "fe80::1", "[fe80::2]:8000", "", false},
      {"by a proxy", "127.0.0.1", "localhost:8000", "X-Forwarded-For", false},
      {"a name bound to this machine", "127.0.0.1", "evil.example:8000", "", false},
      {"a name that looks near", "127.0.0.1", "127.0.0.1.evil.example", "", false},
      {"no host", "127.0.0.1", "", "", false},
  };
  const http::Router open = MakeRouter(ControlAccess::kAll);
  const http::Router closed = MakeRouter(ControlAccess::kNobody);
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    for (const http::Method method : {http::Method::kGet, http::Method::kPost}) {
      const bool is_get = method == http::Method::kGet;
      http::Request request = RequestFor(method, is_get ? "/control/state" : "/control/increment");
      request.remote_address = c.peer;
      request.headers.Set("Host", c.host);
      if (!c.proxy_field.empty()) request.headers.Set(c.proxy_field, "192.168.1.7");
      EXPECT_EQ(router_.Answer(request).status, c.is_near ? 200 : 403);
      EXPECT_EQ(open.Answer(request).status, 200);
      EXPECT_EQ(closed.Answer(request).status, 404);
    }
  }
}

TEST_F(ControlTest, TakesNoPostFromAnotherPage) {
  const struct {
    std::string name;
    http::Headers headers;
    int want;
  } cases[] = {
      {"a script", {}, 200},
      {"its own page", {{"Origin", "http://localhost:8000"}}, 200},
      {"its own page, by fetch metadata",
       {{"Origin", "http://localhost:8000"}, {"Sec-Fetch-Site", "same-origin"}},
       200},
      {"another host", {{"Origin", "http://evil.example"}}, 403},
      {"another port", {{"Origin", "http://localhost:9090"}}, 403},
      {"another scheme", {{"Origin", "https://localhost:8000"}}, 403},
      {"a sandbox", {{"Origin", "null"}}, 403},
      {"an empty origin", {{"Origin", ""}}, 403},
      {"another site, by fetch metadata", {{"Sec-Fetch-Site", "cross-site"}}, 403},
      {"a form", {{"Content-Type", "text/plain"}}, 415},
      {"JSON with a charset", {{"Content-Type", "application/json; charset=utf-8"}}, 200},
  };
  const http::Router open = MakeRouter(ControlAccess::kAll);
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    http::Request request = RequestFor(http::Method::kPost, "/control/knobs", "{}");
    for (const auto& [name, value] : c.headers) request.headers.Set(name, value);
    EXPECT_EQ(router_.Answer(request).status, c.want);
    EXPECT_EQ(open.Answer(request).status, c.want);
  }
}

TEST_F(ControlTest, ServesThePageWithItsFilesAndNothingElse) {
  const auto page = Get("/control");
  EXPECT_EQ(page.status, 200);
  EXPECT_EQ(page.headers.Get("Content-Type"), "text/html; charset=utf-8");
  EXPECT_EQ(page.headers.Get("Content-Security-Policy"),
            "default-src 'self'; frame-ancestors 'none'; base-uri 'none'");
  for (const auto& [name, type] :
       {std::pair<std::string, std::string>("main.js", "text/javascript"),
        {"control.css", "text/css"}}) {
    SCOPED_TRACE(name);
    EXPECT_NE(page.body.find("/control/page/" + name), std::string::npos);
    const auto file = Get("/control/page/" + name);
    EXPECT_EQ(file.status, 200);
    EXPECT_EQ(file.headers.Get("Content-Type"), type + "; charset=utf-8");
  }
  EXPECT_EQ(Get("/control/page/none.js").status, 404);
  http::Request far = RequestFor(http::Method::kGet, "/control");
  far.remote_address = "192.168.1.7";
  EXPECT_EQ(router_.Answer(far).status, 403);
}

TEST_F(ControlTest, ExpositionIsShownWhateverScrapesGet) {
  Post("/control/knobs", R"({"answer":"failing"})");
  EXPECT_EQ(Get("/").status, 500);
  const auto response = Get("/control/exposition");
  EXPECT_EQ(response.status, 200);
  EXPECT_NE(response.body.find("\ndemo_knob_level 0\n"), std::string::npos);
}

TEST_F(ControlTest, BrokenPageIsCutAndMalformed) {
  const std::size_t size = Get("/").body.size();
  Post("/control/knobs", R"({"answer":"broken"})");
  const auto response = Get("/");
  EXPECT_EQ(response.status, 200);
  EXPECT_LT(response.body.size(), size);
  EXPECT_TRUE(response.body.ends_with("\ndemo_broken_page{code=\"200 is what the knob ordered\n"));
}

// A scrape on a thread of its own, while the test turns knobs and moves the clock.
class LateScrapeTest : public ControlTest {
 protected:
  std::future<int> Scrape() {
    return std::async(std::launch::async, [this] {
      http::Request request = RequestFor(http::Method::kGet, "/");
      request.canceled = canceled_.get_token();
      return router_.Answer(request).status;
    });
  }

  // Moves the clock until the scrape is answered.
  std::chrono::nanoseconds AdvanceUntilAnswered(std::future<int>& scrape) {
    const auto start = clock_.Monotonic();
    while (scrape.wait_for(std::chrono::milliseconds(1)) != std::future_status::ready) {
      clock_.Advance(std::chrono::milliseconds(100));
    }
    return clock_.Monotonic() - start;
  }

  std::stop_source canceled_;
};

TEST_F(LateScrapeTest, SlowOnesAreAnsweredAfterTheDelay) {
  Post("/control/knobs", R"({"answer":"slow","answer_delay_seconds":5})");
  auto scrape = Scrape();
  EXPECT_GE(AdvanceUntilAnswered(scrape), std::chrono::seconds(5));
  EXPECT_EQ(scrape.get(), 200);
}

TEST_F(LateScrapeTest, SilenceEndsWithTheKnob) {
  Post("/control/knobs", R"({"answer":"silent"})");
  auto scrape = Scrape();
  clock_.AwaitWaiters(1);
  Post("/control/knobs", R"({"answer":"normal"})");
  AdvanceUntilAnswered(scrape);
  EXPECT_EQ(scrape.get(), 200);
}

TEST_F(LateScrapeTest, SilenceEndsWithAMinute) {
  Post("/control/knobs", R"({"answer":"silent"})");
  auto scrape = Scrape();
  EXPECT_GE(AdvanceUntilAnswered(scrape), std::chrono::minutes(1));
  EXPECT_EQ(scrape.get(), 503);
}

TEST_F(LateScrapeTest, SilenceEndsWithThePeerAndIsBounded) {
  Post("/control/knobs", R"({"answer":"silent"})");
  std::vector<std::future<int>> scrapes;
  for (int i = 0; i < kHeldScrapeCountMax; ++i) scrapes.push_back(Scrape());
  clock_.AwaitWaiters(kHeldScrapeCountMax);
  EXPECT_EQ(Get("/").status, 503);
  canceled_.request_stop();
  for (auto& scrape : scrapes) EXPECT_EQ(scrape.get(), 503);
  Post("/control/knobs", R"({"answer":"normal"})");
  EXPECT_EQ(Get("/").status, 200);
}

}  // namespace
}  // namespace narthex::demo_exposer
