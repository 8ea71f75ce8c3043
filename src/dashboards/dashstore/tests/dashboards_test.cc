#include <thread>

#include "store_fixture.h"

namespace narthex::dashstore {
namespace {

class DashboardsTest : public StoreTest {
 protected:
  void SetUp() override {
    StoreTest::SetUp();
    MakeAdmin();
  }

  Result<DashboardRecord> Save(std::string_view text, std::string folder_uid = "",
                               bool overwrites = false) {
    SaveDashboard request;
    request.document = Parsed(text);
    request.folder_uid = std::move(folder_uid);
    request.author = "admin";
    request.overwrites = overwrites;
    return store_->dashboards().Save(std::move(request));
  }

  Result<DashboardRecord> SaveFile(std::string_view text, std::string path,
                                   bool allows_ui_updates = false) {
    SaveDashboard request;
    request.document = Parsed(text);
    request.provisioned = ProvisionedFrom{"provider", std::move(path), "sum", allows_ui_updates};
    return store_->dashboards().Save(std::move(request));
  }

  std::string Titles(const DashboardSearch& search) {
    auto list = store_->dashboards().Search(search);
    EXPECT_TRUE(list.ok());
    std::string titles;
    for (const DashboardRecord& record : *list) titles += record.title + " ";
    return titles;
  }
};

TEST_F(DashboardsTest, DocumentsComeBackAsWritten) {
  auto saved = Save(
      R"({"z":1.0,"id":null,"uid":"u1","title":"CPU","big":123456789012345678901,"tags":["a"]})");
  ASSERT_TRUE(saved.ok()) << saved.error().message();
  EXPECT_EQ(saved->id, 1);
  EXPECT_EQ(saved->version, 1);
  EXPECT_EQ(saved->slug, "cpu");
  EXPECT_EQ(
      *store_->dashboards().Body(saved->id, 1),
      R"({"z":1.0,"id":1,"uid":"u1","title":"CPU","big":123456789012345678901,"tags":["a"],"version":1})");
  Reopen();
  auto found = store_->dashboards().Find(1, "u1");
  ASSERT_TRUE(found.ok() && *found);
  EXPECT_EQ((*found)->title, "CPU");
  EXPECT_EQ((*found)->tags, (std::vector<std::string>{"a"}));
  EXPECT_EQ((*found)->created_by, "admin");
}

TEST_F(DashboardsTest, AUidIsMadeWhereThereIsNone) {
  auto saved = Save(R"({"title":"x"})");
  ASSERT_TRUE(saved.ok());
  EXPECT_EQ(saved->uid.size(), 14u);
}

TEST_F(DashboardsTest, SaveNamesItsConflicts) {
  ASSERT_TRUE(Save(R"({"uid":"a","title":"A"})").ok());
  ASSERT_TRUE(Save(R"({"uid":"b","title":"B"})").ok());
  ASSERT_TRUE(SaveFile(R"({"uid":"p","title":"P"})", "p.json").ok());
  const struct {
    std::string name;
    std::string text;
    std::string folder_uid;
    ErrorCode code;
    std::string message;
  } cases[] = {
      {"old version", R"({"uid":"a","title":"A","version":9})", "", ErrorCode::kFailedPrecondition,
       "The dashboard has been changed by someone else"},
      {"no version", R"({"uid":"a","title":"A"})", "", ErrorCode::kFailedPrecondition,
       "The dashboard has been changed by someone else"},
      {"unknown id", R"({"id":77,"title":"A"})", "", ErrorCode::kNotFound, "Dashboard not found"},
      {"uid of another", R"({"id":1,"uid":"b","title":"A","version":1})", "",
       ErrorCode::kAlreadyExists, "A dashboard with the same uid already exists"},
      {"no such folder", R"({"title":"A"})", "nope", ErrorCode::kInvalidArgument,
       "folder not found"},
      {"no title", R"({"uid":"c"})", "", ErrorCode::kInvalidArgument,
       "Dashboard title cannot be empty"},
      {"provisioned", R"({"uid":"p","title":"P","version":1})", "", ErrorCode::kPermissionDenied,
       "Cannot save provisioned dashboard"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    auto saved = Save(c.text, c.folder_uid);
    ASSERT_FALSE(saved.ok());
    EXPECT_EQ(saved.error().code(), c.code);
    EXPECT_EQ(saved.error().message(), c.message);
  }
  EXPECT_EQ(*store_->dashboards().Count(), 3);
}

TEST_F(DashboardsTest, VersionsAreKeptUpToALimit) {
  ASSERT_TRUE(Save(R"({"uid":"a","title":"A1"})").ok());
  for (int version = 1; version < 5; ++version) {
    auto saved =
        Save(fmt::format(R"({{"uid":"a","title":"A{}","version":{}}})", version + 1, version));
    ASSERT_TRUE(saved.ok()) << saved.error().message();
    EXPECT_EQ(saved->version, version + 1);
  }
  auto versions = store_->dashboards().Versions(1, 100);
  ASSERT_TRUE(versions.ok());
  ASSERT_EQ(versions->size(), 3u);
  EXPECT_EQ(versions->front().version, 5);
  EXPECT_EQ(versions->back().version, 3);
  EXPECT_EQ(store_->dashboards().Body(1, 2).code(), ErrorCode::kNotFound);
}

TEST_F(DashboardsTest, OverwriteIgnoresTheVersion) {
  ASSERT_TRUE(Save(R"({"uid":"a","title":"A"})").ok());
  auto saved = Save(R"({"uid":"a","title":"New"})", "", true);
  ASSERT_TRUE(saved.ok());
  EXPECT_EQ(saved->version, 2);
}

TEST_F(DashboardsTest, AFileReplacesWhateverHasItsUid) {
  ASSERT_TRUE(Save(R"({"uid":"a","title":"Mine"})").ok());
  auto saved = SaveFile(R"({"uid":"a","id":55,"title":"File"})", "a.json");
  ASSERT_TRUE(saved.ok()) << saved.error().message();
  EXPECT_EQ(saved->id, 1);
  ASSERT_TRUE(saved->provisioned.has_value());
  EXPECT_EQ(saved->provisioned->path, "a.json");
  EXPECT_EQ(store_->dashboards().Remove(1, "a").code(), ErrorCode::kPermissionDenied);
  ASSERT_EQ(store_->dashboards().Provisioned()->size(), 1u);
  ASSERT_TRUE(store_->dashboards().Unprovision(1).ok());
  EXPECT_TRUE(store_->dashboards().Remove(1, "a").ok());
}

TEST_F(DashboardsTest, ProvisionedOnesMayAllowUpdates) {
  ASSERT_TRUE(SaveFile(R"({"uid":"a","title":"File"})", "a.json", true).ok());
  EXPECT_TRUE(Save(R"({"uid":"a","title":"Mine","version":1})").ok());
  EXPECT_TRUE((*store_->dashboards().Find(1, "a").value()).provisioned.has_value());
}

TEST_F(DashboardsTest, SearchFilters) {
  Folder ops;
  ops.uid = "ops";
  ops.title = "Ops";
  ASSERT_TRUE(store_->folders().Create(ops).ok());
  ASSERT_TRUE(Save(R"({"uid":"a","title":"Alpha CPU","tags":["x","y"]})").ok());
  ASSERT_TRUE(Save(R"({"uid":"b","title":"beta 100%","tags":["x"]})", "ops").ok());
  ASSERT_TRUE(Save(R"({"uid":"c","title":"Gamma"})", "ops").ok());
  ASSERT_TRUE(store_->dashboards().SetStar(1, 3, true).ok());

  EXPECT_EQ(Titles({}), "Alpha CPU beta 100% Gamma ");
  EXPECT_EQ(Titles({.text = "A", .is_descending = true}), "Gamma beta 100% Alpha CPU ");
  EXPECT_EQ(Titles({.text = "cpu"}), "Alpha CPU ");
  EXPECT_EQ(Titles({.text = "0%"}), "beta 100% ");
  EXPECT_EQ(Titles({.text = "_"}), "");
  EXPECT_EQ(Titles({.tags = {"x"}}), "Alpha CPU beta 100% ");
  EXPECT_EQ(Titles({.tags = {"x", "y"}}), "Alpha CPU ");
  EXPECT_EQ(Titles({.uids = {"a", "c"}}), "Alpha CPU Gamma ");
  EXPECT_EQ(Titles({.folder_uids = std::vector<std::string>{"ops"}}), "beta 100% Gamma ");
  EXPECT_EQ(Titles({.folder_uids = std::vector<std::string>{""}}), "Alpha CPU ");
  EXPECT_EQ(Titles({.user_id = 1, .is_starred_only = true}), "Gamma ");
  EXPECT_EQ(Titles({.user_id = 2, .is_starred_only = true}), "");
  EXPECT_EQ(Titles({.limit = 1, .offset = 1}), "beta 100% ");
  EXPECT_EQ(Titles({.org_id = 2}), "");

  DashboardSearch absurd;
  absurd.uids.assign(1001, "x");
  EXPECT_EQ(store_->dashboards().Search(absurd).code(), ErrorCode::kInvalidArgument);

  auto tags = store_->dashboards().Tags(1);
  ASSERT_TRUE(tags.ok());
  ASSERT_EQ(tags->size(), 2u);
  EXPECT_EQ((*tags)[0].tag, "x");
  EXPECT_EQ((*tags)[0].count, 2);
}

TEST_F(DashboardsTest, FoldersNestAndGoWithTheirContent) {
  Folder ops;
  ops.uid = "ops";
  ops.title = "Ops";
  ops.created_by = "admin";
  auto made = store_->folders().Create(ops);
  ASSERT_TRUE(made.ok());
  EXPECT_EQ(store_->folders().Create(ops).code(), ErrorCode::kAlreadyExists);
  Folder inner;
  inner.uid = "inner";
  inner.title = "Inner";
  inner.parent_uid = "ops";
  ASSERT_TRUE(store_->folders().Create(inner).ok());
  made->parent_uid = "inner";
  EXPECT_EQ(store_->folders().Update(*made).code(), ErrorCode::kInvalidArgument);
  made->parent_uid = "";
  made->title = "Operations";
  auto updated = store_->folders().Update(*made);
  ASSERT_TRUE(updated.ok());
  EXPECT_EQ(updated->version, 2);
  EXPECT_EQ(store_->folders().Update(*made).code(), ErrorCode::kFailedPrecondition);

  ASSERT_TRUE(Save(R"({"uid":"a","title":"A"})", "inner").ok());
  EXPECT_EQ(store_->folders().List(1, std::nullopt)->size(), 2u);
  EXPECT_EQ(store_->folders().List(1, "")->size(), 1u);
  EXPECT_TRUE(Has(store_->folders().FindByTitle(1, "operations", "")));
  ASSERT_TRUE(store_->folders().Remove(1, "ops").ok());
  EXPECT_EQ(store_->folders().List(1, std::nullopt)->size(), 0u);
  EXPECT_EQ(*store_->dashboards().Count(), 0);
  EXPECT_EQ(store_->folders().Remove(1, "ops").code(), ErrorCode::kNotFound);
}

TEST_F(DashboardsTest, ManyThreadsSaveAndSearchAtOnce) {
  std::vector<std::jthread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([this, t] {
      for (int i = 0; i < 10; ++i) {
        EXPECT_TRUE(Save(fmt::format(R"({{"title":"T{}-{}"}})", t, i)).ok());
        EXPECT_TRUE(store_->dashboards().Search({.text = "T"}).ok());
      }
    });
  }
  threads.clear();
  EXPECT_EQ(*store_->dashboards().Count(), 40);
}

}  // namespace
}  // namespace narthex::dashstore
