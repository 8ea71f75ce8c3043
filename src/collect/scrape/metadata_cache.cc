#include "metadata_cache.h"

#include <utility>

namespace narthex::scrape {
namespace {

// Source: spec 3.5, SCR-035.
constexpr std::uint32_t kKeptScrapeCount = 10;

}  // namespace

void MetadataCache::Begin() {
  expected_ = 0;
  is_changing_ = false;
}

const MetadataCache::KnownLine* MetadataCache::TakeKnown(const Hash128Value& key) {
  if (expected_ == lines_.size() || lines_[expected_].key != key) return nullptr;
  const KnownLine& line = lines_[expected_++];
  if (is_changing_) next_lines_.push_back(line);
  return &line;
}

void MetadataCache::Learn(const Hash128Value& key, std::optional<model::MetricType> type) {
  AddLine({key, type, &last_touched_->last_scrape});
}

void MetadataCache::AddLine(const KnownLine& line) {
  if (!is_changing_) {
    is_changing_ = true;
    next_lines_.assign(lines_.begin(), lines_.begin() + static_cast<std::ptrdiff_t>(expected_));
  }
  next_lines_.push_back(line);
}

void MetadataCache::MarkSeen(std::uint32_t& last_scrape) {
  if (last_scrape == scrape_) return;
  last_scrape = scrape_;
  ++seen_count_;
}

MetadataCache::Family& MetadataCache::Touch(std::string_view metric) {
  auto found = families_.find(metric);
  if (found == families_.end()) {
    found = families_.emplace(std::string(metric), Family()).first;
    is_changed_ = true;
  }
  MarkSeen(found->second.last_scrape);
  last_touched_ = &found->second;
  return found->second;
}

void MetadataCache::SetType(std::string_view metric, model::MetricType type) {
  Family& family = Touch(metric);
  is_changed_ = is_changed_ || family.metadata.type != type;
  family.metadata.type = type;
}

void MetadataCache::SetHelp(std::string_view metric, std::string_view help) {
  Family& family = Touch(metric);
  if (family.metadata.help == help) return;
  family.metadata.help = help;
  is_changed_ = true;
}

void MetadataCache::SetUnit(std::string_view metric, std::string_view unit) {
  Family& family = Touch(metric);
  if (family.metadata.unit == unit) return;
  family.metadata.unit = unit;
  is_changed_ = true;
}

void MetadataCache::MarkLinesSeen(std::uint32_t scrape) {
  for (const KnownLine& line : lines_) {
    if (line.last_scrape == nullptr || *line.last_scrape >= scrape) continue;
    *line.last_scrape = scrape;
    if (scrape == scrape_) ++seen_count_;
  }
}

std::size_t MetadataCache::SettleLines() {
  const bool are_as_before = !is_changing_ && expected_ == lines_.size();
  const std::size_t parsed_count = std::exchange(seen_count_, 0);
  const bool is_settled =
      are_as_before && parsed_count == parsed_count_ && families_.size() == settled_count_;
  parsed_count_ = parsed_count;
  if (is_settled) return 0;

  seen_count_ = parsed_count;
  if (!are_as_before) {
    // All of them were in the last body, which was not noted then.
    MarkLinesSeen(scrape_ - 1);
    if (is_changing_) {
      lines_ = std::move(next_lines_);
      next_lines_ = {};
    } else {
      lines_.resize(expected_);
    }
  }
  MarkLinesSeen(scrape_);
  settled_count_ = std::exchange(seen_count_, 0);
  return std::erase_if(families_, [this](const auto& entry) {
    return scrape_ - entry.second.last_scrape >= kKeptScrapeCount;
  });
}

void MetadataCache::Publish() {
  const std::size_t removed_count = SettleLines();
  Begin();
  ++scrape_;
  if (!is_changed_ && removed_count == 0) return;
  is_changed_ = false;
  auto shown = std::make_shared<MetadataMap>();
  for (const auto& [metric, family] : families_)
    shown->emplace_hint(shown->end(), metric, family.metadata);
  MutexLock lock(mutex_);
  snapshot_ = std::move(shown);
}

std::shared_ptr<const MetadataMap> MetadataCache::snapshot() const {
  MutexLock lock(mutex_);
  return snapshot_;
}

}  // namespace narthex::scrape
