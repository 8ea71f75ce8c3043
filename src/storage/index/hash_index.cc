#include "hash_index.h"

#include <algorithm>

#include "base/check.h"

namespace narthex::index {
namespace {

constexpr std::size_t kSlotCountMin = 8;

}  // namespace

void HashIndex::Place(std::vector<Slot>& slots, Slot slot) {
  std::size_t i = HomeOf(slot.tag, slots.size());
  while (slots[i].id != kNone) i = After(i, slots);
  slots[i] = slot;
}

void HashIndex::Resize(Share& share, std::size_t slot_count) {
  std::vector<Slot> slots(std::max(slot_count, kSlotCountMin));
  for (const Slot& slot : share.slots) {
    if (slot.id != kNone) Place(slots, slot);
  }
  share.slots = std::move(slots);
}

HashIndex::Share& HashIndex::ShareWithRoom(std::uint64_t hash) {
  Share& share = shares_[hash >> kShareShift];
  // Full to four fifths at most: probes stay short.
  if ((share.used_count + 1) * 5 > share.slots.size() * 4) {
    Resize(share, (share.used_count + 1) * 8 / 5);
  }
  return share;
}

void HashIndex::Insert(std::uint64_t hash, SeriesId id) {
  NARTHEX_DCHECK(id != kNone, "the largest number marks a free slot");
  Share& share = ShareWithRoom(hash);
  Place(share.slots, {static_cast<std::uint32_t>(hash), id});
  ++share.used_count;
  ++size_;
}

bool HashIndex::TryInsert(std::uint64_t hash, SeriesId id) {
  NARTHEX_DCHECK(id != kNone, "the largest number marks a free slot");
  Share& share = ShareWithRoom(hash);
  const auto tag = static_cast<std::uint32_t>(hash);
  std::size_t i = HomeOf(tag, share.slots.size());
  for (; share.slots[i].id != kNone; i = After(i, share.slots)) {
    if (share.slots[i].tag == tag) return false;
  }
  share.slots[i] = {tag, id};
  ++share.used_count;
  ++size_;
  return true;
}

void HashIndex::Erase(std::uint64_t hash, SeriesId id) {
  Share& share = shares_[hash >> kShareShift];
  std::vector<Slot>& slots = share.slots;
  if (slots.empty()) return;
  std::size_t hole = HomeOf(static_cast<std::uint32_t>(hash), slots.size());
  while (slots[hole].id != id) {
    if (slots[hole].id == kNone) return;
    hole = After(hole, slots);
  }
  // Those behind move up as long as that does not put them before their home.
  const std::size_t count = slots.size();
  for (std::size_t i = After(hole, slots); slots[i].id != kNone; i = After(i, slots)) {
    const std::size_t home = HomeOf(slots[i].tag, count);
    if ((i + count - home) % count < (i + count - hole) % count) continue;
    slots[hole] = slots[i];
    hole = i;
  }
  slots[hole] = Slot();
  --share.used_count;
  --size_;
  if (share.used_count * 4 < slots.size() && slots.size() > kSlotCountMin) {
    Resize(share, share.used_count * 8 / 5);
  }
}

}  // namespace narthex::index
