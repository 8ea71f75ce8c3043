#include "series.h"

#include <algorithm>
#include <cstring>
#include <string>

#include "chunk/histogram_page.h"

namespace narthex::head {
namespace {

// An hour at 15 s: decoding the open end for a single value stays below a microsecond.
constexpr std::size_t kTailCountMax = 240;
// Ten minutes at 15 s: a histogram that is not encoded takes half a kilobyte.
constexpr std::size_t kOpenHistogramCountMax = 40;

void SetPresent(Presence& presence, std::size_t i) {
  presence[i / 8] = static_cast<unsigned char>(presence[i / 8] | 1u << (i % 8));
}

}  // namespace

SeriesExtras& Series::Extras() {
  if (extras == nullptr) extras = std::make_unique<SeriesExtras>();
  return *extras;
}

TimeColumn& Series::OwnColumn(model::TimestampMs block_range_ms) {
  std::unique_ptr<TimeColumn>& own = Extras().own_column;
  if (own == nullptr) own = std::make_unique<TimeColumn>(0, block_range_ms);
  return *own;
}

// The first page of a series ends somewhere else for each, so that those of a target, which start
// together, are not all sealed in the same scrape.
std::size_t Series::OpenCountMax(Kind kind) const {
  const std::size_t most = kind == Kind::kFloat ? kTailCountMax : kOpenHistogramCountMax;
  return pages.empty() ? most / 2 + id % (most / 2) : most;
}

std::size_t Series::Extend(TimeColumn& column, std::uint32_t ordinal, Kind kind,
                           std::size_t count) {
  const bool is_histogram = kind == Kind::kHistogram;
  std::size_t held_count = open_count();
  if (held_count > 0 && (&column != open_column || is_histogram != (is_open_of_histograms != 0) ||
                         ordinal - open_first >= kSpanMax || held_count >= OpenCountMax(kind))) {
    Seal();
    held_count = 0;
  }
  if (held_count == 0) {
    is_open_of_histograms = is_histogram ? 1 : 0;
    open_column = &column;
    open_first = ordinal;
    open_span = 0;
  }
  const std::size_t position = ordinal - open_first;
  const std::size_t taken = std::min({count, OpenCountMax(kind) - held_count, kSpanMax - position});
  if (position != open_span && open_presence() == nullptr) {
    Presence& presence = *(Extras().open_presence = std::make_unique<Presence>());
    for (std::size_t i = 0; i < open_span; ++i) SetPresent(presence, i);
  }
  if (open_presence() != nullptr) {
    for (std::size_t i = 0; i < taken; ++i) SetPresent(*extras->open_presence, position + i);
  }
  open_span = static_cast<std::uint16_t>(position + taken) & 0x7fff;
  return taken;
}

void Series::Append(TimeColumn& column, std::uint32_t ordinal, std::span<const double> values,
                    model::TimestampMs last_time) {
  newest_time = last_time;
  newest_value = values.back();
  if (newest_histogram() != nullptr) extras->newest_histogram.reset();
  while (!values.empty()) {
    const std::size_t count = Extend(column, ordinal, Kind::kFloat, values.size());
    for (const double value : values.first(count)) tail.Append(value);
    ordinal += static_cast<std::uint32_t>(count);
    values = values.subspan(count);
  }
}

void Series::Append(TimeColumn& column, std::uint32_t ordinal, model::TimestampMs time,
                    HistogramPtr histogram) {
  SeriesExtras& with = Extras();
  Extend(column, ordinal, Kind::kHistogram, 1);
  newest_time = time;
  newest_value = histogram->sum;
  with.newest_histogram = histogram;
  with.open_histograms.push_back(std::move(histogram));
}

bool Series::AddLate(LateSample sample) {
  std::vector<LateSample>& late = Extras().late;
  const auto place = std::ranges::lower_bound(late, sample.time, {}, &LateSample::time);
  if (place != late.end() && place->time == sample.time) return false;
  late.insert(place, std::move(sample));
  return true;
}

void Series::SetStart(StartChange change) {
  if (change.start == newest_start()) return;
  std::vector<StartChange>& starts = Extras().starts;
  if (!starts.empty() && starts.back().from >= change.from) return;
  starts.push_back(change);
}

void Series::AddPage(const Stretch& stretch, std::string_view page) {
  SealedPage sealed;
  sealed.column = open_column;
  sealed.first = stretch.first;
  sealed.span = static_cast<std::uint16_t>(stretch.span);
  sealed.count = static_cast<std::uint16_t>(stretch.count);
  sealed.has_histograms = is_open_of_histograms != 0;
  const std::size_t presence_size = sealed.presence_size();
  sealed.size = static_cast<std::uint32_t>(presence_size + page.size());
  sealed.bytes = std::make_unique_for_overwrite<char[]>(sealed.size);
  std::memcpy(sealed.bytes.get(), stretch.presence.data(), presence_size);
  std::memcpy(sealed.bytes.get() + presence_size, page.data(), page.size());
  if (pages.size() == pages.capacity()) pages.reserve(pages.size() + 2);
  pages.push_back(std::move(sealed));
}

// The page of the values [begin, end) of the open end.
void Series::EncodeOpen(std::size_t begin, std::size_t end, std::string& page) const {
  if (!is_open_of_histograms) {
    std::array<double, kTailCountMax> values;
    tail.Decode(std::span(values).first(end));
    return chunk::EncodeValues(std::span(values).subspan(begin, end - begin), page);
  }
  std::vector<const model::FloatHistogram*> histograms;
  for (std::size_t i = begin; i < end; ++i) histograms.push_back(extras->open_histograms[i].get());
  chunk::EncodeHistograms(histograms, page);
}

// No page reaches from one block into the next, so that blocks are cut by copying pages.
void Series::Seal() {
  const std::uint32_t open_end = open_first + open_span;
  std::size_t sealed_count = 0;
  std::string page;
  for (std::uint32_t first = open_first; first < open_end;) {
    const std::uint32_t end = open_column->BlockEnd(first, open_end);
    Stretch stretch = PresentIn(first, end);
    first = end;
    if (stretch.count == 0) continue;
    page.clear();
    EncodeOpen(sealed_count, sealed_count + stretch.count, page);
    sealed_count += stretch.count;
    AddPage(stretch, page);
  }
  tail.Clear();
  if (extras != nullptr) {
    extras->open_presence.reset();
    extras->open_histograms.clear();
  }
}

// What there is of the open end at ordinals [first, end); it begins and ends with a value.
Series::Stretch Series::PresentIn(std::uint32_t first, std::uint32_t end) const {
  const Presence* presence = open_presence();
  if (presence == nullptr) {
    return {.first = first, .span = end - first, .count = end - first, .presence = {}};
  }
  const auto is_present = [&](std::uint32_t ordinal) {
    const std::uint32_t i = ordinal - open_first;
    return ((*presence)[i / 8] >> (i % 8) & 1) != 0;
  };
  while (first < end && !is_present(first)) ++first;
  while (first < end && !is_present(end - 1)) --end;
  Stretch stretch{.first = first, .span = end - first, .count = 0, .presence = {}};
  for (std::uint32_t ordinal = first; ordinal < end; ++ordinal) {
    if (!is_present(ordinal)) continue;
    SetPresent(stretch.presence, ordinal - first);
    ++stretch.count;
  }
  return stretch;
}

bool Series::Restore(SealedPage page, model::TimestampMs last_time) {
  if (last_time <= newest_time) return false;
  if (page.has_histograms) {
    std::vector<model::FloatHistogram> histograms;
    if (!chunk::DecodeHistograms(page.page(), page.count, histograms).ok()) return false;
    newest_value = histograms.back().sum;
    Extras().newest_histogram =
        std::make_shared<const model::FloatHistogram>(std::move(histograms.back()));
  } else {
    std::array<double, chunk::kPageSampleCountMax> values;
    if (page.count > values.size()) return false;
    const auto used = std::span(values).first(page.count);
    if (!chunk::DecodeValues(page.page(), used).ok()) return false;
    newest_value = used.back();
    if (extras != nullptr) extras->newest_histogram.reset();
  }
  newest_time = last_time;
  pages.push_back(std::move(page));
  return true;
}

}  // namespace narthex::head
