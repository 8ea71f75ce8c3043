#include "scrape/manager.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <latch>

#include "base/number.h"
#include "client/registry.h"
#include "fake_clock.h"
#include "fake_store.h"
#include "http/server.h"
#include "scheduler.h"

namespace narthex::scrape {
namespace {

using model::LabelSet;
using testing::HasSubstr;

// A target whose answers the test writes.
class Peer {
 public:
  Peer() {
    http::Router router;
    router.Get("/metrics", [this](const http::Request& request) {
      http::Handler handler;
      {
        MutexLock lock(mutex_);
        last_request_ = request.headers;
        handler = handler_;
      }
      return handler(request);
    });
    Result<std::unique_ptr<http::Server>> server = http::Server::Start({}, std::move(router));
    EXPECT_TRUE(server.ok());
    server_ = *std::move(server);
  }

  std::string address() const { return fmt::format("127.0.0.1:{}", server_->port()); }
  void Answer(http::Handler handler) {
    MutexLock lock(mutex_);
    handler_ = std::move(handler);
  }
  void AnswerText(std::string text) {
    Answer([text](const http::Request&) {
      http::Response response = http::Response::Text(200, text);
      response.headers.Set("Content-Type", "text/plain; version=0.0.4");
      return response;
    });
  }
  http::Headers last_request() {
    MutexLock lock(mutex_);
    return last_request_;
  }

 private:
  Mutex mutex_;
  http::Handler handler_ GUARDED_BY(mutex_) = [](const http::Request&) {
    return http::Response::Text(404, "");
  };
  http::Headers last_request_ GUARDED_BY(mutex_);
  std::unique_ptr<http::Server> server_;
};

struct ManagerTest : testing::Test {
  ManagerTest() {
    Result<std::unique_ptr<Manager>> made = Manager::Make({store, clock, registry}, {});
    EXPECT_TRUE(made.ok());
    manager = *std::move(made);
    config.job_name = "j";
    config.scrape_interval = std::chrono::seconds(10);
    config.scrape_timeout = std::chrono::seconds(10);
    config.scrape_protocols = {config::ScrapeProtocol::kPrometheusText004};
  }

  void Scrape(const std::vector<std::string>& addresses) {
    manager->Apply({config});
    discovery::TargetGroup group{"0", {}, {}};
    for (const std::string& address : addresses)
      group.targets.push_back(LabelSet{{"__address__", address}});
    manager->SetGroups("j", {group});
  }
  // One interval on, and the batches of all targets written.
  void Tick(std::size_t batch_count) {
    const std::size_t want = store.batch_count() + batch_count;
    clock.AwaitWaiters(1);
    const TimestampMs before = clock.Now();
    clock.Advance(std::chrono::seconds(10));
    store.AwaitBatches(want);
    AwaitScrapeAfter(before);
  }
  // The state of a target is noted after its batch.
  void AwaitScrapeAfter(TimestampMs time) {
    while (true) {
      const std::vector<TargetState> states = manager->targets();
      const auto is_noted = [time](const TargetState& state) {
        return state.last_scrape.value_or(time) > time;
      };
      if (std::all_of(states.begin(), states.end(), is_noted)) return;
      std::this_thread::yield();
    }
  }
  LabelSet Series(std::string_view name, const std::string& instance) {
    return LabelSet{{"__name__", name}, {"job", "j"}, {"instance", instance}};
  }
  TargetState Only() {
    const std::vector<TargetState> states = manager->targets();
    EXPECT_EQ(states.size(), 1u);
    return states.at(0);
  }

  FakeClock clock;
  FakeStore store;
  client::Registry registry;
  Peer peer;
  config::ScrapeConfig config;
  std::unique_ptr<Manager> manager;
};

TEST_F(ManagerTest, ScrapesATarget) {
  peer.AnswerText("# HELP a b\n# TYPE a gauge\na 7\n");
  Scrape({peer.address()});
  EXPECT_EQ(Only().health, Health::kUnknown);
  Tick(1);
  EXPECT_EQ(store.Latest(Series("a", peer.address())), 7);
  EXPECT_EQ(store.Latest(Series("up", peer.address())), 1);
  EXPECT_EQ(Only().health, Health::kUp);
  EXPECT_EQ(Only().last_error, "");
  EXPECT_EQ(peer.last_request().Get("X-Prometheus-Scrape-Timeout-Seconds"), "10");
  EXPECT_EQ(peer.last_request().Get("Accept"), "text/plain;version=0.0.4;q=0.3,*/*;q=0.2");
  const std::vector<TargetMetadata> metadata = manager->metadata("a");
  ASSERT_EQ(metadata.size(), 1u);
  EXPECT_EQ(metadata[0].metadata.help, "b");
}

TEST_F(ManagerTest, EvenStepsInTime) {
  peer.AnswerText("a 7\n");
  Scrape({peer.address()});
  Tick(1);
  const TimestampMs first = *Only().last_scrape;
  Tick(1);
  EXPECT_EQ(*Only().last_scrape - first, 10'000);
}

TEST_F(ManagerTest, SaysWhatIsWrongAndGoesOn) {
  Peer good;
  good.AnswerText("a 1\n");
  const struct {
    const char* name;
    http::Handler answer;
    const char* want;
  } cases[] = {
      {"status", [](const http::Request&) { return http::Response::Text(500, "oops"); },
       "server returned HTTP status 500 Internal Server Error"},
      {"garbage",
       [](const http::Request&) {
         http::Response response = http::Response::Text(200, std::string(100'000, '\x01') + "}{");
         response.headers.Set("Content-Type", "text/plain");
         return response;
       },
       ""},
      {"no type",
       [](const http::Request&) {
         http::Response response;
         response.body = "a 1\n";
         return response;
       },
       "Content-Type"},
      {"protobuf",
       [](const http::Request&) {
         http::Response response;
         response.body = "x";
         response.headers.Set(
             "Content-Type",
             "application/"
             "vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited");
         return response;
       },
       "longer than the body"},
      {"cut off",
       [](const http::Request&) {
         http::Response response;
         response.headers.Set("Content-Type", "text/plain");
         response.stream = [](http::BodyWriter& writer) -> Status {
           NARTHEX_TRY(writer.Write("a 1\n"));
           return Error{ErrorCode::kInternal, "broken"};
         };
         return response;
       },
       ""},
  };
  Scrape({peer.address(), good.address()});
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    peer.Answer(c.answer);
    Tick(2);
    for (const TargetState& state : manager->targets()) {
      const bool is_good = state.target->labels.Get("instance") == good.address();
      EXPECT_EQ(state.health, is_good ? Health::kUp : Health::kDown);
      if (!is_good) {
        EXPECT_NE(state.last_error, "");
        EXPECT_THAT(state.last_error, HasSubstr(c.want));
      }
    }
    EXPECT_EQ(store.Latest(Series("up", peer.address())), 0);
    EXPECT_EQ(store.Latest(Series("up", good.address())), 1);
  }
}

TEST_F(ManagerTest, ReportsATargetThatIsNotThere) {
  Scrape({"127.0.0.1:1"});
  Tick(1);
  EXPECT_EQ(Only().health, Health::kDown);
  EXPECT_THAT(Only().last_error, HasSubstr("127.0.0.1:1"));
}

TEST_F(ManagerTest, StopsAtTheBodySizeLimit) {
  config.limits.body_size_limit = 1000;
  // Never ends by itself.
  peer.Answer([](const http::Request&) {
    http::Response response;
    response.headers.Set("Content-Type", "text/plain");
    response.stream = [](http::BodyWriter& writer) -> Status {
      while (true) NARTHEX_TRY(writer.Write("a 1\n"));
    };
    return response;
  });
  Scrape({peer.address()});
  Tick(1);
  EXPECT_EQ(Only().last_error, "body size limit exceeded");
  EXPECT_EQ(store.Latest(Series("up", peer.address())), 0);
}

TEST_F(ManagerTest, BoundsABodyWithoutALimit) {
  peer.Answer([](const http::Request&) {
    http::Response response;
    response.headers.Set("Content-Type", "text/plain");
    response.stream = [](http::BodyWriter& writer) -> Status {
      const std::string piece(1 << 20, '\n');
      while (true) NARTHEX_TRY(writer.Write(piece));
    };
    return response;
  });
  Scrape({peer.address()});
  Tick(1);
  EXPECT_THAT(Only().last_error, HasSubstr("larger than 64MB"));
}

TEST_F(ManagerTest, TimesOut) {
  config.scrape_timeout = std::chrono::milliseconds(50);
  const auto over = std::make_shared<std::latch>(1);
  peer.Answer([over](const http::Request&) {
    over->wait();
    return http::Response::Text(200, "");
  });
  Scrape({peer.address()});
  Tick(1);
  EXPECT_EQ(Only().health, Health::kDown);
  EXPECT_NE(Only().last_error, "");
  over->count_down();
}

TEST_F(ManagerTest, StopsInTheMiddleOfAScrape) {
  const auto asked = std::make_shared<std::latch>(1);
  const auto over = std::make_shared<std::latch>(1);
  peer.Answer([asked, over](const http::Request&) {
    asked->count_down();
    over->wait();
    return http::Response::Text(200, "a 1\n");
  });
  Scrape({peer.address()});
  clock.AwaitWaiters(1);
  clock.Advance(std::chrono::seconds(10));
  asked->wait();
  const auto started = std::chrono::steady_clock::now();
  manager->Stop();
  EXPECT_LT(std::chrono::steady_clock::now() - started, std::chrono::seconds(5));
  EXPECT_EQ(store.batch_count(), 0u);
  over->count_down();
}

TEST_F(ManagerTest, KeepsLoopsOfUnchangedTargetsAcrossAReload) {
  peer.AnswerText("a 1\n");
  Scrape({peer.address()});
  Tick(1);
  const std::size_t resolved = store.resolved_count();
  config.limits.sample_limit = 100;
  Scrape({peer.address()});
  EXPECT_EQ(Only().health, Health::kUp) << "the loop went on";
  Tick(1);
  EXPECT_EQ(store.resolved_count(), resolved);
  config.limits.sample_limit = 0;
  config.honor_labels = true;
  Scrape({peer.address()});
  Tick(1);
  EXPECT_GT(store.resolved_count(), resolved) << "other rules resolve anew";
}

TEST_F(ManagerTest, ALabelChangesWhatIsKeptOfHistogramsWithoutANewLoop) {
  peer.AnswerText("# TYPE h histogram\nh_bucket{le=\"+Inf\"} 3\nh_sum 5\nh_count 3\n");
  Scrape({peer.address()});
  Tick(1);
  EXPECT_EQ(store.Latest(Series("h_count", peer.address())), 3);
  model::RelabelConfig convert;
  convert.target_label = "__convert_classic_histograms_to_nhcb__";
  convert.replacement = "true";
  config.relabel_configs = {convert};
  Scrape({peer.address()});
  EXPECT_EQ(Only().health, Health::kUp) << "the loop went on";
  Tick(1);
  EXPECT_TRUE(store.LatestHistogram(Series("h", peer.address())).has_value());
  EXPECT_EQ(store.Show(Series("h_count", peer.address())), "3@1700000010000 stale@1700000020000");
}

TEST_F(ManagerTest, MarksTheSeriesOfATargetThatIsGone) {
  peer.AnswerText("a 1\n");
  Scrape({peer.address()});
  Tick(1);
  const TimestampMs last = *Only().last_scrape;
  Scrape({});
  EXPECT_TRUE(manager->targets().empty());
  EXPECT_EQ(store.Latest(Series("a", peer.address())), 1);
  clock.AwaitWaiters(1);
  clock.Advance(std::chrono::seconds(22));
  store.AwaitBatches(2);
  const std::string shown = store.Show(Series("a", peer.address()));
  const std::string begin = fmt::format("1@{} stale@", last);
  ASSERT_THAT(shown, testing::StartsWith(begin));
  const std::int64_t marked = *ParseInt64(shown.substr(begin.size()));
  EXPECT_GT(marked, last) << "when the next scrape would have been";
  EXPECT_LE(marked, last + 10'000);
  EXPECT_FALSE(store.Latest(Series("up", peer.address())).has_value());
}

TEST_F(ManagerTest, MarksNothingAtStop) {
  peer.AnswerText("a 1\n");
  Scrape({peer.address()});
  Tick(1);
  manager->Stop();
  EXPECT_EQ(store.batch_count(), 1u);
  EXPECT_EQ(store.Latest(Series("a", peer.address())), 1);
}

TEST_F(ManagerTest, FailsAllTargetsBeyondTheTargetLimit) {
  peer.AnswerText("a 1\n");
  config.limits.target_limit = 1;
  Scrape({peer.address(), "127.0.0.1:1"});
  Tick(2);
  for (const TargetState& state : manager->targets()) {
    EXPECT_EQ(state.last_error, "target_limit exceeded (number of targets: 2, limit: 1)");
  }
  EXPECT_EQ(store.Latest(Series("a", peer.address())), std::nullopt);
}

TEST_F(ManagerTest, ServesManyTargetsOnFewThreads) {
  peer.AnswerText("a 1\n");
  config.relabel_configs.emplace_back();
  config.relabel_configs[0].source_labels = {"__address__"};
  config.relabel_configs[0].target_label = "__address__";
  config.relabel_configs[0].regex = ".*";
  config.relabel_configs[0].replacement = peer.address();
  model::RelabelConfig instance;
  instance.source_labels = {"__n"};
  instance.target_label = "instance";
  config.relabel_configs.push_back(instance);
  manager->Apply({config});
  discovery::TargetGroup group{"0", {}, {}};
  constexpr int kCount = 500;
  for (int i = 0; i < kCount; ++i)
    group.targets.push_back(LabelSet{{"__address__", "x"}, {"__n", std::to_string(i)}});
  manager->SetGroups("j", {group});
  clock.AwaitWaiters(1);
  clock.Advance(std::chrono::seconds(10));
  AwaitScrapeAfter(0);
  for (int i = 0; i < kCount; ++i) EXPECT_EQ(store.Latest(Series("a", std::to_string(i))), 1) << i;
}

TEST(Scheduler, RunsInOrderOfTimes) {
  FakeClock clock;
  Scheduler scheduler(clock);
  std::string order;
  std::latch done(3);
  const auto add = [&](int seconds, char name) {
    scheduler.At(std::chrono::seconds(seconds), [&order, &done, name] {
      order += name;
      done.count_down();
    });
  };
  add(3, 'c');
  add(1, 'a');
  add(1, 'b');
  clock.Advance(std::chrono::seconds(3));
  done.wait();
  EXPECT_EQ(order, "abc");
}

TEST(Scheduler, DropsWhatIsLeftAtStop) {
  FakeClock clock;
  bool has_run = false;
  Scheduler scheduler(clock);
  scheduler.At(std::chrono::seconds(1), [&has_run] { has_run = true; });
  scheduler.Stop();
  clock.Advance(std::chrono::seconds(2));
  scheduler.At(std::chrono::seconds(1), [&has_run] { has_run = true; });
  EXPECT_FALSE(has_run);
}

}  // namespace
}  // namespace narthex::scrape
