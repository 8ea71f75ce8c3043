#include "value_slots.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include "base/check.h"

namespace narthex::index {
namespace {

constexpr std::size_t kSizeSize = sizeof(std::uint32_t);

std::unique_ptr<char[]> MakeText(std::string_view text) {
  auto bytes = std::make_unique_for_overwrite<char[]>(kSizeSize + text.size());
  const auto size = static_cast<std::uint32_t>(text.size());
  std::memcpy(bytes.get(), &size, kSizeSize);
  std::memcpy(bytes.get() + kSizeSize, text.data(), text.size());
  return bytes;
}

}  // namespace

std::string_view ValueSlot::text() const {
  std::uint32_t size = 0;
  std::memcpy(&size, text_bytes.get(), kSizeSize);
  return {text_bytes.get() + kSizeSize, size};
}

ValueSlots::~ValueSlots() {
  for (std::size_t k = 0; k < chunks_.size(); ++k) Release(chunks_[k], k);
}

std::uint32_t ValueSlots::LengthOf(std::size_t chunk) {
  return chunk < kDoublingCount ? kFirstLength << chunk : kLengthMax;
}

ValueId ValueSlots::IdOf(std::size_t chunk, std::uint32_t slot) {
  if (chunk < kDoublingCount) return (kFirstLength << chunk) - kFirstLength + slot;
  return kLengthMax - kFirstLength + static_cast<ValueId>(chunk - kDoublingCount) * kLengthMax +
         slot;
}

ValueSlots::Place ValueSlots::PlaceOf(ValueId id) {
  const ValueId shifted = id + kFirstLength;
  if (shifted < kLengthMax) {
    const auto chunk = static_cast<std::size_t>(std::bit_width(shifted / kFirstLength)) - 1;
    return {chunk, shifted - (kFirstLength << chunk)};
  }
  return {kDoublingCount + (shifted - kLengthMax) / kLengthMax, shifted % kLengthMax};
}

void ValueSlots::Release(Chunk& chunk, std::size_t k) {
  if (chunk.slots == nullptr) return;
  std::destroy_n(chunk.slots, chunk.touched_count);
  std::allocator<ValueSlot>().deallocate(chunk.slots, LengthOf(k));
  chunk = Chunk();
}

ValueId ValueSlots::Add(std::string_view text) {
  while (first_open_ < chunks_.size() && chunks_[first_open_].used_count == LengthOf(first_open_)) {
    ++first_open_;
  }
  if (first_open_ == chunks_.size()) chunks_.emplace_back();
  Chunk& chunk = chunks_[first_open_];
  if (chunk.slots == nullptr) {
    chunk.slots = std::allocator<ValueSlot>().allocate(LengthOf(first_open_));
  }
  std::uint32_t slot = chunk.touched_count;
  if (chunk.free.empty()) {
    std::construct_at(chunk.slots + slot);
    ++chunk.touched_count;
  } else {
    slot = chunk.free.back();
    chunk.free.pop_back();
  }
  chunk.slots[slot].text_bytes = MakeText(text);
  ++chunk.used_count;
  ++size_;
  return IdOf(first_open_, slot);
}

void ValueSlots::Remove(ValueId id) {
  const Place place = PlaceOf(id);
  Chunk& chunk = chunks_[place.chunk];
  ValueSlot& slot = chunk.slots[place.slot];
  NARTHEX_DCHECK(slot.text_bytes != nullptr, "a value is removed once");
  slot = ValueSlot();
  chunk.free.push_back(place.slot);
  --chunk.used_count;
  --size_;
  first_open_ = std::min(first_open_, place.chunk);
  if (chunk.used_count > 0) return;
  Release(chunk, place.chunk);
  while (!chunks_.empty() && chunks_.back().slots == nullptr) chunks_.pop_back();
  first_open_ = std::min(first_open_, chunks_.size());
}

bool ValueSlots::Has(ValueId id) const {
  const Place place = PlaceOf(id);
  return place.chunk < chunks_.size() && place.slot < chunks_[place.chunk].touched_count &&
         chunks_[place.chunk].slots[place.slot].text_bytes != nullptr;
}

ValueId ValueSlots::end() const {
  return chunks_.empty() ? 0 : IdOf(chunks_.size() - 1, chunks_.back().touched_count);
}

}  // namespace narthex::index
