// A shop that measures itself as programs for prometheus-cpp do, and shows what a scraper gets of
// it.
#include <arpa/inet.h>
#include <prometheus/client_metric.h>
#include <prometheus/collectable.h>
#include <prometheus/counter.h>
#include <prometheus/exposer.h>
#include <prometheus/family.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/metric_family.h>
#include <prometheus/registry.h>
#include <prometheus/summary.h>
#include <prometheus/text_serializer.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace {

// Found out at each scrape.
class Stock : public prometheus::Collectable {
 public:
  std::vector<prometheus::MetricFamily> Collect() const override {
    prometheus::MetricFamily family;
    family.name = "shop_stock";
    family.help = "Things on the shelves.";
    family.type = prometheus::MetricType::Gauge;
    for (const char* const thing : {"apple", "pear"}) {
      prometheus::ClientMetric metric;
      metric.label.push_back({"thing", thing});
      metric.gauge.value = 0.1 * static_cast<double>(thing[0]);
      family.metric.push_back(metric);
    }
    prometheus::MetricFamily other;
    other.name = "shop_age";
    other.help = "In days.";
    other.type = prometheus::MetricType::Untyped;
    other.metric.resize(1);
    other.metric[0].untyped.value = 1e6;
    return {family, other};
  }
};

// The body of GET `path` from 127.0.0.1.
std::string Get(int port, const std::string& path) {
  const int peer = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(peer, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) return {};
  const std::string request =
      "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
  if (::send(peer, request.data(), request.size(), 0) < 0) return {};
  std::string answer;
  char buffer[4096];
  for (ssize_t size; (size = ::recv(peer, buffer, sizeof buffer, 0)) > 0;) {
    answer.append(buffer, static_cast<std::size_t>(size));
  }
  ::close(peer);
  return answer.substr(answer.find("\r\n\r\n") + 4);
}

bool ThrowsInvalid(const std::shared_ptr<prometheus::Registry>& registry) {
  try {
    prometheus::BuildGauge().Name("shop_visits_total").Help("Another type.").Register(*registry);
  } catch (const std::invalid_argument&) {
    return true;
  }
  return false;
}

}  // namespace

int main() {
  using namespace prometheus;  // tidy: allow namespace, as such programs do

  Exposer exposer{"127.0.0.1:0", 1};
  auto registry = std::make_shared<Registry>();
  auto stock = std::make_shared<Stock>();

  auto& visits = BuildCounter()
                     .Name("shop_visits_total")
                     .Help("Visits of the shop.")
                     .Labels({{"shop", "a \"good\" one"}})
                     .Register(*registry);
  auto& by_door = visits.Add({{"door", "front"}, {"weather", "fair"}});
  by_door.Increment();
  by_door.Increment(2.5);
  by_door.Increment(-1);
  visits.Add({{"door", "back"}}).Increment(1e9);
  visits.Add({{"door", "back"}}).Increment();
  Counter& closed = visits.Add({{"door", "closed"}});
  visits.Remove(&closed);

  Family<Gauge>& inside =
      BuildGauge().Name("shop_inside").Help("People inside.").Register(*registry);
  Gauge& now = inside.Add({});
  now.Set(4);
  now.Increment();
  now.Decrement(0.25);

  auto& waits = BuildHistogram().Name("shop_wait_seconds").Help("At the till.").Register(*registry);
  auto& till = waits.Add({{"till", "1"}}, Histogram::BucketBoundaries{0.1, 1, 10});
  for (const double wait : {0.05, 0.1, 0.5, 3.0, 60.0}) till.Observe(wait);
  till.ObserveMultiple({1, 0, 2, 0}, 9.5);

  auto& sums = BuildSummary()
                   .Name("shop_sum_euros")
                   .Help("What was paid.")
                   .Register(*registry)
                   .Add({{"till", "1"}}, Summary::Quantiles{});
  std::vector<std::thread> tills;
  for (int i = 0; i < 4; ++i) {
    tills.emplace_back([&sums] {
      for (int paid = 0; paid < 100; ++paid) sums.Observe(paid);
    });
  }
  for (std::thread& thread : tills) thread.join();

  exposer.RegisterCollectable(registry);
  exposer.RegisterCollectable(stock);
  exposer.RegisterCollectable(stock, "/stock");
  if (!ThrowsInvalid(registry)) return 1;
  if (!visits.Has({{"door", "back"}}) || visits.Has({{"door", "closed"}})) return 2;
  if (TextSerializer().Serialize(registry->Collect()).empty()) return 3;

  const int port = exposer.GetListeningPorts().at(0);
  const std::string stock_page = Get(port, "/stock");
  return std::printf("%s\n# stock\n%s", Get(port, "/metrics").c_str(), stock_page.c_str()) > 0 ? 0
                                                                                               : 4;
}
