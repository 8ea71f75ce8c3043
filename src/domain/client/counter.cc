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

Counter::Counter(Exemplars exemplars) : asks_(exemplars == Exemplars::kFromTraces) {}

Counter::~Counter() { EndExemplarSlots(exemplars_); }

void Counter::Refuse() { CountRefused(Refusal::kIncrement); }

void Counter::OfferExemplar(double amount) { MakeExemplarSlots(exemplars_, 1).Offer(0, amount); }

void Counter::Increment(double amount, const Labels& exemplar) {
  Increment(amount);
  if (amount >= 0 && !exemplar.empty()) MakeExemplarSlots(exemplars_, 1).Put(0, amount, exemplar);
}

std::uint64_t Counter::refused_count() { return RefusedCount(Refusal::kIncrement); }

double Counter::value() const {
  std::uint64_t ones = 0;
  double amounts = 0;
  cells_.ForEach([&](const Cell* cells) {
    ones += ReadCount(cells[kOnes]);
    amounts += ReadNumber(cells[kAmounts]);
  });
  return static_cast<double>(ones) + amounts;
}

void Counter::Read(exposition::Metric& metric) const {
  metric.value = value();
  ExemplarSlots* const slots = exemplars_.load(std::memory_order_acquire);
  metric.exemplar = slots != nullptr ? slots->Get(0) : std::nullopt;
}

void Gauge::Read(exposition::Metric& metric) const { metric.value = value(); }

}  // namespace narthex::client
