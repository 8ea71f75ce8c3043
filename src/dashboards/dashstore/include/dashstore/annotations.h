// Notes at moments and ranges of time.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"

namespace narthex::dashstore {

class Database;

struct Annotation {
  std::int64_t id = 0;
  std::int64_t org_id = 1;
  std::string dashboard_uid = {};  // empty: of the whole organisation
  std::int64_t panel_id = 0;
  std::int64_t user_id = 0;
  std::string login = {};
  std::string email = {};
  std::string text = {};
  std::vector<std::string> tags = {};
  TimestampMs begins = 0;
  TimestampMs ends = 0;  // not before `begins`
  TimestampMs created = 0;
  TimestampMs updated = 0;
};

struct AnnotationSearch {
  std::int64_t org_id = 1;
  TimestampMs from = 0;  // those that touch [from, until]; 0 and 0: all times
  TimestampMs until = 0;
  std::string dashboard_uid = {};                       // empty: of any
  std::vector<std::string> hidden_dashboard_uids = {};  // of none of these
  std::int64_t panel_id = 0;                            // 0: of any
  std::int64_t user_id = 0;                             // 0: of any
  std::vector<std::string> tags = {};
  bool takes_any_tag = false;  // else all of them
  std::int64_t limit = 100;
};

// Thread-safe. Every function: errors of the database (see Store).
class Annotations {
 public:
  Annotations(Database& database, Clock& clock) : database_(database), clock_(clock) {}

  // Errors: kInvalidArgument  no text, too long a text, more than 100 tags, an end before its begin
  Result<std::int64_t> Add(Annotation annotation);
  Result<std::optional<Annotation>> Find(std::int64_t org_id, std::int64_t id) const;
  // Text, tags and times. Errors: kNotFound, kInvalidArgument
  Status Update(Annotation annotation);
  // Errors: kNotFound
  Status Remove(std::int64_t org_id, std::int64_t id);
  // All of one dashboard's panel.
  Status RemoveOfPanel(std::int64_t org_id, std::string_view dashboard_uid, std::int64_t panel_id);
  // Newest first.
  Result<std::vector<Annotation>> Search(const AnnotationSearch& search) const;

  struct TagCount {
    std::string tag;
    std::int64_t count = 0;
  };
  // By tag, those with `text` in it, of annotations elsewhere than on `hidden` dashboards.
  Result<std::vector<TagCount>> Tags(std::int64_t org_id, std::string_view text,
                                     std::span<const std::string> hidden, std::int64_t limit) const;
  // The dashboards that something is noted on, by uid.
  Result<std::vector<std::string>> DashboardUids(std::int64_t org_id) const;

 private:
  Database& database_;
  Clock& clock_;
};

}  // namespace narthex::dashstore
