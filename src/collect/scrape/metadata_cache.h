// Type, help and unit of the metric families of one target.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "base/mutex.h"
#include "model/metadata.h"

namespace narthex::scrape {

using MetadataMap = std::map<std::string, model::Metadata, std::less<>>;

// One thread at a time writes; snapshot() may be called from any.
class MetadataCache {
 public:
  void SetType(std::string_view metric, model::MetricType type);
  void SetHelp(std::string_view metric, std::string_view help);
  void SetUnit(std::string_view metric, std::string_view unit);

  // Ends a scrape: shows what changed, forgets families not seen in the last ten scrapes.
  void Publish() EXCLUDES(mutex_);

  // Never null; shared so that readers need not hold a lock.
  std::shared_ptr<const MetadataMap> snapshot() const EXCLUDES(mutex_);

 private:
  struct Family {
    model::Metadata metadata;
    std::uint32_t last_scrape = 0;
  };

  Family& Touch(std::string_view metric);

  std::map<std::string, Family, std::less<>> families_;
  std::uint32_t scrape_ = 0;
  bool is_changed_ = false;

  mutable Mutex mutex_;
  std::shared_ptr<const MetadataMap> snapshot_ GUARDED_BY(mutex_) = std::make_shared<MetadataMap>();
};

}  // namespace narthex::scrape
