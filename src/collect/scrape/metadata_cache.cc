#include "metadata_cache.h"

namespace narthex::scrape {
namespace {

// Source: spec 3.5, SCR-035.
constexpr std::uint32_t kKeptScrapeCount = 10;

}  // namespace

void MetadataCache::Begin() {
  expected_ = 0;
  next_lines_.clear();
}

const MetadataCache::KnownLine* MetadataCache::TakeKnown(const Hash128Value& key) {
  if (expected_ == lines_.size() || lines_[expected_].key != key) return nullptr;
  const KnownLine& line = lines_[expected_++];
  if (line.last_scrape != nullptr) *line.last_scrape = scrape_;
  next_lines_.push_back(line);
  return &line;
}

void MetadataCache::Learn(const Hash128Value& key, std::optional<model::MetricType> type) {
  next_lines_.push_back({key, type, &last_touched_->last_scrape});
}

MetadataCache::Family& MetadataCache::Touch(std::string_view metric) {
  auto found = families_.find(metric);
  if (found == families_.end()) {
    found = families_.emplace(std::string(metric), Family()).first;
    is_changed_ = true;
  }
  found->second.last_scrape = scrape_;
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

void MetadataCache::Publish() {
  // Without a body there are none: families may go below.
  lines_.swap(next_lines_);
  Begin();
  const std::size_t removed_count = std::erase_if(families_, [this](const auto& entry) {
    return scrape_ - entry.second.last_scrape >= kKeptScrapeCount;
  });
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
