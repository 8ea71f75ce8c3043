#include "series.h"

#include <algorithm>
#include <cstring>
#include <string>

namespace narthex::head {
namespace {

// An hour at 15 s: decoding the open end for a single value stays below a microsecond.
constexpr std::size_t kTailCountMax = 240;

void SetPresent(Presence& presence, std::size_t i) {
  presence[i / 8] = static_cast<unsigned char>(presence[i / 8] | 1u << (i % 8));
}

}  // namespace

// The first page of a series ends somewhere else for each, so that those of a target, which start
// together, are not all sealed in the same scrape.
std::size_t Series::TailCountMax() const {
  return pages.empty() ? kTailCountMax / 2 + id % (kTailCountMax / 2) : kTailCountMax;
}

void Series::Append(TimeColumn& column, std::uint32_t ordinal, model::Sample sample) {
  if (tail.count() > 0 && (&column != open_column || ordinal - open_first >= kSpanMax ||
                           tail.count() >= TailCountMax())) {
    Seal();
  }
  if (tail.count() == 0) {
    open_column = &column;
    open_first = ordinal;
    open_span = 1;
  } else {
    const std::size_t position = ordinal - open_first;
    if (position != open_span && open_presence == nullptr) {
      open_presence = std::make_unique<Presence>();
      for (std::size_t i = 0; i < open_span; ++i) SetPresent(*open_presence, i);
    }
    if (open_presence != nullptr) SetPresent(*open_presence, position);
    open_span = static_cast<std::uint16_t>(position + 1);
  }
  tail.Append(sample.value);
  newest_time = sample.timestamp;
  newest_value = sample.value;
}

void Series::Seal() {
  std::array<double, kTailCountMax> values;
  const auto used = std::span(values).first(tail.count());
  tail.Decode(used);
  SealedPage sealed;
  sealed.column = open_column;
  sealed.first = open_first;
  sealed.span = open_span;
  sealed.count = static_cast<std::uint16_t>(used.size());
  std::string bytes;
  if (sealed.count < sealed.span) {
    bytes.assign(reinterpret_cast<const char*>(open_presence->data()), sealed.presence_size());
  }
  chunk::EncodeValues(used, bytes);
  sealed.size = static_cast<std::uint32_t>(bytes.size());
  sealed.bytes = std::make_unique_for_overwrite<char[]>(bytes.size());
  std::memcpy(sealed.bytes.get(), bytes.data(), bytes.size());

  if (pages.size() == pages.capacity()) pages.reserve(pages.size() + 2);
  pages.push_back(std::move(sealed));
  tail.Clear();
  open_presence.reset();
}

bool Series::Restore(SealedPage page) {
  const auto last_time = page.column->TimeAt(page.first + page.span - 1u);
  if (!last_time || !page.column->TimeAt(page.first) || *last_time <= newest_time) return false;
  std::array<double, chunk::kPageSampleCountMax> values;
  if (page.count > values.size()) return false;
  const auto used = std::span(values).first(page.count);
  if (!chunk::DecodeValues(page.page(), used).ok()) return false;
  newest_time = *last_time;
  newest_value = used.back();
  pages.push_back(std::move(page));
  return true;
}

}  // namespace narthex::head
