#include "client/registry.h"

#include "base/clock.h"
#include "family_names.h"
#include "registry_state.h"

namespace narthex::client {
namespace {

class Callback : public Collector {
 public:
  Callback(FamilyOptions options, FamilyType type, std::function<double()> value)
      : options_(std::move(options)), type_(type), value_(std::move(value)) {}

  void Collect(FamilySink& sink) override {
    const Description description{options_.name, options_.help, options_.unit};
    if (type_ == FamilyType::kCounter) {
      sink.AddCounter(description, value_(), options_.constant_labels);
    } else {
      sink.AddGauge(description, value_(), options_.constant_labels);
    }
  }

 private:
  const FamilyOptions options_;
  const FamilyType type_;
  const std::function<double()> value_;
};

}  // namespace

Registration& Registration::operator=(Registration&& other) noexcept {
  if (this != &other) {
    Reset();
    unregister_ = std::exchange(other.unregister_, nullptr);
  }
  return *this;
}

void Registration::Reset() {
  if (const auto unregister = std::exchange(unregister_, nullptr)) unregister();
}

Registry::Registry() : Registry(SystemClock()) {}
Registry::Registry(const Clock& clock) : state_(std::make_shared<State>(clock)) {}
Registry::Registry(std::shared_ptr<State> state, std::string prefix, Labels constant_labels)
    : prefix_(std::move(prefix)),
      constant_labels_(std::move(constant_labels)),
      state_(std::move(state)) {}
Registry::~Registry() = default;

Registry Registry::Sub(std::string prefix, Labels constant_labels) const {
  constant_labels.insert(constant_labels.begin(), constant_labels_.begin(), constant_labels_.end());
  return {state_, prefix_ + prefix, std::move(constant_labels)};
}

FamilyOptions Registry::Scoped(FamilyOptions options) const {
  options.name = prefix_ + options.name;
  options.constant_labels.insert(options.constant_labels.begin(), constant_labels_.begin(),
                                 constant_labels_.end());
  return options;
}

template <typename T>
Family<T>& Registry::Get(FamilyOptions options, FamilyType type,
                         std::function<std::shared_ptr<T>()> make) {
  return state_->Get<T>(Scoped(std::move(options)), type, std::move(make));
}

Family<Counter>& Registry::NewCounter(FamilyOptions options) {
  const auto exemplars =
      options.asks_for_exemplars ? Counter::Exemplars::kFromTraces : Counter::Exemplars::kGiven;
  return Get<Counter>(std::move(options), FamilyType::kCounter,
                      [exemplars] { return std::make_shared<Counter>(exemplars); });
}

Family<Gauge>& Registry::NewGauge(FamilyOptions options) {
  return Get<Gauge>(std::move(options), FamilyType::kGauge,
                    [] { return std::make_shared<Gauge>(); });
}

Family<Histogram>& Registry::NewHistogram(FamilyOptions options, std::vector<double> bounds) {
  HistogramOptions histogram;
  histogram.bounds = std::move(bounds);
  return NewHistogram(std::move(options), std::move(histogram));
}

Family<Histogram>& Registry::NewHistogram(FamilyOptions options, HistogramOptions histogram) {
  histogram.asks_for_exemplars = histogram.asks_for_exemplars || options.asks_for_exemplars;
  return Get<Histogram>(std::move(options), FamilyType::kHistogram,
                        [shape = Histogram::MakeShape(std::move(histogram), state_->clock())] {
                          return std::make_shared<Histogram>(shape);
                        });
}

Family<GaugeHistogram>& Registry::NewGaugeHistogram(FamilyOptions options,
                                                    std::vector<double> bounds) {
  return Get<GaugeHistogram>(
      std::move(options), FamilyType::kGaugeHistogram,
      [bounds = std::move(bounds)] { return std::make_shared<GaugeHistogram>(bounds); });
}

Family<Summary>& Registry::NewSummary(FamilyOptions options, SummaryOptions summary) {
  return Get<Summary>(std::move(options), FamilyType::kSummary,
                      [summary = std::move(summary), &clock = state_->clock()] {
                        return std::make_shared<Summary>(summary, clock);
                      });
}

Family<Info>& Registry::NewInfo(FamilyOptions options) {
  if (!options.name.ends_with("_info")) options.name += "_info";
  return Get<Info>(std::move(options), FamilyType::kInfo, [] { return std::make_shared<Info>(); });
}

Family<StateSet>& Registry::NewStateSet(FamilyOptions options, std::vector<std::string> states) {
  std::string label = prefix_ + options.name;
  return Get<StateSet>(std::move(options), FamilyType::kStateSet,
                       [label = std::move(label), states = std::move(states)] {
                         return std::make_shared<StateSet>(label, states);
                       });
}

Registration Registry::NewGaugeCallback(FamilyOptions options, std::function<double()> value) {
  options = Scoped(std::move(options));
  CheckOptions(options, FamilyType::kGauge);
  return Register(
      std::make_shared<Callback>(std::move(options), FamilyType::kGauge, std::move(value)));
}

Registration Registry::NewCounterCallback(FamilyOptions options, std::function<double()> value) {
  options = Scoped(std::move(options));
  CheckOptions(options, FamilyType::kCounter);
  return Register(
      std::make_shared<Callback>(std::move(options), FamilyType::kCounter, std::move(value)));
}

std::vector<std::string> Registry::lint_problems() const { return state_->lint_problems(); }

Registration Registry::Register(std::shared_ptr<Collector> collector, std::string name) {
  state_->Add(collector, std::move(name));
  return Registration([state = state_, collector] { state->Remove(collector); });
}

Registry& DefaultRegistry() {
  // Never destroyed: it is written to until the last thread has ended.
  static Registry& registry = *std::make_unique<Registry>().release();
  return registry;
}

void AddBuildInfo(Registry& registry, std::string name, Labels facts) {
  FamilyOptions options;
  options.name = std::move(name);
  options.help = "Facts about the build of this program; the value is 1.";
  std::vector<std::string_view> values;
  for (const auto& [label, value] : facts) {
    options.label_names.push_back(label);
    values.push_back(value);
  }
  registry.NewGauge(std::move(options)).With(values).Set(1);
}

}  // namespace narthex::client
