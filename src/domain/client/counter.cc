#include "client/counter.h"

#include "client/gauge.h"
#include "exemplar_slots.h"
#include "exposition/metric_family.h"
#include "refused.h"

namespace narthex::client {

void Instrument::AppendTo(std::vector<exposition::Metric>& metrics,
                          const exposition::Metric& start) const {
  metrics.push_back(start);
  Read(metrics.back());
}

Counter::Counter(Exemplars exemplars)
    : asks_(exemplars == Exemplars::kFromTraces),
      exemplars_(std::make_unique<LazyExemplarSlots>(1)),
      total_([] { return std::make_unique<Part>(); }) {}

Counter::~Counter() = default;

void Counter::Refuse() { CountRefused(Refusal::kIncrement); }

void Counter::OfferExemplar(double amount) { exemplars_->Make().Offer(0, amount); }

void Counter::Increment(double amount, const Labels& exemplar) {
  Increment(amount);
  if (amount >= 0 && !exemplar.empty()) exemplars_->Make().Put(0, amount, exemplar);
}

std::uint64_t Counter::refused_count() { return RefusedCount(Refusal::kIncrement); }

double Counter::value() const {
  double total = 0;
  total_.ForEach([&total](const Part& part) { total += part.sum.load(std::memory_order_relaxed); });
  return total;
}

void Counter::Read(exposition::Metric& metric) const {
  metric.value = value();
  if (ExemplarSlots* slots = exemplars_->get()) metric.exemplar = slots->Get(0);
}

void Gauge::Read(exposition::Metric& metric) const { metric.value = value(); }

}  // namespace narthex::client
