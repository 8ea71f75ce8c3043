// Type, help and unit of the metric families of one target.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/hash.h"
#include "base/mutex.h"
#include "model/metadata.h"

namespace narthex::scrape {

using MetadataMap = std::map<std::string, model::Metadata, std::less<>>;

// One thread at a time writes; snapshot() may be called from any.
//
// Lines that say the same in the same place as last time need not be parsed: see TakeKnown().
class MetadataCache {
 public:
  // What a line is known to say.
  struct KnownLine {
    Hash128Value key;
    std::optional<model::MetricType> type = {};  // of a TYPE line
    // Of the family that it is about; null for a comment. It stays in families_ while the line is
    // among those of the last body.
    std::uint32_t* last_scrape = nullptr;
  };

  // Begins a body: the first known line is expected.
  void Begin();
  // The line with this key, if it is the one that is expected next.
  const KnownLine* TakeKnown(const Hash128Value& key);
  // Notes that the line with this key is what set, or was, the last thing set, with `type` if it
  // was a type; or that it is a comment.
  void Learn(const Hash128Value& key, std::optional<model::MetricType> type);
  void LearnComment(const Hash128Value& key) { AddLine({key}); }

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
    std::uint32_t last_scrape = 0;  // scrapes count from 1
  };

  Family& Touch(std::string_view metric);
  void AddLine(const KnownLine& line);
  void MarkSeen(std::uint32_t& last_scrape);
  void MarkLinesSeen(std::uint32_t scrape);
  // Ends a body; how many families have not been seen for too long and are gone.
  std::size_t SettleLines();

  std::map<std::string, Family, std::less<>> families_;
  std::vector<KnownLine> lines_;  // of the last body, in order
  // Of this body, from the first line on that is not as in the last one.
  std::vector<KnownLine> next_lines_;
  bool is_changing_ = false;  // next_lines_ counts
  std::size_t expected_ = 0;  // place in lines_
  // While bodies have the same lines, nothing is noted of these: their families are seen. Of
  // families otherwise seen, by parsing, in this scrape and the last one; and of all families when
  // lines changed last.
  std::size_t seen_count_ = 0;
  std::size_t parsed_count_ = 0;
  std::size_t settled_count_ = 0;
  Family* last_touched_ = nullptr;  // by Touch()
  std::uint32_t scrape_ = 1;
  bool is_changed_ = false;

  mutable Mutex mutex_;
  std::shared_ptr<const MetadataMap> snapshot_ GUARDED_BY(mutex_) = std::make_shared<MetadataMap>();
};

}  // namespace narthex::scrape
