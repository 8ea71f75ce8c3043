#include <algorithm>
#include <map>
#include <span>

#include "exposition/metric_family.h"
#include "exposition/writer.h"
#include "refused.h"
#include "registry_state.h"

namespace narthex::client {
namespace {

using exposition::FamilyPart;
using exposition::MetricFamily;
using model::MetricType;

using PartSink = std::function<bool(const MetricFamily&, FamilyPart)>;

MetricType TypeOf(FamilyType type) {
  switch (type) {
    case FamilyType::kCounter:
      return MetricType::kCounter;
    case FamilyType::kGauge:
      return MetricType::kGauge;
    case FamilyType::kHistogram:
      return MetricType::kHistogram;
    case FamilyType::kGaugeHistogram:
      return MetricType::kGaugeHistogram;
    case FamilyType::kSummary:
      return MetricType::kSummary;
    case FamilyType::kInfo:
      return MetricType::kInfo;
    case FamilyType::kStateSet:
      return MetricType::kStateSet;
  }
  return MetricType::kUnknown;
}

// What the library tells of itself.
std::vector<MetricFamily> OwnFamilies(const std::vector<FamilyBase*>& families) {
  MetricFamily label_sets{"metrics_client_refused_label_sets_total",
                          "Label sets that got no child of their own, by metric and reason.",
                          "",
                          MetricType::kCounter,
                          {}};
  const auto add = [&label_sets](const FamilyBase& family, std::string_view reason,
                                 std::uint64_t count) {
    if (count == 0) return;
    exposition::Metric metric;
    metric.labels = {{"metric", family.name()}, {"reason", std::string(reason)}};
    metric.value = static_cast<double>(count);
    label_sets.metrics.push_back(std::move(metric));
  };
  for (const FamilyBase* family : families) {
    const FamilyBase::Refused refused = family->refused();
    add(*family, "limit", refused.over_limit);
    add(*family, "malformed", refused.malformed);
  }
  std::vector<MetricFamily> own;
  const auto add_total = [&own](std::string name, std::string help, Refusal refusal) {
    exposition::Metric metric;
    metric.value = static_cast<double>(RefusedCount(refusal));
    own.push_back(
        {std::move(name), std::move(help), "", MetricType::kCounter, {std::move(metric)}});
  };
  add_total("metrics_client_collector_errors_total", "Collectors that threw, in the whole process.",
            Refusal::kCollectorError);
  add_total("metrics_client_refused_collected_total",
            "Metrics of collectors with malformed names or labels, in the whole process.",
            Refusal::kCollected);
  add_total("metrics_client_refused_increments_total",
            "Increments of counters that were negative or not a number, in the whole process.",
            Refusal::kIncrement);
  if (!label_sets.metrics.empty()) own.push_back(std::move(label_sets));
  return own;
}

// OpenMetrics wants target_info before all others.
struct TargetInfoFirst {
  bool operator()(std::string_view a, std::string_view b) const {
    const bool is_first = a == "target_info";
    return is_first == (b == "target_info") ? a < b : is_first;
  }
};

// Hands out one family, or several that differ in their constant labels, and what collectors found
// under the same name.
class FamilyParts {
 public:
  FamilyParts(std::span<FamilyBase* const> families, std::vector<exposition::Metric> collected,
              const PartSink& sink)
      : families_(families), collected_(std::move(collected)), sink_(sink) {}

  // False: the sink wants no more.
  bool HandOut() {
    // A few dozen kilobytes, which stay in the cache from the reading to the writing.
    constexpr std::size_t kChildCount = 128;
    const FamilyOptions& options = families_.front()->options();
    MetricFamily part{
        options.name, options.help, options.unit, TypeOf(families_.front()->type()), {}};
    for (FamilyBase* const family : families_) {
      const bool is_last_family = family == families_.back();
      FamilyReading reading(*family);
      while (true) {
        reading.Next(kChildCount, part.metrics);
        const bool is_last = is_last_family && reading.at_end() && collected_.empty();
        if (!HandOut(part, is_last)) return false;
        if (reading.at_end()) break;
      }
    }
    if (collected_.empty()) return true;
    part.metrics = std::move(collected_);
    return HandOut(part, true);
  }

 private:
  bool HandOut(const MetricFamily& part, bool is_last) {
    return sink_(part, {std::exchange(is_first_, false), is_last});
  }

  const std::span<FamilyBase* const> families_;
  std::vector<exposition::Metric> collected_;
  const PartSink& sink_;
  bool is_first_ = true;
};

}  // namespace

void Registry::GatherParts(const PartSink& sink) const {
  const std::vector<FamilyBase*> families = state_->families();
  auto collected = state_->Collect();
  for (MetricFamily& family : OwnFamilies(families)) State::Merge(collected, std::move(family));

  // What there is of each name.
  struct OneName {
    std::vector<FamilyBase*> families;
    const MetricFamily* collected = nullptr;
  };
  std::map<std::string_view, OneName, TargetInfoFirst> by_name;
  for (FamilyBase* family : families) by_name[family->name()].families.push_back(family);
  for (const auto& [name, family] : collected) by_name[name].collected = &family;

  for (const auto& [name, found] : by_name) {
    const MetricFamily* const of_collectors = found.collected;
    if (found.families.empty()) {
      if (!sink(*of_collectors, {})) return;
      continue;
    }
    std::vector<exposition::Metric> more;
    const bool has_more =
        of_collectors != nullptr && of_collectors->type == TypeOf(found.families.front()->type());
    if (has_more) more = of_collectors->metrics;
    if (!FamilyParts(found.families, std::move(more), sink).HandOut()) return;
  }
}

void Registry::Gather(const std::function<void(const MetricFamily&)>& sink) const {
  MetricFamily whole;
  GatherParts([&](const MetricFamily& family, FamilyPart part) {
    if (part.is_first && part.is_last) {
      sink(family);
      return true;
    }
    if (part.is_first) {
      whole = family;
    } else {
      whole.metrics.insert(whole.metrics.end(), family.metrics.begin(), family.metrics.end());
    }
    if (part.is_last) sink(whole);
    return true;
  });
}

std::vector<MetricFamily> Registry::Gather() const {
  std::vector<MetricFamily> families;
  Gather([&families](const MetricFamily& family) { families.push_back(family); });
  return families;
}

}  // namespace narthex::client
