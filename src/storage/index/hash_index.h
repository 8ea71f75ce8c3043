// Series by the hash of what they are found by.
#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

#include "index/posting_list.h"

namespace narthex::index {

// Not thread-safe. Memory: 10 to 14 bytes for each series.
//
// Open addressing with half of the hash beside the id, so that neither growing nor most misses look
// at the series themselves. Shares grow one by one: none takes long.
class HashIndex {
 public:
  // `id` is not the largest number there is, and not in the table.
  void Insert(std::uint64_t hash, SeriesId id);
  // The same, but false, and nothing is done, if a series that may be of that hash is there: of
  // those that are not, one in 2^38 seems to be.
  bool TryInsert(std::uint64_t hash, SeriesId id);
  void Erase(std::uint64_t hash, SeriesId id);
  std::size_t size() const { return size_; }
  // Calls into the cache where a series of that hash is, or would be.
  void Prefetch(std::uint64_t hash) const {
    const std::vector<Slot>& slots = shares_[hash >> kShareShift].slots;
    __builtin_prefetch(slots.data() + HomeOf(static_cast<std::uint32_t>(hash), slots.size()), 1);
  }

  // The first series of that hash that `is_equal` accepts.
  template <typename IsEqual>
  std::optional<SeriesId> Find(std::uint64_t hash, IsEqual is_equal) const {
    const std::vector<Slot>& slots = shares_[hash >> kShareShift].slots;
    if (slots.empty()) return std::nullopt;
    const auto tag = static_cast<std::uint32_t>(hash);
    for (std::size_t i = HomeOf(tag, slots.size()); slots[i].id != kNone; i = After(i, slots)) {
      if (slots[i].tag == tag && is_equal(slots[i].id)) return slots[i].id;
    }
    return std::nullopt;
  }

 private:
  static constexpr std::size_t kShareCount = 64;
  static constexpr int kShareShift = 58;
  static constexpr SeriesId kNone = std::numeric_limits<SeriesId>::max();

  struct Slot {
    std::uint32_t tag = 0;
    SeriesId id = kNone;
  };
  struct Share {
    std::vector<Slot> slots;
    std::size_t used_count = 0;
  };

  // Any number of slots will do, so that a table can grow by less than its double.
  static std::size_t HomeOf(std::uint32_t tag, std::size_t slot_count) {
    return static_cast<std::size_t>((std::uint64_t{tag} * slot_count) >> 32);
  }
  static std::size_t After(std::size_t i, const std::vector<Slot>& slots) {
    return i + 1 == slots.size() ? 0 : i + 1;
  }
  static void Place(std::vector<Slot>& slots, Slot slot);
  static void Resize(Share& share, std::size_t slot_count);
  Share& ShareWithRoom(std::uint64_t hash);

  std::array<Share, kShareCount> shares_;
  std::size_t size_ = 0;
};

}  // namespace narthex::index
