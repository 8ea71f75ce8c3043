#include "client/registry.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <thread>

#include "base/clock.h"
#include "client/process_collector.h"
#include "exposition/writer.h"
#include "fake_clock.h"

namespace narthex::client {
namespace {

FamilyOptions Options(std::string name, std::vector<std::string> label_names = {},
                      std::size_t child_count_max = 100) {
  FamilyOptions options;
  options.name = std::move(name);
  options.help = "help";
  options.label_names = std::move(label_names);
  options.child_count_max = child_count_max;
  return options;
}

// The exposition without what the library tells of itself.
std::string Written(const Registry& registry) {
  std::string out;
  registry.Gather([&out](const exposition::MetricFamily& family) {
    if (!family.name.starts_with("metrics_client_")) exposition::WriteFamily(out, family, {});
  });
  return out;
}

double Refused(const Registry& registry, std::string_view metric, std::string_view reason) {
  for (const auto& family : registry.Gather()) {
    if (family.name != "metrics_client_refused_label_sets_total") continue;
    for (const auto& m : family.metrics) {
      if (m.labels[0].second == metric && m.labels[1].second == reason) {
        return std::get<double>(m.value);
      }
    }
  }
  return 0;
}

TEST(Registry, WritesFamiliesByNameAndChildrenByValue) {
  Registry registry;
  auto& requests = registry.NewCounter(Options("requests_total", {"code", "method"}));
  requests.With({"500", "GET"}).Increment();
  requests.With({"200", "POST"}).Increment(2);
  requests.With({"200", "GET"}).Increment(3);
  registry.NewGauge(Options("load")).With().Set(0.5);
  registry.NewSummary(Options("size_bytes")).With().Observe(7);
  EXPECT_EQ(Written(registry),
            "# HELP load help\n"
            "# TYPE load gauge\n"
            "load 0.5\n"
            "# HELP requests_total help\n"
            "# TYPE requests_total counter\n"
            "requests_total{code=\"200\",method=\"GET\"} 3\n"
            "requests_total{code=\"200\",method=\"POST\"} 2\n"
            "requests_total{code=\"500\",method=\"GET\"} 1\n"
            "# HELP size_bytes help\n"
            "# TYPE size_bytes summary\n"
            "size_bytes_sum 7\n"
            "size_bytes_count 1\n");
}

TEST(Registry, WithoutLabelsThereIsAValueFromTheStart) {
  Registry registry;
  registry.NewCounter(Options("a_total"));
  registry.NewCounter(Options("b_total", {"x"}));
  const std::string written = Written(registry);
  EXPECT_NE(written.find("\na_total 0\n"), std::string::npos);
  EXPECT_EQ(written.find("\nb_total"), std::string::npos);
}

TEST(Registry, TheSameFamilyAgainIsTheSame) {
  Registry registry;
  auto& first = registry.NewCounter(Options("a_total", {"x"}));
  EXPECT_EQ(&first, &registry.NewCounter(Options("a_total", {"x"})));
  EXPECT_EQ(&first.With({"1"}), &first.With({"1"}));
}

TEST(RegistryDeathTest, ProgramErrorsNameTheMetric) {
  Registry registry;
  registry.NewCounter(Options("a_total", {"x"}));
  registry.NewHistogram(Options("h"));
  EXPECT_DEATH(registry.NewGauge(Options("a_total", {"x"})), "a_total.*another type");
  EXPECT_DEATH(registry.NewCounter(Options("a_total", {"y"})), "a_total.*other labels");
  EXPECT_DEATH(registry.NewCounter(Options("h_sum")), "h_sum.*name of another metric");
  EXPECT_DEATH(registry.NewCounter(Options("")), "malformed name");
  EXPECT_DEATH(registry.NewHistogram(Options("b", {"le"})), "reserved label name");
  EXPECT_DEATH(registry.NewSummary(Options("c", {"quantile"})), "reserved label name");
  EXPECT_DEATH(registry.NewGauge(Options("d", {"__x"})), "reserved label name");
  EXPECT_DEATH(registry.NewGauge(Options("e", {"x", "x"})), "given twice");
  FamilyOptions no_help;
  no_help.name = "f";
  EXPECT_DEATH(registry.NewGauge(no_help), "help is missing");
}

TEST(Family, LabelSetsOverTheLimitShareOneChild) {
  Registry registry;
  auto& family = registry.NewCounter(Options("a_total", {"x", "y"}, 2));
  family.With({"1", "1"}).Increment();
  family.With({"2", "2"}).Increment();
  family.With({"3", "3"}).Increment();
  family.With({"4", "4"}).Increment();
  family.With({"1", "1"}).Increment();
  EXPECT_EQ(family.child_count(), 3u);
  EXPECT_EQ(family.With({kOverflowValue, kOverflowValue}).value(), 2);
  EXPECT_EQ(family.With({"1", "1"}).value(), 2);
  EXPECT_EQ(Refused(registry, "a_total", "limit"), 2);
}

TEST(Family, MalformedLabelValuesAreNeverShown) {
  Registry registry;
  auto& family = registry.NewCounter(Options("a_total", {"x"}));
  family.With({}).Increment();
  family.With({"1", "2"}).Increment();
  family.With({"\xff"}).Increment();
  EXPECT_EQ(family.child_count(), 0u);
  EXPECT_EQ(Refused(registry, "a_total", "malformed"), 3);
}

TEST(Family, ValuesThatRunTogetherAreDifferentChildren) {
  Registry registry;
  auto& family = registry.NewCounter(Options("a_total", {"x", "y"}));
  EXPECT_NE(&family.With({"ab", "c"}), &family.With({"a", "bc"}));
  EXPECT_NE(&family.With({"", "a"}), &family.With({"a", ""}));
}

TEST(Family, RemovedChildrenAreGone) {
  Registry registry;
  auto& family = registry.NewGauge(Options("a", {"x"}));
  family.With({"1"}).Set(1);
  family.With({"2"}).Set(2);
  EXPECT_TRUE(family.Remove({"1"}));
  EXPECT_FALSE(family.Remove({"1"}));
  EXPECT_EQ(family.child_count(), 1u);
  family.Clear();
  EXPECT_EQ(family.child_count(), 0u);
}

TEST(Family, TellsWhenAChildWasCreated) {
  FakeClock clock(1'000);
  Registry registry(clock);
  auto& family = registry.NewCounter(Options("a_total", {"x"}));
  clock.Advance(std::chrono::seconds(2));
  family.With({"1"});
  std::vector<exposition::Metric> metrics;
  FamilyReading(family).Next(10, metrics);
  EXPECT_EQ(metrics.at(0).created, std::chrono::seconds(3));
}

class TwoFamilies : public Collector {
 public:
  void Collect(FamilySink& sink) override {
    sink.AddGauge({"b", "help"}, 1, {{"from", "collector"}});
    sink.AddCounter({"a", "help"}, 1, {{"from", "collector"}});
  }
};

TEST(Registry, MergesFamiliesOfOneNameAndType) {
  Registry registry;
  registry.NewGauge(Options("b", {"from"})).With({"registry"}).Set(2);
  registry.NewGauge(Options("a", {"from"})).With({"registry"}).Set(3);
  auto first = registry.Register(std::make_shared<TwoFamilies>());
  EXPECT_EQ(Written(registry),
            "# HELP a help\n"
            "# TYPE a gauge\n"
            "a{from=\"registry\"} 3\n"
            "# HELP b help\n"
            "# TYPE b gauge\n"
            "b{from=\"registry\"} 2\n"
            "b{from=\"collector\"} 1\n");
  first.Reset();
  EXPECT_EQ(Written(registry).find("collector"), std::string::npos);
}

TEST(Registry, CallbacksAreAskedAtEachScrape) {
  Registry registry;
  double value = 1;
  const auto gauge = registry.NewGaugeCallback(Options("g"), [&value] { return value; });
  const auto counter = registry.NewCounterCallback(Options("c_total"), [&value] { return value; });
  value = 7;
  const std::string written = Written(registry);
  EXPECT_NE(written.find("# TYPE g gauge\ng 7\n"), std::string::npos);
  EXPECT_NE(written.find("# TYPE c_total counter\nc_total 7\n"), std::string::npos);
}

TEST(Registration, MayOutliveItsRegistry) {
  Registration registration;
  {
    Registry registry;
    registration = registry.Register(std::make_shared<TwoFamilies>());
  }
  registration.Reset();
}

TEST(Registry, GathersWhileChildrenComeAndGo) {
  Registry registry;
  auto& family = registry.NewCounter(Options("a_total", {"x"}));
  std::jthread writer([&family] {
    for (int i = 0; i < 2'000; ++i) {
      const std::string value = std::to_string(i % 50);
      family.With({value}).Increment();
      if (i % 7 == 0) family.Remove({value});
    }
  });
  for (int i = 0; i < 50; ++i) {
    for (const auto& gathered : registry.Gather()) EXPECT_LE(gathered.metrics.size(), 50u);
  }
}

TEST(Registry, BuildInfoIsOneWithFacts) {
  Registry registry;
  AddBuildInfo(registry, "x_build_info", {{"version", "1.2"}, {"revision", "abc"}});
  EXPECT_NE(Written(registry).find("x_build_info{version=\"1.2\",revision=\"abc\"} 1\n"),
            std::string::npos);
}

TEST(ProcessCollector, TellsOfThisProcess) {
  FamilySink sink;
  MakeProcessCollector()->Collect(sink);
  const auto& families = sink.families();
  const auto value = [&families](std::string_view name) {
    const auto found = std::find_if(families.begin(), families.end(),
                                    [name](const auto& family) { return family.name == name; });
    return found == families.end() ? -1 : std::get<double>(found->metrics.at(0).value);
  };
  EXPECT_GT(value("process_resident_memory_bytes"), 100'000);
  EXPECT_GT(value("process_virtual_memory_bytes"), value("process_resident_memory_bytes"));
  EXPECT_GE(value("process_cpu_seconds_total"), 0);
  EXPECT_GE(value("process_open_fds"), 3);
  EXPECT_GE(value("process_max_fds"), value("process_open_fds"));
  EXPECT_GE(value("process_threads"), 1);
  // After 2020 and not in the future, whatever clock the machine has.
  EXPECT_GT(value("process_start_time_seconds"), 1.577e9);
  EXPECT_LE(value("process_start_time_seconds") * 1000,
            static_cast<double>(SystemClock().Now()) + 2000);
}

}  // namespace
}  // namespace narthex::client
