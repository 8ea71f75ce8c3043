#include "exemplar_slots.h"

#include <algorithm>

#include "client/exemplar.h"
#include "model/exemplar_length.h"
#include "model/labels.h"

namespace narthex::client {
namespace {

// Set before threads write, and never destroyed: threads may end after main has.
TraceContextHook& Hook() {
  static TraceContextHook& hook = *std::make_unique<TraceContextHook>().release();
  return hook;
}

std::size_t CharacterCount(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(
      text, [](char byte) { return (static_cast<unsigned char>(byte) & 0xc0) != 0x80; }));
}

bool IsAllowed(const Labels& labels) {
  std::size_t length = 0;
  for (const auto& [name, value] : labels) {
    if (!model::IsValidLabelName(name, model::NameValidation::kUtf8) || !model::IsUtf8(value)) {
      return false;
    }
    length += CharacterCount(name) + CharacterCount(value);
  }
  return !labels.empty() && length <= model::kExemplarLengthMax;
}

}  // namespace

void SetTraceContextHook(TraceContextHook hook) { Hook() = std::move(hook); }

bool ExemplarSlots::Put(std::size_t index, double value, const Labels& labels) {
  if (!IsAllowed(labels)) return false;
  Slot& slot = slots_[index];
  // Acquire and release: the exemplar is handed from one holder to the next.
  if (slot.is_busy.test_and_set(std::memory_order_acquire)) return true;
  slot.exemplar = {labels, value, std::chrono::milliseconds(SystemClock().Now())};
  slot.is_set = true;
  slot.is_wanted.store(false, std::memory_order_relaxed);
  slot.is_busy.clear(std::memory_order_release);
  return true;
}

void ExemplarSlots::Offer(std::size_t index, double value) {
  if (!slots_[index].is_wanted.load(std::memory_order_relaxed) || !Hook()) return;
  const Labels labels = Hook()();
  if (!labels.empty()) Put(index, value, labels);
}

std::optional<exposition::MetricExemplar> ExemplarSlots::Get(std::size_t index) {
  Slot& slot = slots_[index];
  // Writers hold it for some hundred nanoseconds; one under way leaves out this scrape's exemplar.
  if (slot.is_busy.test_and_set(std::memory_order_acquire)) return std::nullopt;
  std::optional<exposition::MetricExemplar> exemplar;
  if (slot.is_set) exemplar = slot.exemplar;
  slot.is_wanted.store(true, std::memory_order_relaxed);
  slot.is_busy.clear(std::memory_order_release);
  return exemplar;
}

ExemplarSlots& MakeExemplarSlots(std::atomic<ExemplarSlots*>& slots, std::size_t count) {
  if (ExemplarSlots* known = slots.load(std::memory_order_acquire)) return *known;
  auto made = std::make_unique<ExemplarSlots>(count);
  ExemplarSlots* none = nullptr;
  if (slots.compare_exchange_strong(none, made.get(), std::memory_order_acq_rel)) {
    return *made.release();
  }
  return *none;
}

void EndExemplarSlots(std::atomic<ExemplarSlots*>& slots) {
  std::unique_ptr<ExemplarSlots> ended(slots.exchange(nullptr, std::memory_order_acq_rel));
}

}  // namespace narthex::client
