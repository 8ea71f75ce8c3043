#include "dashstore/teams.h"

#include <algorithm>

#include "base/number.h"
#include "crypto.h"
#include "database.h"
#include "like.h"
#include "list_holders.h"
#include "user_rows.h"

namespace narthex::dashstore {
namespace {

constexpr std::size_t kNameSizeMax = 190;

const std::string kSelect =
    "SELECT id, org_id, uid, name, email, created, updated,"
    " (SELECT count(*) FROM team_member WHERE team_id = team.id) FROM team ";

Team ReadTeam(const Rows& row) {
  Team team;
  team.id = row.Int(0);
  team.org_id = row.Int(1);
  team.uid = row.Text(2);
  team.name = row.Text(3);
  team.email = row.Text(4);
  team.created = row.Int(5);
  team.updated = row.Int(6);
  team.member_count = row.Int(7);
  return team;
}

std::int64_t ReadInt(const Rows& row) { return row.Int(0); }

// As numbers of Grafana's API: 0 member, 4 administrator.
std::int64_t Number(TeamPart part) { return part == TeamPart::kAdmin ? 4 : 0; }

Status CheckName(const Team& team) {
  if (team.name.empty()) return Error(ErrorCode::kInvalidArgument, "a team must have a name");
  if (team.name.size() > kNameSizeMax) {
    return Error(ErrorCode::kInvalidArgument, "the team's name is too long");
  }
  return Ok();
}

Status NameTaken() { return Error(ErrorCode::kAlreadyExists, "Team name taken"); }

Status FoundOne(Connection& connection, std::string_view what) {
  if (connection.change_count() > 0) return Ok();
  return Error(ErrorCode::kNotFound, std::string(what));
}

Status Insert(Connection& connection, const Team& team, std::int64_t user_id, TeamPart part) {
  NARTHEX_ASSIGN_OR_RETURN(
      const auto is_member,
      connection.One<std::int64_t>("SELECT 1 FROM org_user WHERE org_id = ?1 AND user_id = ?2",
                                   {team.org_id, user_id}, ReadInt));
  if (!is_member) return Error(ErrorCode::kNotFound, "user not found in organization");
  Status added =
      connection.Run("INSERT INTO team_member (team_id, user_id, permission) VALUES (?1, ?2, ?3)",
                     {team.id, user_id, Number(part)});
  if (added.code() == ErrorCode::kAlreadyExists) {
    return Error(ErrorCode::kAlreadyExists, "User is already added to this team");
  }
  return added;
}

}  // namespace

Result<std::vector<Team>> Teams::Search(const TeamSearch& search) const {
  const std::string like = LikePattern(search.text);
  NARTHEX_ASSIGN_OR_RETURN(std::vector<Team> teams, database_.Read([&](Connection& connection) {
    return connection.All<Team>(
        kSelect +
            "WHERE org_id = ?1 AND name LIKE ?2 ESCAPE '\\' AND (?3 = '' OR name = ?3)"
            " AND (?4 = 0 OR id IN (SELECT team_id FROM team_member WHERE user_id = ?4))"
            " ORDER BY name",
        {search.org_id, like, search.name, search.user_id}, ReadTeam);
  }));
  if (!search.ids.empty()) {
    std::erase_if(teams, [&](const Team& team) {
      return std::find(search.ids.begin(), search.ids.end(), team.id) == search.ids.end();
    });
  }
  return teams;
}

Result<std::optional<Team>> Teams::Find(std::int64_t org_id, std::string_view id_or_uid) const {
  return database_.Read([&](Connection& connection) {
    return connection.One<Team>(kSelect + "WHERE org_id = ?1 AND (id = ?2 OR uid = ?3)",
                                {org_id, ParseInt64(id_or_uid).value_or(0), id_or_uid}, ReadTeam);
  });
}

Result<Team> Teams::Create(const Team& team) {
  NARTHEX_TRY(CheckName(team));
  return database_.Write([&](Connection& connection) -> Result<Team> {
    Team made = team;
    made.uid = RandomUid();
    made.created = made.updated = clock_.Now();
    Status inserted = connection.Run(
        "INSERT INTO team (org_id, uid, name, email, created, updated) VALUES (?1, ?2, ?3, ?4, ?5,"
        " ?5)",
        {made.org_id, made.uid, made.name, made.email, made.created});
    if (inserted.code() == ErrorCode::kAlreadyExists) return NameTaken().error();
    NARTHEX_TRY(std::move(inserted));
    made.id = connection.last_insert_id();
    return made;
  });
}

Status Teams::Update(const Team& team) {
  NARTHEX_TRY(CheckName(team));
  return database_.Write([&](Connection& connection) -> Status {
    Status updated = connection.Run(
        "UPDATE team SET name = ?3, email = ?4, updated = ?5 WHERE org_id = ?1 AND id = ?2",
        {team.org_id, team.id, team.name, team.email, clock_.Now()});
    if (updated.code() == ErrorCode::kAlreadyExists) return NameTaken();
    NARTHEX_TRY(std::move(updated));
    return FoundOne(connection, "Team not found");
  });
}

Status Teams::Remove(std::int64_t org_id, std::int64_t id) {
  return database_.Write([&](Connection& connection) -> Status {
    NARTHEX_TRY(connection.Run("DELETE FROM team WHERE org_id = ?1 AND id = ?2", {org_id, id}));
    NARTHEX_TRY(FoundOne(connection, "Team not found"));
    return ForgetTeam(connection, id);
  });
}

Result<std::vector<TeamMember>> Teams::Members(std::int64_t team_id) const {
  return database_.Read([&](Connection& connection) {
    return connection.All<TeamMember>(
        "SELECT " + std::string(kUserColumns) +
            ", permission FROM team_member JOIN user ON user.id = user_id"
            " WHERE team_id = ?1 ORDER BY login",
        {team_id}, [](const Rows& row) {
          return TeamMember{ReadUser(row), row.Int(kUserColumnCount) == Number(TeamPart::kAdmin)
                                               ? TeamPart::kAdmin
                                               : TeamPart::kMember};
        });
  });
}

Status Teams::AddMember(const Team& team, std::int64_t user_id, TeamPart part) {
  return database_.Write(
      [&](Connection& connection) { return Insert(connection, team, user_id, part); });
}

Status Teams::SetPart(std::int64_t team_id, std::int64_t user_id, TeamPart part) {
  return database_.Write([&](Connection& connection) -> Status {
    NARTHEX_TRY(
        connection.Run("UPDATE team_member SET permission = ?3 WHERE team_id = ?1 AND user_id = ?2",
                       {team_id, user_id, Number(part)}));
    return FoundOne(connection, "Team member not found");
  });
}

Status Teams::RemoveMember(std::int64_t team_id, std::int64_t user_id) {
  return database_.Write([&](Connection& connection) -> Status {
    NARTHEX_TRY(connection.Run("DELETE FROM team_member WHERE team_id = ?1 AND user_id = ?2",
                               {team_id, user_id}));
    return FoundOne(connection, "Team member not found");
  });
}

Status Teams::ReplaceMembers(const Team& team, std::span<const Part> parts) {
  return database_.Write([&](Connection& connection) -> Status {
    NARTHEX_TRY(connection.Run("DELETE FROM team_member WHERE team_id = ?1", {team.id}));
    for (const Part& part : parts) {
      NARTHEX_TRY(Insert(connection, team, part.user_id, part.part));
    }
    return Ok();
  });
}

Result<std::vector<std::int64_t>> Teams::IdsOf(std::int64_t org_id, std::int64_t user_id) const {
  return database_.Read([&](Connection& connection) {
    return connection.All<std::int64_t>(
        "SELECT id FROM team JOIN team_member ON team_id = id WHERE org_id = ?1 AND user_id = ?2",
        {org_id, user_id}, ReadInt);
  });
}

}  // namespace narthex::dashstore
