// Kills a process that saves dashboards, again and again, and looks for every save it acknowledged.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sqlite3.h>
#include <unistd.h>

#include <cstdlib>
#include <map>
#include <random>

#include "base/log.h"
#include "base/number.h"
#include "child.h"
#include "dashstore/store.h"
#include "json/reader.h"
#include "temporary_directory.h"

namespace narthex::dashstore {
namespace {

// So few that they are changed as often as made.
constexpr std::int64_t kDashboardCount = 20;

struct Acknowledged {
  std::int64_t number = 0;  // of the save
  std::int64_t version = 0;
};

std::string UidOf(std::int64_t number) { return fmt::format("d{}", number % kDashboardCount); }

Result<std::unique_ptr<Store>> OpenStore(const std::string& folder) {
  NARTHEX_ASSIGN_OR_RETURN(
      auto store,
      Store::Open({.folder = folder, .sessions = {}, .dashboard_versions_kept = 5}, SystemClock()));
  NARTHEX_TRY(store->users().CreateFirst(
      {.login = "admin", .email = "", .name = "", .password = "1234", .role = Role::kAdmin}));
  return store;
}

Result<Acknowledged> SaveOne(Store& store, std::int64_t number) {
  // Of different sizes, so that pages are split and joined.
  const std::string text = fmt::format(
      R"({{"uid":"{}","title":"T","tags":["a","b{}"],"number":{},"filler":"{}"}})", UidOf(number),
      number % 7, number, std::string(static_cast<std::size_t>(number * 7919 % 20'000), 'x'));
  SaveDashboard request;
  NARTHEX_ASSIGN_OR_RETURN(request.document, json::Parse(text));
  request.overwrites = true;
  NARTHEX_ASSIGN_OR_RETURN(const DashboardRecord saved,
                           store.dashboards().Save(std::move(request)));
  return Acknowledged{number, saved.version};
}

// Saves from `number` on and writes down what was acknowledged, until somebody kills it.
Status SaveForever(const std::string& folder, std::int64_t number, int out) {
  NARTHEX_ASSIGN_OR_RETURN(const auto store, OpenStore(folder));
  for (;; ++number) {
    NARTHEX_ASSIGN_OR_RETURN(const Acknowledged done, SaveOne(*store, number));
    if (write(out, &done, sizeof(done)) != sizeof(done)) return Ok();
  }
}

std::string IntegrityOf(const std::string& path) {
  sqlite3* database = nullptr;
  std::string verdict;
  if (sqlite3_open(path.c_str(), &database) == SQLITE_OK) {
    sqlite3_exec(
        database, "PRAGMA integrity_check",
        [](void* out, int, char** values, char**) {
          static_cast<std::string*>(out)->append(values[0]);
          return 0;
        },
        &verdict, nullptr);
  }
  sqlite3_close(database);
  return verdict;
}

void ExpectAllThere(Store& store, const std::map<std::string, Acknowledged>& newest) {
  for (const auto& [uid, done] : newest) {
    SCOPED_TRACE(uid);
    const auto record = store.dashboards().Find(1, uid);
    ASSERT_TRUE(record.ok() && *record);
    // One more than acknowledged may be there: the answer was on its way.
    ASSERT_GE((*record)->version, done.version);
    ASSERT_LE((*record)->version, done.version + 1);
    const auto body = store.dashboards().Body((*record)->id, done.version);
    ASSERT_TRUE(body.ok());
    const auto document = json::Parse(*body);
    ASSERT_TRUE(document.ok());
    EXPECT_EQ((*document)["number"].AsInt64(), done.number);
    EXPECT_EQ((*document)["version"].AsInt64(), done.version);
    EXPECT_TRUE(store.dashboards().Body((*record)->id, (*record)->version).ok());
    EXPECT_EQ((*record)->tags.size(), 2u);
  }
}

TEST(DashboardsCrash, EverySaveAcknowledgedSurvivesAKillAtAnyMoment) {
  // NARTHEX_CRASH_KILLS and NARTHEX_CRASH_SEED make a longer, or the same, run.
  const char* kills_text = std::getenv("NARTHEX_CRASH_KILLS");
  const char* seed_text = std::getenv("NARTHEX_CRASH_SEED");
  const std::int64_t kill_count = ParseInt64(kills_text != nullptr ? kills_text : "").value_or(40);
  const std::int64_t seed = ParseInt64(seed_text != nullptr ? seed_text : "")
                                .value_or(static_cast<std::int64_t>(std::random_device()()));
  SCOPED_TRACE("seed " + std::to_string(seed));
  ConfigureLog({.level = LogLevel::kError});
  std::mt19937_64 random(static_cast<std::uint64_t>(seed));
  const io::TemporaryDirectory directory;
  std::map<std::string, Acknowledged> newest;
  std::int64_t next_number = 0;
  for (std::int64_t round = 0; round < kill_count; ++round) {
    SCOPED_TRACE("round " + std::to_string(round));
    {
      crash::Child<Acknowledged> saver(
          [&](int out) { return SaveForever(directory.path(), next_number, out).ok() ? 0 : 1; });
      const std::uint64_t wanted = random() % 60;
      const auto note = [&](const Acknowledged& done) {
        newest[UidOf(done.number)] = done;
        next_number = done.number + 1;
      };
      for (std::uint64_t i = 0; i < wanted; ++i) {
        const auto done = saver.Next();
        ASSERT_TRUE(done) << "the process ended by itself";
        note(*done);
      }
      ASSERT_TRUE(saver.Kill());
      while (const auto done = saver.Next()) note(*done);
    }
    const auto store = OpenStore(directory.path());
    ASSERT_TRUE(store.ok()) << store.error().message();
    ExpectAllThere(**store, newest);
    if (HasFatalFailure()) return;
    ASSERT_EQ(IntegrityOf(directory.path() + "/dashboards.db"), "ok");
  }
  EXPECT_FALSE(newest.empty());
}

}  // namespace
}  // namespace narthex::dashstore
