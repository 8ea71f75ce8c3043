#include "dashstore/totals.h"

#include "dashstore/store.h"
#include "database.h"

namespace narthex::dashstore {
namespace {

constexpr std::int64_t kDayMs = 86'400'000;

PeopleTotals ReadPeople(const Rows& row) {
  return {row.Int(0), row.Int(1), row.Int(2), row.Int(3)};
}

// Those seen since ?1.
Result<PeopleTotals> CountPeople(Connection& connection, TimestampMs since) {
  NARTHEX_ASSIGN_OR_RETURN(
      const auto people,
      connection.One<PeopleTotals>(
          "WITH person (level) AS (SELECT max(CASE role WHEN 'Admin' THEN 3 WHEN 'Editor' THEN 2"
          " WHEN 'Viewer' THEN 1 ELSE 0 END) FROM user LEFT JOIN org_user ON user_id = user.id"
          " WHERE is_service_account = 0 AND seen >= ?1 GROUP BY user.id)"
          "SELECT count(*), coalesce(sum(level = 3), 0), coalesce(sum(level = 2), 0),"
          " coalesce(sum(level = 1), 0) FROM person",
          {since}, ReadPeople));
  return people.value_or(PeopleTotals());
}

}  // namespace

Result<Totals> Store::CountTotals(TimestampMs now) const {
  return database_->Read([&](Connection& connection) -> Result<Totals> {
    NARTHEX_ASSIGN_OR_RETURN(
        auto counted,
        connection.One<Totals>(
            "SELECT (SELECT count(*) FROM org), (SELECT count(*) FROM dashboard),"
            " (SELECT count(*) FROM datasource),"
            " (SELECT count(*) FROM record WHERE kind = 'playlist'),"
            " (SELECT count(*) FROM record WHERE kind = 'snapshot'"
            " AND (expires = 0 OR expires > ?1)),"
            " (SELECT count(*) FROM star), (SELECT count(DISTINCT tag) FROM dashboard_tag),"
            " (SELECT count(*) FROM session), (SELECT count(*) FROM session WHERE seen >= ?2)",
            {now, now - kDayMs}, [](const Rows& row) {
              return Totals{.orgs = row.Int(0),
                            .dashboards = row.Int(1),
                            .datasources = row.Int(2),
                            .playlists = row.Int(3),
                            .snapshots = row.Int(4),
                            .stars = row.Int(5),
                            .tags = row.Int(6),
                            .sessions = row.Int(7),
                            .sessions_of_day = row.Int(8)};
            }));
    Totals totals = counted.value_or(Totals());
    NARTHEX_ASSIGN_OR_RETURN(totals.people, CountPeople(connection, 0));
    NARTHEX_ASSIGN_OR_RETURN(totals.people_of_month, CountPeople(connection, now - 30 * kDayMs));
    NARTHEX_ASSIGN_OR_RETURN(totals.people_of_day, CountPeople(connection, now - kDayMs));
    return totals;
  });
}

}  // namespace narthex::dashstore
