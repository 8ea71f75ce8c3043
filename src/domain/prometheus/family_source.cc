#include "family_source.h"

#include <map>
#include <string_view>
#include <utility>

#include "collected_source.h"
#include "prometheus/collectable.h"
#include "prometheus/metric_family.h"

namespace prometheus {
namespace detail {
namespace {

namespace exposition = narthex::exposition;
using narthex::model::MetricType;

MetricType TypeOf(prometheus::MetricType type) {
  switch (type) {
    case prometheus::MetricType::Counter:
      return MetricType::kCounter;
    case prometheus::MetricType::Gauge:
      return MetricType::kGauge;
    case prometheus::MetricType::Summary:
      return MetricType::kSummary;
    case prometheus::MetricType::Histogram:
      return MetricType::kHistogram;
    case prometheus::MetricType::Info:
      return MetricType::kInfo;
    case prometheus::MetricType::Untyped:
      break;
  }
  return MetricType::kUnknown;
}

// Sources of one name and type, handed to the writer some metrics at a time.
class FamilyParts {
 public:
  using Take = std::function<bool(std::string& out)>;

  FamilyParts(const Sources& sources, exposition::FamilyWriter& writer, std::string& out,
              const Take& take)
      : writer_(writer), out_(out), take_(take) {
    const FamilySource& first = *sources.front();
    family_.name = first.name();
    if (first.type() == prometheus::MetricType::Info) family_.name += "_info";
    family_.help = first.help();
    family_.type = TypeOf(first.type());
    for (const auto& source : sources) left_ += source->size();
  }

  bool Add(const FamilySource& source) {
    constexpr std::size_t kPartSize = 128;
    for (std::size_t i = 0; i < source.size(); ++i) {
      if (count_ == family_.metrics.size()) family_.metrics.emplace_back();
      source.Read(i, family_.metrics[count_++]);
      --left_;
      if (count_ == kPartSize && left_ > 0 && !HandOut()) return false;
    }
    return true;
  }

  bool HandOut() {
    family_.metrics.resize(count_);
    count_ = 0;
    writer_.Write(out_, family_, {std::exchange(is_first_, false), left_ == 0});
    return take_(out_);
  }

 private:
  exposition::FamilyWriter& writer_;
  std::string& out_;
  const Take& take_;
  exposition::MetricFamily family_;
  std::size_t count_ = 0;  // metrics that are to be written
  std::size_t left_ = 0;   // metrics that are not read yet
  bool is_first_ = true;
};

}  // namespace

void WriteSources(const Sources& sources, exposition::FamilyWriter& writer, std::string& out,
                  const std::function<bool(std::string& out)>& take) {
  // Of each name, those of the type of the first one.
  std::map<std::string_view, Sources> by_name;
  for (const auto& source : sources) {
    Sources& known = by_name[source->name()];
    if (known.empty() || known.front()->type() == source->type()) known.push_back(source);
  }
  for (const auto& [name, one_family] : by_name) {
    FamilyParts parts(one_family, writer, out, take);
    for (const auto& source : one_family) {
      if (!parts.Add(*source)) return;
    }
    if (!parts.HandOut()) return;
  }
}

}  // namespace detail

std::vector<std::shared_ptr<const detail::FamilySource>> Collectable::Sources() const {
  detail::Sources sources;
  for (MetricFamily& family : Collect()) {
    sources.push_back(std::make_shared<detail::CollectedSource>(std::move(family)));
  }
  return sources;
}

}  // namespace prometheus
