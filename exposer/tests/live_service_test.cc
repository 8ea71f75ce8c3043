#include "live_service.h"

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "exposition/writer.h"

namespace narthex::demo_exposer {
namespace {

constexpr int kStepsPerSecond = 1000 / static_cast<int>(LiveService::kStep.count());

std::string Written(const client::Registry& registry) {
  std::string out;
  registry.Gather([&out](const exposition::MetricFamily& family) {
    if (family.name.starts_with("demo_")) exposition::WriteFamily(out, family, {});
  });
  return out;
}

void Advance(LiveService& service, int seconds) {
  for (int i = 0; i < seconds * kStepsPerSecond; ++i) service.Step();
}

// The sum of a family's plain values.
double Total(const client::Registry& registry, std::string_view name) {
  double total = 0;
  for (const auto& family : registry.Gather()) {
    if (family.name != name) continue;
    for (const auto& metric : family.metrics) {
      if (const double* value = std::get_if<double>(&metric.value)) total += *value;
    }
  }
  return total;
}

TEST(LiveService, IsTheSameForTheSameSeed) {
  client::Registry a;
  client::Registry b;
  client::Registry c;
  LiveService one(a, 7);
  LiveService same(b, 7);
  LiveService other(c, 8);
  Advance(one, 60);
  Advance(same, 60);
  Advance(other, 60);
  EXPECT_EQ(Written(a), Written(b));
  EXPECT_NE(Written(a), Written(c));
}

TEST(LiveService, ServesAboutTwentyRequestsASecondWithSomeErrors) {
  client::Registry registry;
  LiveService service(registry, 42);
  Advance(service, 1800);
  const double requests = Total(registry, "demo_http_requests_total");
  EXPECT_GT(requests, 1800 * 15);
  EXPECT_LT(requests, 1800 * 40);
  double errors = 0;
  for (const auto& family : registry.Gather()) {
    if (family.name != "demo_http_requests_total") continue;
    for (const auto& metric : family.metrics) {
      if (metric.labels[2].second.starts_with('5')) errors += std::get<double>(metric.value);
    }
  }
  EXPECT_GT(errors / requests, 0.005);
  EXPECT_LT(errors / requests, 0.06);
}

TEST(LiveService, EveryGaugeMovesWithinTwoMinutes) {
  client::Registry registry;
  LiveService service(registry, 42);
  std::map<std::string, std::set<double>> seen;
  for (int second = 0; second < 120; second += 5) {
    Advance(service, 5);
    for (const auto& family : registry.Gather()) {
      if (!family.name.starts_with("demo_") || family.type != model::MetricType::kGauge) continue;
      for (const auto& metric : family.metrics) {
        const std::string key =
            family.name + (metric.labels.empty() ? "" : " " + metric.labels[0].second);
        seen[key].insert(std::get<double>(metric.value));
      }
    }
  }
  EXPECT_EQ(seen.size(), 8u);  // in progress, four rooms, three queues
  for (const auto& [name, values] : seen) EXPECT_GE(values.size(), 2u) << name;
}

// A queue that only grows would make the demo look broken after a day.
TEST(LiveService, QueuesStayBoundedOverSixHours) {
  client::Registry registry;
  LiveService service(registry, 42);
  double longest = 0;
  for (int hour = 0; hour < 6; ++hour) {
    Advance(service, 3600);
    longest = std::max(longest, Total(registry, "demo_queue_length"));
  }
  EXPECT_LT(longest, 2'000);
}

}  // namespace
}  // namespace narthex::demo_exposer
