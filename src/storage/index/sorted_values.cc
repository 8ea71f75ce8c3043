#include "sorted_values.h"

#include <algorithm>

namespace narthex::index {
namespace {

// With fewer values, looking at all is as quick.
constexpr std::size_t kValueCountMin = 256;
// The order costs as much as a few dozen looks at all values.
constexpr std::uint32_t kScanCountMax = 3;
// Values may stand beside the order until they are this part of it, or so many.
constexpr std::size_t kFreshPart = 8;
constexpr std::size_t kFreshCountMax = 64;

// The first eight bytes as a number that compares as they do.
std::uint64_t KeyOf(std::string_view text) {
  std::uint64_t key = 0;
  for (std::size_t i = 0; i < 8; ++i) {
    key = key << 8 | (i < text.size() ? static_cast<unsigned char>(text[i]) : 0u);
  }
  return key;
}

void Sort(const ValueSlots& values, std::span<ValueId> ids) {
  struct Keyed {
    std::uint64_t key;
    ValueId id;
  };
  std::vector<Keyed> keyed;
  keyed.reserve(ids.size());
  for (const ValueId id : ids) keyed.push_back({KeyOf(values.At(id).text()), id});
  std::ranges::sort(keyed, [&values](const Keyed& a, const Keyed& b) {
    if (a.key != b.key) return a.key < b.key;
    return values.At(a.id).text() < values.At(b.id).text();
  });
  std::ranges::transform(keyed, ids.begin(), &Keyed::id);
}

void BringUpToDate(NameEntry& entry) {
  const std::size_t fresh_count = entry.fresh.size() - entry.merged_count;
  if (fresh_count <= std::max(kFreshCountMax, entry.sorted->size() / kFreshPart)) return;
  auto merged = std::make_shared<std::vector<ValueId>>(*entry.sorted);
  const auto middle = static_cast<std::ptrdiff_t>(merged->size());
  merged->insert(merged->end(),
                 entry.fresh.begin() + static_cast<std::ptrdiff_t>(entry.merged_count),
                 entry.fresh.end());
  Sort(entry.values, std::span(*merged).subspan(static_cast<std::size_t>(middle)));
  std::inplace_merge(merged->begin(), merged->begin() + middle, merged->end(),
                     [&entry](ValueId a, ValueId b) {
                       return entry.values.At(a).text() < entry.values.At(b).text();
                     });
  entry.sorted = std::move(merged);
  // The writer forgets them; other readers may be looking.
  entry.merged_count = entry.fresh.size();
}

}  // namespace

std::vector<ValueId> SortValues(const ValueSlots& values) {
  std::vector<ValueId> ids;
  ids.reserve(values.size());
  values.ForEach([&ids](ValueId id, const ValueSlot&) { ids.push_back(id); });
  Sort(values, ids);
  return ids;
}

SortedValues SortedValues::Of(NameEntry& entry) {
  if (entry.sorted != nullptr) {
    BringUpToDate(entry);
    return SortedValues(entry);
  }
  if (entry.values.size() < kValueCountMin || ++entry.scan_count <= kScanCountMax) return {};
  entry.sorted = std::make_shared<const std::vector<ValueId>>(SortValues(entry.values));
  return SortedValues(entry);
}

SortedValues SortedValues::Known(const NameEntry& entry) {
  return entry.sorted == nullptr ? SortedValues() : SortedValues(entry);
}

std::span<const ValueId> SortedValues::WithPrefix(std::string_view prefix) const {
  const auto text = [this](ValueId id) { return values_->At(id).text(); };
  const auto begin = std::ranges::lower_bound(*sorted_, prefix, {}, text);
  const auto end = std::partition_point(begin, sorted_->end(),
                                        [&](ValueId id) { return text(id).starts_with(prefix); });
  return {begin, end};
}

}  // namespace narthex::index
