#include <sqlite3.h>

#include "store_fixture.h"

namespace narthex::dashstore {
namespace {

class DocumentsTest : public StoreTest {
 protected:
  DashboardRecord Save(std::string_view document) {
    SaveDashboard request;
    request.document = Parsed(document);
    request.overwrites = true;
    auto saved = store_->dashboards().Save(std::move(request));
    EXPECT_TRUE(saved.ok());
    return saved.ok() ? *saved : DashboardRecord();
  }
};

TEST_F(DocumentsTest, AccessListsGoWithTheirDashboard) {
  MakeAdmin();
  Save(R"({"uid":"d","title":"D"})");
  AccessLists& lists = store_->access_lists();
  EXPECT_TRUE(lists.All(1)->empty());
  const std::vector<AccessEntry> entries = {{.role = Role::kViewer, .right = Right::kEdit},
                                            {.team_id = 3, .right = Right::kAdmin},
                                            {.user_id = 7, .right = Right::kView}};
  ASSERT_TRUE(lists.Set(1, {AccessKind::kDashboard, "d", entries}).ok());
  const auto found = lists.Find(1, AccessKind::kDashboard, "d");
  ASSERT_TRUE(Has(found));
  ASSERT_EQ((*found)->size(), 3u);
  EXPECT_EQ((**found)[0].role, Role::kViewer);
  EXPECT_EQ((**found)[0].right, Right::kEdit);
  EXPECT_EQ((**found)[1].team_id, 3);
  EXPECT_EQ((**found)[2].user_id, 7);
  EXPECT_FALSE(Has(lists.Find(1, AccessKind::kFolder, "d")));
  // An empty list is a list: nobody but administrators.
  ASSERT_TRUE(lists.Set(1, {AccessKind::kDashboard, "d", {}}).ok());
  EXPECT_TRUE(Has(lists.Find(1, AccessKind::kDashboard, "d")));
  ASSERT_TRUE(store_->dashboards().Remove(1, "d").ok());
  EXPECT_TRUE(lists.All(1)->empty());
}

TEST_F(DocumentsTest, WhatRefersToADashboardFollowsItsUid) {
  MakeAdmin();
  const DashboardRecord saved = Save(R"({"uid":"old","title":"D"})");
  ASSERT_TRUE(store_->access_lists().Set(1, {AccessKind::kDashboard, "old", {}}).ok());
  ASSERT_TRUE(store_->annotations().Add({.dashboard_uid = "old", .text = "x"}).ok());
  Save(fmt::format(R"({{"id":{},"uid":"new","title":"D"}})", saved.id));
  EXPECT_TRUE(Has(store_->access_lists().Find(1, AccessKind::kDashboard, "new")));
  EXPECT_EQ(store_->annotations().Search({.dashboard_uid = "new"})->size(), 1u);
  EXPECT_TRUE(store_->annotations().Search({.dashboard_uid = "old"})->empty());
}

TEST_F(DocumentsTest, AnnotationsAreFoundByTimeAndTags) {
  MakeAdmin();
  Annotations& notes = store_->annotations();
  const auto a = notes.Add({.panel_id = 2, .text = "a", .tags = {"x", "y"}, .begins = 100});
  const auto b =
      notes.Add({.dashboard_uid = "d", .text = "b", .tags = {"x"}, .begins = 200, .ends = 300});
  ASSERT_TRUE(a.ok() && b.ok());
  const struct {
    std::string name;
    AnnotationSearch search;
    std::vector<std::int64_t> want;
  } cases[] = {
      {"all, newest first", {}, {*b, *a}},
      {"ends before", {.from = 101, .until = 199}, {}},
      {"touches its end", {.from = 300, .until = 400}, {*b}},
      {"dashboard", {.dashboard_uid = "d"}, {*b}},
      {"panel", {.panel_id = 2}, {*a}},
      {"all tags", {.tags = {"x", "y"}}, {*a}},
      {"any tag", {.tags = {"y", "x"}, .takes_any_tag = true}, {*b, *a}},
      {"another organisation", {.org_id = 2}, {}},
      {"limit", {.limit = 1}, {*b}},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    const auto found = notes.Search(c.search);
    ASSERT_TRUE(found.ok());
    std::vector<std::int64_t> ids;
    for (const Annotation& note : *found) ids.push_back(note.id);
    EXPECT_EQ(ids, c.want);
  }
  EXPECT_EQ(notes.Tags(1, "X", {}, 10)->at(0).count, 2);
  EXPECT_EQ(notes.Add({.text = ""}).code(), ErrorCode::kInvalidArgument);
  EXPECT_EQ(notes.Add({.text = "x", .begins = 2, .ends = 1}).code(), ErrorCode::kInvalidArgument);
  Annotation changed = **notes.Find(1, *a);
  changed.tags = {"z"};
  EXPECT_TRUE(notes.Update(changed).ok());
  EXPECT_TRUE(notes.Search({.tags = {"y"}})->empty());
  EXPECT_TRUE(notes.Remove(1, *a).ok());
  EXPECT_EQ(notes.Remove(1, *a).code(), ErrorCode::kNotFound);
  EXPECT_EQ(notes.Update(changed).code(), ErrorCode::kNotFound);
}

TEST_F(DocumentsTest, RecordsExpireAndCountTheirVersions) {
  MakeAdmin();
  Records& records = store_->records();
  Record wanted;
  wanted.kind = "snapshot";
  wanted.alias = "remove-me";
  wanted.expires = clock_.Now() + 1000;
  wanted.body = Parsed(R"({"a":1.50})");
  const auto made = records.Create(wanted);
  ASSERT_TRUE(made.ok());
  EXPECT_EQ(json::Print((*records.FindAnywhere("snapshot", made->uid))->body), R"({"a":1.50})");
  EXPECT_TRUE(Has(records.FindByAlias("snapshot", "remove-me")));
  EXPECT_FALSE(Has(records.FindAnywhere("playlist", made->uid)));
  EXPECT_FALSE(Has(records.Find(2, "snapshot", made->uid)));
  Record again = wanted;
  again.uid = made->uid;
  EXPECT_EQ(records.Create(again).code(), ErrorCode::kAlreadyExists);
  Record changed = *made;
  changed.name = "n";
  EXPECT_EQ(records.Update(changed)->version, 2);
  EXPECT_EQ(records.Update(changed).code(), ErrorCode::kFailedPrecondition);
  clock_.Advance(std::chrono::seconds(1));
  EXPECT_FALSE(Has(records.FindAnywhere("snapshot", made->uid)));
  EXPECT_TRUE(records.List(1, "snapshot")->empty());
  EXPECT_TRUE(records.RemoveExpired().ok());
  EXPECT_EQ(records.Remove(1, "snapshot", made->uid).code(), ErrorCode::kNotFound);
}

TEST_F(DocumentsTest, DashboardsKnowTheirLibraryPanels) {
  MakeAdmin();
  Save(R"({"uid":"a","title":"A","panels":[{"libraryPanel":{"uid":"p"}},
           {"type":"row","panels":[{"libraryPanel":{"uid":"q"}},{"libraryPanel":{"uid":"q"}}]}]})");
  EXPECT_EQ(store_->dashboards().UsersOfElement(1, "p")->size(), 1u);
  EXPECT_EQ(store_->dashboards().UsersOfElement(1, "q")->size(), 1u);
  Save(R"({"uid":"a","title":"A"})");
  EXPECT_TRUE(store_->dashboards().UsersOfElement(1, "p")->empty());
}

TEST_F(DocumentsTest, ACopyMadeWhileRunningIsAWholeStore) {
  MakeAdmin();
  Save(R"({"uid":"a","title":"A"})");
  const std::filesystem::path copy = folder_ / "backup";
  ASSERT_TRUE(store_->CopyTo(copy.string()).ok());
  EXPECT_EQ(store_->CopyTo(copy.string()).code(), ErrorCode::kAlreadyExists);
  for (const char* name : {"dashboards.db", "secret.key"}) {
    EXPECT_EQ(std::filesystem::status(copy / name).permissions() & std::filesystem::perms::all,
              std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  }
  auto restored = Store::Open({.folder = copy.string()}, clock_);
  ASSERT_TRUE(restored.ok());
  EXPECT_TRUE(Has((*restored)->dashboards().Find(1, "a")));
  EXPECT_TRUE(Has((*restored)->users().CheckPassword("admin", "1234")));
}

TEST_F(DocumentsTest, AnOlderDatabaseIsKeptBesideTheNewOne) {
  MakeAdmin();
  Save(R"({"uid":"a","title":"A"})");
  store_.reset();
  sqlite3* raw = nullptr;
  ASSERT_EQ(sqlite3_open((folder_ / "dashboards.db").c_str(), &raw), SQLITE_OK);
  // Version 1 is this one without what version 2 added.
  ASSERT_EQ(sqlite3_exec(raw,
                         "DROP TRIGGER dashboard_gone; DROP TRIGGER folder_gone;"
                         "DROP TRIGGER dashboard_renamed; DROP TABLE library_use;"
                         "DROP TABLE record; DROP TABLE annotation_tag; DROP TABLE annotation;"
                         "DROP TABLE access_list; DROP TABLE api_token; DROP TABLE user_identity; "
                         "DROP TABLE team_member;"
                         "DROP TABLE team; ALTER TABLE user DROP COLUMN is_service_account;"
                         "ALTER TABLE user DROP COLUMN chosen_org_id;"
                         "ALTER TABLE user DROP COLUMN seen; PRAGMA user_version = 1",
                         nullptr, nullptr, nullptr),
            SQLITE_OK)
      << sqlite3_errmsg(raw);
  sqlite3_close(raw);
  Reopen();
  EXPECT_TRUE(Has(store_->dashboards().Find(1, "a")));
  EXPECT_TRUE(store_->access_lists().Set(1, {AccessKind::kDashboard, "a", {}}).ok());
  const std::filesystem::path kept = folder_ / "dashboards.db.v1";
  ASSERT_TRUE(std::filesystem::exists(kept));
  ASSERT_EQ(sqlite3_open(kept.c_str(), &raw), SQLITE_OK);
  EXPECT_EQ(sqlite3_exec(raw, "SELECT uid FROM dashboard", nullptr, nullptr, nullptr), SQLITE_OK);
  EXPECT_NE(sqlite3_exec(raw, "SELECT uid FROM team", nullptr, nullptr, nullptr), SQLITE_OK);
  sqlite3_close(raw);
}

}  // namespace
}  // namespace narthex::dashstore
