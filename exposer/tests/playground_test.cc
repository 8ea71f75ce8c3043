#include "playground.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <map>

#include "fake_clock.h"
#include "live_service.h"

namespace narthex::demo_exposer {
namespace {

constexpr int kStepsPerSecond = 1000 / static_cast<int>(LiveService::kStep.count());

class PlaygroundTest : public testing::Test {
 protected:
  void Advance(double seconds) {
    for (int i = 0; i < static_cast<int>(std::round(seconds * kStepsPerSecond)); ++i) {
      playground_.Step();
    }
  }

  void Turn(std::string name, double value) {
    playground_.Turn({{{std::move(name), value}}, std::nullopt});
  }

  // Sample -> value of the samples that begin with `prefix`.
  std::map<std::string, double> Samples(const std::string& prefix) const {
    const std::string body = playground_.Expose({}).body;
    std::map<std::string, double> samples;
    std::size_t begin = 0;
    while (begin < body.size()) {
      const std::size_t end = body.find('\n', begin);
      const std::string line = body.substr(begin, end - begin);
      const std::size_t space = line.rfind(' ');
      if (line.starts_with(prefix)) {
        samples[line.substr(0, space)] = std::strtod(line.c_str() + space, nullptr);
      }
      begin = end + 1;
    }
    return samples;
  }

  double Sum(const std::string& prefix, const std::string& part = "") const {
    double sum = 0;
    for (const auto& [name, value] : Samples(prefix)) {
      if (name.find(part) != std::string::npos) sum += value;
    }
    return sum;
  }

  // How much the samples grow in `seconds`.
  double Growth(const std::string& prefix, double seconds, const std::string& part = "") {
    const double before = Sum(prefix, part);
    Advance(seconds);
    return Sum(prefix, part) - before;
  }

  FakeClock clock_;
  Playground playground_{{7, "1.0", "abc"}, clock_};
};

TEST_F(PlaygroundTest, IncrementAddsAtOnce) {
  playground_.Increment(1);
  playground_.Increment(2.5);
  EXPECT_EQ(Sum("demo_knob_increments_total"), 3.5);
  EXPECT_EQ(playground_.state().increment_sum, 3.5);
}

TEST_F(PlaygroundTest, LevelIsSet) {
  Turn("level", -12.5);
  Advance(0.2);
  EXPECT_EQ(Sum("demo_knob_level"), -12.5);
}

TEST_F(PlaygroundTest, TrafficScalesTheRequests) {
  Turn("traffic", 4);
  const double busy = Growth("demo_http_requests_total", 600);
  Turn("traffic", 0);
  Advance(60);  // answers under way
  EXPECT_EQ(Growth("demo_http_requests_total", 60), 0);
  Turn("traffic", 1);
  const double usual = Growth("demo_http_requests_total", 600);
  EXPECT_NEAR(busy / usual, 4, 1.2);
}

TEST_F(PlaygroundTest, ErrorRatioMakesAnswersFail) {
  Turn("error_ratio", 0.5);
  Advance(60);
  const double before = Sum("demo_http_requests_total");
  const double failed_before = Sum("demo_http_requests_total", "code=\"5");
  Advance(300);
  const double share = (Sum("demo_http_requests_total", "code=\"5") - failed_before) /
                       (Sum("demo_http_requests_total") - before);
  EXPECT_NEAR(share, 0.52, 0.06);
}

TEST_F(PlaygroundTest, WaveHasItsFormPeriodAndOffset) {
  const struct {
    WaveForm form;
    double at_quarter;
    double at_three_quarters;
  } cases[] = {{WaveForm::kSine, 30, 10},
               {WaveForm::kSquare, 30, 10},
               {WaveForm::kSawtooth, 15, 25},
               {WaveForm::kDrawn, 25, 20}};
  Turn("wave_amplitude", 10);
  Turn("wave_offset", 20);
  Turn("wave_period_seconds", 40);
  playground_.Turn({{}, std::vector<double>{0, 0.5, -1, 0}});
  for (const auto& c : cases) {
    Turn("wave_form", static_cast<double>(c.form));
    Advance(10);
    EXPECT_NEAR(Sum("demo_knob_wave"), c.at_quarter, 1e-6) << static_cast<int>(c.form);
    Advance(20);
    EXPECT_NEAR(Sum("demo_knob_wave"), c.at_three_quarters, 1e-6) << static_cast<int>(c.form);
    Advance(10);
  }
}

TEST_F(PlaygroundTest, SessionsGiveWayToNewOnes) {
  Turn("session_count", 5);
  Turn("sessions_per_second", 2);
  Advance(0.2);
  const auto first = Samples("demo_session_age_seconds{");
  EXPECT_EQ(first.size(), 5u);
  Advance(10);
  const auto later = Samples("demo_session_age_seconds{");
  EXPECT_EQ(later.size(), 5u);
  for (const auto& [name, age] : later) EXPECT_FALSE(first.contains(name)) << name;
  EXPECT_TRUE(later.contains("demo_session_age_seconds{session=\"s000025\"}"));
  Turn("session_count", 0);
  Advance(0.2);
  EXPECT_TRUE(Samples("demo_session_age_seconds{").empty());
}

TEST_F(PlaygroundTest, RestartBeginsAtZeroAndKeepsTheKnobs) {
  Turn("leak_bytes_per_second", 1e6);
  Turn("traffic", 2);
  playground_.Increment(3);
  Advance(100);
  EXPECT_NEAR(Sum("demo_memory_bytes"), 220e6, 1);
  const double requests = Sum("demo_http_requests_total");
  playground_.Restart();
  EXPECT_EQ(Sum("demo_memory_bytes"), 120e6);
  EXPECT_EQ(Sum("demo_knob_increments_total"), 0);
  EXPECT_EQ(Sum("demo_http_requests_total"), 0);
  Advance(5);
  EXPECT_LT(Sum("demo_http_requests_total"), requests);
  EXPECT_EQ(playground_.state().knobs.traffic, 2);
  EXPECT_EQ(playground_.state().restart_count, 1u);
}

TEST_F(PlaygroundTest, LatencyShapesAreThoseNamed) {
  const auto share_between = [this](const std::string& least, const std::string& most) {
    const std::string prefix = "demo_http_request_duration_seconds_bucket{";
    const double below = Sum(prefix, "le=\"" + least + "\"");
    const double up_to = Sum(prefix, "le=\"" + most + "\"");
    return (up_to - below) / Sum("demo_http_request_duration_seconds_count");
  };
  Turn("latency_shape", static_cast<double>(LatencyShape::kSpike));
  Advance(60);
  EXPECT_EQ(share_between("0.25", "0.5"), 1);
  Turn("latency_factor", 10);
  playground_.Restart();
  Advance(60);
  EXPECT_EQ(share_between("2.5", "5"), 1);
  Turn("latency_factor", 1);
  Turn("latency_shape", static_cast<double>(LatencyShape::kNormal));
  playground_.Restart();
  Advance(120);
  const double slow_when_normal = share_between("0.5", "+Inf");
  Turn("latency_shape", static_cast<double>(LatencyShape::kBimodal));
  playground_.Restart();
  Advance(120);
  EXPECT_GT(share_between("0.5", "+Inf"), slow_when_normal + 0.1);
}

TEST_F(PlaygroundTest, HistogramIsOfTheKindChosen) {
  const struct {
    HistogramKind kind;
    bool has_buckets_in_text;
    bool has_native_buckets;
    std::uint64_t restart_count;  // another kind is another program
  } cases[] = {{HistogramKind::kClassic, true, false, 0},
               {HistogramKind::kNative, false, true, 1},
               {HistogramKind::kBoth, true, true, 2},
               {HistogramKind::kBoth, true, true, 2}};
  http::Request as_protobuf;
  as_protobuf.headers.Set("Accept",
                          "application/vnd.google.protobuf;"
                          "proto=io.prometheus.client.MetricFamily;encoding=text");
  for (const auto& c : cases) {
    SCOPED_TRACE(static_cast<int>(c.kind));
    Turn("histogram", static_cast<double>(c.kind));
    Advance(30);
    EXPECT_EQ(playground_.Expose({}).body.find("le=\"0.5\"") != std::string::npos,
              c.has_buckets_in_text);
    EXPECT_GT(Sum("demo_http_request_duration_seconds_count"), 0);
    const std::string body = playground_.Expose(as_protobuf).body;
    EXPECT_EQ(body.find("positive_span") != std::string::npos, c.has_native_buckets);
    EXPECT_EQ(playground_.state().restart_count, c.restart_count);
  }
  playground_.Reset();
  EXPECT_EQ(playground_.state().restart_count, 3u);
}

TEST_F(PlaygroundTest, ResetTurnsEverythingBack) {
  Turn("traffic", 3);
  playground_.Turn({{}, std::vector<double>{1}});
  ASSERT_TRUE(playground_.StartStory("leak").ok());
  playground_.Reset();
  EXPECT_EQ(playground_.state().knobs, Knobs());
  EXPECT_FALSE(playground_.state().story.has_value());
}

// Equal seeds and equal calls make equal metrics, but for those of the process.
TEST(Playground, IsTheSameForTheSameCalls) {
  FakeClock clock;
  Playground a({7, "1", "r"}, clock);
  Playground b({7, "1", "r"}, clock);
  for (Playground* playground : {&a, &b}) {
    ASSERT_TRUE(playground->StartStory("deploy").ok());
    for (int i = 0; i < 60 * kStepsPerSecond; ++i) playground->Step();
  }
  const auto demo_lines = [](const Playground& playground) {
    const std::string body = playground.Expose({}).body;
    const std::size_t begin = body.find("# HELP demo_");
    return body.substr(begin, body.rfind("demo_") - begin);
  };
  EXPECT_EQ(demo_lines(a), demo_lines(b));
  a.Increment(1);
  EXPECT_NE(demo_lines(a), demo_lines(b));
}

class StoryTest : public PlaygroundTest {
 protected:
  void Start(const std::string& name) { ASSERT_TRUE(playground_.StartStory(name).ok()); }
};

TEST_F(StoryTest, UnknownOnesAreNamed) {
  const Status status = playground_.StartStory("none");
  EXPECT_EQ(status.code(), ErrorCode::kNotFound);
  EXPECT_EQ(status.error().message(), "no story \"none\"; there are deploy, traffic, leak");
}

TEST_F(StoryTest, PlayToTheirEndAndPutTheKnobsBack) {
  for (const Story& story : Stories()) {
    SCOPED_TRACE(story.name);
    Turn("traffic", 1.5);
    Turn("latency_factor", 2);
    const Knobs before = playground_.state().knobs;
    const auto restarts = playground_.state().restart_count;
    Start(std::string(story.name));
    Advance(story.duration_seconds - 0.4);
    EXPECT_TRUE(playground_.state().story.has_value());
    Advance(0.4);
    EXPECT_FALSE(playground_.state().story.has_value());
    EXPECT_EQ(playground_.state().knobs, before);
    EXPECT_EQ(playground_.state().restart_count - restarts, story.restarts_at_seconds.size());
  }
}

TEST_F(StoryTest, DeployGoesWrongAndIsRolledBack) {
  Start("deploy");
  Advance(29.8);
  EXPECT_EQ(playground_.state().knobs, Knobs());
  const double requests = Sum("demo_http_requests_total");
  Advance(0.2);
  EXPECT_LT(Sum("demo_http_requests_total"), requests);
  Advance(70);
  const auto state = playground_.state();
  EXPECT_NEAR(state.knobs.error_ratio, 0.215, 1e-6);
  EXPECT_EQ(state.knobs.latency_shape, LatencyShape::kBimodal);
  EXPECT_EQ(state.restart_count, 1u);
  Advance(51);
  EXPECT_EQ(playground_.state().knobs.error_ratio, 0);
  EXPECT_EQ(playground_.state().restart_count, 2u);
}

TEST_F(StoryTest, LeakEndsInSilenceAndARestart) {
  Start("leak");
  Advance(219);
  EXPECT_GT(Sum("demo_memory_bytes"), 1.5e9);
  EXPECT_EQ(playground_.answer(), AnswerMode::kNormal);
  Advance(1);
  EXPECT_EQ(playground_.answer(), AnswerMode::kSilent);
  Advance(10.4);
  EXPECT_EQ(playground_.answer(), AnswerMode::kNormal);
  EXPECT_LT(Sum("demo_memory_bytes"), 130e6);
}

TEST_F(StoryTest, EndsWhenItsKnobIsTurnedByHand) {
  Start("deploy");
  Advance(60);
  Turn("level", 5);
  EXPECT_TRUE(playground_.state().story.has_value());
  Turn("error_ratio", 0.4);
  const auto state = playground_.state();
  EXPECT_FALSE(state.story.has_value());
  EXPECT_EQ(state.knobs.error_ratio, 0.4);
  EXPECT_EQ(state.knobs.latency_factor, 1);
  EXPECT_EQ(state.knobs.level, 5);
}

TEST_F(StoryTest, StopsAndGivesWayToAnother) {
  Start("deploy");
  Advance(60);
  Start("traffic");
  EXPECT_EQ(playground_.state().knobs, Knobs());
  Advance(60);
  EXPECT_EQ(playground_.state().knobs.traffic, 2);
  playground_.StopStory();
  EXPECT_EQ(playground_.state().knobs, Knobs());
  playground_.StopStory();
}

}  // namespace
}  // namespace narthex::demo_exposer
