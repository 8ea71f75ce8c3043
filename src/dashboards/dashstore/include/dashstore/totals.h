// How much of everything the database holds, in all organisations.
#pragma once

#include <cstdint>

namespace narthex::dashstore {

// Users by the highest role that they have anywhere; service accounts are not among them.
struct PeopleTotals {
  std::int64_t all = 0;
  std::int64_t admins = 0;
  std::int64_t editors = 0;
  std::int64_t viewers = 0;
};

struct Totals {
  std::int64_t orgs = 0;
  std::int64_t dashboards = 0;
  std::int64_t datasources = 0;
  std::int64_t playlists = 0;
  std::int64_t snapshots = 0;
  std::int64_t stars = 0;
  std::int64_t tags = 0;  // different ones
  std::int64_t sessions = 0;
  std::int64_t sessions_of_day = 0;  // used within the last 24 hours
  PeopleTotals people;
  PeopleTotals people_of_month;  // seen within the last 30 days
  PeopleTotals people_of_day;
};

}  // namespace narthex::dashstore
