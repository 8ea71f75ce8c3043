#include "client/static_labels.h"

#include <gtest/gtest.h>

#include "client/registry.h"
#include "client/testing.h"

namespace narthex::client {
namespace {

using Requests = StaticFamily<Counter, "method", "code">;

template <typename... Arguments>
concept CanAsk = requires(Requests requests, Arguments... arguments) {
  requests.With(arguments...);
};

// What must not compile.
static_assert(CanAsk<const char*, std::string>);
static_assert(!CanAsk<const char*>, "a value is missing");
static_assert(!CanAsk<const char*, const char*, const char*>, "a value too many");
static_assert(!CanAsk<const char*, int>, "a value is no text");
static_assert(CanAsk<LabelValue<"code">, LabelValue<"method">>);
static_assert(!CanAsk<LabelValue<"code">, LabelValue<"verb">>, "no such label");
static_assert(!CanAsk<LabelValue<"code">, LabelValue<"code">>, "a label twice");
static_assert(!CanAsk<LabelValue<"code">>, "a label is missing");

TEST(StaticLabels, NamesAreCheckedWhenTheyAreCompiled) {
  const struct {
    std::string_view name;
    bool is_valid;
  } cases[] = {{"code", true}, {"_x9", true},  {"", false},
               {"9x", false},  {"__x", false}, {"a-b", false}};
  for (const auto& c : cases) EXPECT_EQ(IsStaticLabelName(c.name), c.is_valid) << c.name;
  EXPECT_FALSE((AreDistinct<"a", "b", "a">()));
}

TEST(StaticLabels, GiveTheChildrenOfTheFamily) {
  Registry registry;
  auto requests = registry.NewCounter<"method", "code">({.name = "requests_total", .help = "h"});
  requests.With("GET", "200").Increment();
  requests.With(Label<"code">("200"), Label<"method">("GET")).Increment();
  EXPECT_EQ(SampleValue(registry, "requests_total", {{"method", "GET"}, {"code", "200"}}), 2);
  // The same family with names known at run time.
  auto& same = registry.NewCounter(
      {.name = "requests_total", .help = "h", .label_names = {"method", "code"}});
  EXPECT_EQ(&same, &requests.family());
}

TEST(StaticLabels, HaveEveryInstrument) {
  Registry registry;
  registry.NewGauge<"x">({.name = "a", .help = "h"}).With("1").Set(1);
  registry.NewHistogram<"x">({.name = "b", .help = "h"}).With("1").Observe(2);
  registry.NewSummary<"x">({.name = "c", .help = "h"}).With("1").Observe(3);
  EXPECT_EQ(SampleValue(registry, "a", {{"x", "1"}}), 1);
  EXPECT_EQ(SampleValue(registry, "b_sum", {{"x", "1"}}), 2);
  EXPECT_EQ(SampleValue(registry, "c_sum", {{"x", "1"}}), 3);
}

}  // namespace
}  // namespace narthex::client
