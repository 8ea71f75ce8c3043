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

// The first page of a series ends somewhere else for each, so that those of a target, which start
// together, are not all sealed in the same scrape.
std::size_t Series::OpenCountMax(Kind kind) const {
  const std::size_t most = kind == Kind::kFloat ? kTailCountMax : kOpenHistogramCountMax;
  return pages.empty() ? most / 2 + id % (most / 2) : most;
}

// Makes room for one more value of `kind` at the ordinal.
void Series::Extend(TimeColumn& column, std::uint32_t ordinal, Kind kind) {
  const bool is_histogram = kind == Kind::kHistogram;
  std::size_t count = open_count();
  if (count > 0 && (&column != open_column || is_histogram != (is_open_of_histograms != 0) ||
                    ordinal - open_first >= kSpanMax || count >= OpenCountMax(kind))) {
    Seal();
    count = 0;
  }
  is_open_of_histograms = is_histogram ? 1 : 0;
  if (count == 0) {
    open_column = &column;
    open_first = ordinal;
    open_span = 1;
    return;
  }
  const std::size_t position = ordinal - open_first;
  if (position != open_span && open_presence() == nullptr) {
    Presence& presence = *(Extras().open_presence = std::make_unique<Presence>());
    for (std::size_t i = 0; i < open_span; ++i) SetPresent(presence, i);
  }
  if (open_presence() != nullptr) SetPresent(*extras->open_presence, position);
  open_span = static_cast<std::uint16_t>(position + 1) & 0x7fff;
}

void Series::Append(TimeColumn& column, std::uint32_t ordinal, model::Sample sample) {
  Extend(column, ordinal, Kind::kFloat);
  tail.Append(sample.value);
  newest_time = sample.timestamp;
  newest_value = sample.value;
  if (newest_histogram() != nullptr) extras->newest_histogram.reset();
}

void Series::Append(TimeColumn& column, std::uint32_t ordinal, model::TimestampMs time,
                    HistogramPtr histogram) {
  SeriesExtras& with = Extras();
  Extend(column, ordinal, Kind::kHistogram);
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

void Series::AddPage(std::string_view presence, std::string_view page, std::size_t count) {
  SealedPage sealed;
  sealed.column = open_column;
  sealed.first = open_first;
  sealed.span = open_span;
  sealed.count = static_cast<std::uint16_t>(count);
  sealed.has_histograms = is_open_of_histograms != 0;
  sealed.size = static_cast<std::uint32_t>(presence.size() + page.size());
  sealed.bytes = std::make_unique_for_overwrite<char[]>(sealed.size);
  std::memcpy(sealed.bytes.get(), presence.data(), presence.size());
  std::memcpy(sealed.bytes.get() + presence.size(), page.data(), page.size());
  if (pages.size() == pages.capacity()) pages.reserve(pages.size() + 2);
  pages.push_back(std::move(sealed));
}

void Series::Seal() {
  const std::size_t count = open_count();
  std::string page;
  if (is_open_of_histograms) {
    std::vector<const model::FloatHistogram*> histograms;
    for (const HistogramPtr& histogram : extras->open_histograms) {
      histograms.push_back(histogram.get());
    }
    chunk::EncodeHistograms(histograms, page);
  } else {
    std::array<double, kTailCountMax> values;
    const auto used = std::span(values).first(count);
    tail.Decode(used);
    chunk::EncodeValues(used, page);
  }
  std::string_view presence;
  if (count < open_span) {
    presence = {reinterpret_cast<const char*>(open_presence()->data()),
                (std::size_t{open_span} + 7) / 8};
  }
  AddPage(presence, page, count);
  tail.Clear();
  if (extras != nullptr) {
    extras->open_presence.reset();
    extras->open_histograms.clear();
  }
}

bool Series::Restore(SealedPage page) {
  const auto last_time = page.column->TimeAt(page.first + page.span - 1u);
  if (!last_time || !page.column->TimeAt(page.first) || *last_time <= newest_time) return false;
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
  newest_time = *last_time;
  pages.push_back(std::move(page));
  return true;
}

}  // namespace narthex::head
