#include <sqlite3.h>

#include <fstream>

#include "store_fixture.h"

namespace narthex::dashstore {
namespace {

TEST_F(StoreTest, KeepsSmallSettings) {
  EXPECT_FALSE(Has(store_->GetValue("preferences", "1")));
  ASSERT_TRUE(store_->SetValue("preferences", "1", "a").ok());
  ASSERT_TRUE(store_->SetValue("preferences", "1", "b").ok());
  Reopen();
  EXPECT_EQ(**store_->GetValue("preferences", "1"), "b");
  EXPECT_TRUE(store_->Check().ok());
}

TEST_F(StoreTest, ADamagedFileIsCalledDamaged) {
  store_.reset();
  std::ofstream(folder_ / "dashboards.db", std::ios::trunc) << std::string(8192, 'x');
  auto store = Store::Open({.folder = folder_.string()}, clock_);
  ASSERT_EQ(store.code(), ErrorCode::kCorruption);
  EXPECT_NE(store.error().message().find("database file is damaged"), std::string::npos);
  EXPECT_NE(store.error().message().find("dashboards.db"), std::string::npos);
}

TEST_F(StoreTest, DamageUnderWayIsAnErrorAndNotAnEmptyAnswer) {
  MakeAdmin();
  store_.reset();
  {
    std::fstream file(folder_ / "dashboards.db", std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(4096);
    file << std::string(100'000, '\xAB');
  }
  auto store = Store::Open({.folder = folder_.string()}, clock_);
  if (!store.ok()) {
    EXPECT_EQ(store.code(), ErrorCode::kCorruption);
    return;
  }
  EXPECT_EQ((*store)->users().FindByLogin("admin").code(), ErrorCode::kCorruption);
  EXPECT_EQ((*store)->sessions().Find("token").code(), ErrorCode::kCorruption);
}

TEST_F(StoreTest, ANewerDatabaseIsLeftAlone) {
  store_.reset();
  sqlite3* raw = nullptr;
  ASSERT_EQ(sqlite3_open((folder_ / "dashboards.db").c_str(), &raw), SQLITE_OK);
  ASSERT_EQ(sqlite3_exec(raw, "PRAGMA user_version = 1000", nullptr, nullptr, nullptr), SQLITE_OK);
  sqlite3_close(raw);
  auto store = Store::Open({.folder = folder_.string()}, clock_);
  ASSERT_EQ(store.code(), ErrorCode::kFailedPrecondition);
  EXPECT_NE(store.error().message().find("newer version"), std::string::npos);
}

TEST_F(StoreTest, AWriteThatFailsChangesNothing) {
  MakeAdmin();
  store_.reset();
  sqlite3* raw = nullptr;
  ASSERT_EQ(sqlite3_open((folder_ / "dashboards.db").c_str(), &raw), SQLITE_OK);
  ASSERT_EQ(sqlite3_exec(raw,
                         "CREATE TRIGGER refuse BEFORE INSERT ON dashboard_version"
                         " BEGIN SELECT RAISE(ABORT, 'refused'); END",
                         nullptr, nullptr, nullptr),
            SQLITE_OK);
  sqlite3_close(raw);
  Reopen();
  SaveDashboard request;
  request.document = Parsed(R"({"title":"x"})");
  EXPECT_FALSE(store_->dashboards().Save(request).ok());
  EXPECT_EQ(*store_->dashboards().Count(), 0);
  EXPECT_TRUE(Has(store_->users().FindByLogin("admin")));
}

TEST_F(StoreTest, ALockHeldByAnotherProcessIsCalledALock) {
  MakeAdmin();
  store_.reset();
  sqlite3* raw = nullptr;
  ASSERT_EQ(sqlite3_open((folder_ / "dashboards.db").c_str(), &raw), SQLITE_OK);
  ASSERT_EQ(sqlite3_exec(raw, "PRAGMA locking_mode=EXCLUSIVE; BEGIN EXCLUSIVE", nullptr, nullptr,
                         nullptr),
            SQLITE_OK);
  auto store = Store::Open({.folder = folder_.string()}, clock_);
  EXPECT_EQ(store.code(), ErrorCode::kUnavailable);
  sqlite3_close(raw);
}

TEST_F(StoreTest, AMalformedKeyFileIsRefused) {
  store_.reset();
  std::ofstream(folder_ / "secret.key", std::ios::trunc) << "not a key\n";
  auto store = Store::Open({.folder = folder_.string()}, clock_);
  ASSERT_EQ(store.code(), ErrorCode::kCorruption);
  EXPECT_NE(store.error().message().find("secret.key"), std::string::npos);
}

TEST_F(StoreTest, AFolderThatCannotBeMadeIsNamed) {
  std::ofstream(folder_ / "file") << "x";
  auto store = Store::Open({.folder = (folder_ / "file" / "below").string()}, clock_);
  ASSERT_FALSE(store.ok());
  EXPECT_NE(store.error().message().find("below"), std::string::npos);
}

}  // namespace
}  // namespace narthex::dashstore
