// Measures some requests and shows the metrics: every public header, in a program of its own.
#include <client/clock.h>
#include <client/collector.h>
#include <client/count_exceptions.h>
#include <client/lint.h>
#include <client/process_collector.h>
#include <client/registry.h>
#include <client/scoped_timer.h>
#include <client/serve.h>
#include <client/testing.h>

#include <cstdio>

namespace client = narthex::client;

int main() {
  client::Registry registry;
  auto& requests = registry.NewCounter(
      {.name = "http_requests_total", .help = "Requests served.", .label_names = {"code"}});
  client::HistogramOptions buckets;
  buckets.native.emplace();
  auto& seconds = registry.NewHistogram(
      {.name = "http_request_duration_seconds", .help = "Time to serve a request."}, buckets);
  const auto process = registry.Register(client::MakeProcessCollector());

  for (int i = 0; i < 3; ++i) {
    const client::ScopedTimer timer(seconds.With());
    requests.With({"200"}).Increment();
  }

  if (client::SampleValue(registry, "http_requests_total", {{"code", "200"}}) != 3) return 1;
  if (client::SampleValue(registry, "http_request_duration_seconds_count") != 3) return 1;
  const client::Answer answer = client::Expose(registry, "");
  return std::printf("%s\n%s", answer.content_type.c_str(), answer.body.c_str()) > 0 ? 0 : 1;
}
