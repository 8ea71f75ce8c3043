#include <chrono>
#include <cstdlib>
#include <map>
#include <set>
#include <sstream>
#include <thread>

#include "corpus.h"
#include "service_fixture.h"

namespace narthex::dashapi {
namespace {

namespace fs = std::filesystem;

class ProvisioningTest : public ServiceTest {
 protected:
  http::ClientResponse Reload(std::string_view kind = "dashboards") {
    return Post(fmt::format("/api/admin/provisioning/{}/reload", kind), "{}");
  }
  // Uids of all dashboards, sorted by title.
  std::string Uids() {
    std::string uids;
    const json::Value hits = Parsed(Get("/api/search?type=dash-db&limit=5000").body);
    for (const json::Value& hit : hits.items()) {
      uids += std::string(hit["uid"].AsString()) + " ";
    }
    return uids;
  }
  // The errors that the status page shows, by file name.
  std::map<std::string, std::string> Errors() {
    std::map<std::string, std::string> errors;
    const json::Value status = Parsed(Get("/api/admin/provisioning/status").body);
    for (const json::Value& file : status["files"].items()) {
      if (file["state"].AsString() == "refused") {
        errors[fs::path(file["path"].AsString()).filename().string()] = file["error"].AsString();
      }
    }
    return errors;
  }
  std::string Folder() { return (folder_ / "provisioning" / "dashboards").string(); }

  // Asks until `done` or a generous deadline: what happens in another thread has no other sign.
  template <typename Done>
  bool Eventually(Done done) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (!done()) {
      if (std::chrono::steady_clock::now() > deadline) return false;
      std::this_thread::yield();
    }
    return true;
  }
};

TEST_F(ProvisioningTest, FilesAreThereFromTheStart) {
  WriteDatasource();
  WriteProvider();
  WriteFile("dashboards/a.json", R"({"id":77,"uid":"a","title":"A","version":9,"panels":[]})");
  WriteFile("dashboards/below/b.json", R"({"title":"B without uid"})");
  WriteFile("dashboards/.hidden/c.json", R"({"uid":"c","title":"C"})");
  WriteFile("dashboards/readme.txt", "no dashboard");
  Start();
  const json::Value hits = Parsed(Get("/api/search?type=dash-db").body);
  ASSERT_EQ(hits.size(), 2u);
  const std::string made_uid(hits.items()[1]["uid"].AsString());
  EXPECT_EQ(made_uid.size(), 17u);
  const json::Value answer = Parsed(Get("/api/dashboards/uid/a").body);
  EXPECT_EQ(json::Print(answer["dashboard"]),
            R"({"id":1,"uid":"a","title":"A","version":1,"panels":[]})");
  EXPECT_EQ(answer["meta"]["provisioned"].AsBool(), true);
  EXPECT_EQ(answer["meta"]["provisionedExternalId"].AsString(), "a.json");
  EXPECT_EQ(answer["meta"]["canSave"].AsBool(), false);
  EXPECT_TRUE(Errors().empty());

  Start();
  EXPECT_EQ(Uids(), "a " + made_uid + " ");
  EXPECT_EQ(Parsed(Get("/api/dashboards/uid/a").body)["dashboard"]["version"].AsInt64(), 1);
}

TEST_F(ProvisioningTest, ProvisionedDashboardsRefuseChanges) {
  WriteProvider();
  WriteFile("dashboards/a.json", R"({"uid":"a","title":"A"})");
  Start();
  const auto saved =
      Post("/api/dashboards/db", R"({"dashboard":{"uid":"a","title":"A","version":1}})");
  EXPECT_EQ(saved.status, 400);
  EXPECT_EQ(saved.body, R"({"message":"Cannot save provisioned dashboard"})");
  const auto deleted = As("admin", "DELETE", "/api/dashboards/uid/a");
  EXPECT_EQ(deleted.status, 400);
  EXPECT_EQ(deleted.body, R"({"message":"provisioned dashboard cannot be deleted"})");
}

TEST_F(ProvisioningTest, AWrongFileIsRefusedAndAllOthersLoad) {
  WriteProvider();
  WriteFile("dashboards/broken.json", "{\n  \"title\": \"x\",\n}");
  WriteFile("dashboards/untitled.json", R"({"uid":"u"})");
  WriteFile("dashboards/list.json", "[]");
  WriteFile("dashboards/deep.json", std::string(100'000, '['));
  WriteFile("dashboards/new_kind.json",
            R"({"apiVersion":"dashboard.grafana.app/v2","kind":"Dashboard","spec":{}})");
  WriteFile("dashboards/good.json", R"({"uid":"good","title":"Good"})");
  Start();
  EXPECT_EQ(Uids(), "good ");
  const auto errors = Errors();
  EXPECT_EQ(errors.size(), 5u);
  EXPECT_EQ(errors.at("broken.json"), "line 3, column 1: '}' where a key in quotes was expected");
  EXPECT_EQ(errors.at("untitled.json"), "Dashboard title cannot be empty");
  EXPECT_EQ(errors.at("list.json"), "a dashboard must be a JSON object, not an array");
  EXPECT_NE(errors.at("deep.json").find("nested deeper than"), std::string::npos);
  EXPECT_NE(errors.at("new_kind.json").find("is not supported"), std::string::npos);
}

TEST_F(ProvisioningTest, TheFirstFileByNameOwnsAUid) {
  WriteProvider();
  WriteFile("dashboards/b.json", R"({"uid":"same","title":"From b"})");
  WriteFile("dashboards/a.json", R"({"uid":"same","title":"From a"})");
  Start();
  EXPECT_EQ(Parsed(Get("/api/dashboards/uid/same").body)["dashboard"]["title"].AsString(),
            "From a");
  EXPECT_EQ(Errors().at("b.json"),
            fmt::format("{0}/b.json: the uid 'same' belongs to {0}/a.json already", Folder()));

  // It stays so at every look, and moves on when the owner goes.
  EXPECT_EQ(Reload().status, 200);
  EXPECT_EQ(Parsed(Get("/api/dashboards/uid/same").body)["dashboard"]["version"].AsInt64(), 1);
  fs::remove(fs::path(Folder()) / "a.json");
  EXPECT_EQ(Reload().status, 200);
  EXPECT_EQ(Parsed(Get("/api/dashboards/uid/same").body)["dashboard"]["title"].AsString(),
            "From b");
  EXPECT_TRUE(Errors().empty());
}

TEST_F(ProvisioningTest, ReloadFollowsTheFiles) {
  WriteProvider();
  WriteFile("dashboards/a.json", R"({"uid":"a","title":"A"})");
  WriteFile("dashboards/b.json", R"({"uid":"b","title":"B"})");
  Start();
  WriteFile("dashboards/a.json", R"({"uid":"a","title":"A2"})");
  fs::remove(fs::path(Folder()) / "b.json");
  WriteFile("dashboards/c.json", R"({"uid":"c","title":"C"})");
  const auto reloaded = Reload();
  EXPECT_EQ(reloaded.status, 200);
  EXPECT_EQ(reloaded.body, R"({"message":"Dashboards config reloaded"})");
  EXPECT_EQ(Uids(), "a c ");
  EXPECT_EQ(Parsed(Get("/api/dashboards/uid/a").body)["dashboard"]["title"].AsString(), "A2");

  // Broken for now: what was in force stays.
  WriteFile("dashboards/a.json", R"({"uid":"a",)");
  EXPECT_EQ(Reload().status, 200);
  EXPECT_EQ(Parsed(Get("/api/dashboards/uid/a").body)["dashboard"]["title"].AsString(), "A2");
  // Another uid in the same file: the old dashboard is gone.
  WriteFile("dashboards/a.json", R"({"uid":"a9","title":"A9"})");
  EXPECT_EQ(Reload().status, 200);
  EXPECT_EQ(Uids(), "a9 c ");
  // A renamed file is the same dashboard.
  fs::rename(fs::path(Folder()) / "c.json", fs::path(Folder()) / "d.json");
  const auto id = Parsed(Get("/api/dashboards/uid/c").body)["dashboard"]["id"].AsInt64();
  EXPECT_EQ(Reload().status, 200);
  EXPECT_EQ(Parsed(Get("/api/dashboards/uid/c").body)["dashboard"]["id"].AsInt64(), id);
  EXPECT_EQ(Uids(), "a9 c ");
}

TEST_F(ProvisioningTest, ChangedFilesAreNoticed) {
  WriteDatasource();
  WriteProvider();
  Start();
  EXPECT_EQ(Uids(), "");
  WriteFile("dashboards/new/a.json", R"({"uid":"a","title":"A"})");
  EXPECT_TRUE(Eventually([&] { return Uids() == "a "; }));
  WriteFile("dashboards/new/a.json", "{");
  EXPECT_TRUE(Eventually([&] { return Errors().count("a.json") == 1; }));
  WriteFile("dashboards/new/a.json", R"({"uid":"a","title":"Again"})");
  EXPECT_TRUE(Eventually([&] {
    return Parsed(Get("/api/dashboards/uid/a").body)["dashboard"]["title"].AsString() == "Again";
  }));
  WriteFile("datasources/other.yaml",
            "datasources:\n- {name: Other, type: prometheus, uid: other}\n");
  EXPECT_TRUE(Eventually([&] { return Get("/api/datasources/uid/other").status == 200; }));
}

TEST_F(ProvisioningTest, AWrongDataSourceFileStopsTheStart) {
  WriteFile("datasources/bad.yaml", "datasources:\n- {name: x}\n");
  auto service = Service::Start(options_);
  ASSERT_EQ(service.code(), ErrorCode::kInvalidArgument);
  EXPECT_EQ(service.error().message(),
            fmt::format("provisioning: {}/provisioning/datasources/bad.yaml: line 2: "
                        "datasources[0].type: a data source "
                        "must have a type",
                        folder_.string()));
}

TEST_F(ProvisioningTest, AWrongDataSourceFileLaterChangesNothing) {
  WriteDatasource();
  Start();
  WriteFile("datasources/bad.yaml", "datasources:\n- {name: x, type: prometheus}\n- {name: x}\n");
  const auto reloaded = Reload("datasources");
  EXPECT_EQ(reloaded.status, 400);
  EXPECT_EQ(Get("/api/datasources/uid/prom").status, 200);
  EXPECT_EQ(Errors().count("bad.yaml"), 1u);
  fs::remove(folder_ / "provisioning" / "datasources" / "bad.yaml");
  EXPECT_EQ(Reload("datasources").status, 200);
  EXPECT_TRUE(Errors().empty());
}

TEST_F(ProvisioningTest, AWrongProviderFileKeepsItsDashboards) {
  WriteProvider();
  WriteFile("dashboards/a.json", R"({"uid":"a","title":"A"})");
  Start();
  WriteFile("dashboards/default.yaml", "providers: 5\n");
  EXPECT_EQ(Reload().status, 200);
  EXPECT_EQ(Uids(), "a ");
  EXPECT_EQ(Errors().at("default.yaml"), "line 1: providers: expected a list");
  WriteFile("dashboards/default.yaml", "providers: []\n");
  EXPECT_EQ(Reload().status, 200);
  EXPECT_EQ(Uids(), "");
}

TEST_F(ProvisioningTest, AFolderThatVanishesDoesNotEmptyTheStore) {
  WriteFile("dashboards/p.yaml", fmt::format("providers:\n- name: p\n  options: {{path: {}}}\n",
                                             (folder_ / "mount").string()));
  fs::create_directories(folder_ / "mount");
  std::ofstream(folder_ / "mount" / "a.json") << R"({"uid":"a","title":"A"})";
  Start();
  EXPECT_EQ(Uids(), "a ");
  fs::rename(folder_ / "mount", folder_ / "gone");
  EXPECT_EQ(Reload().status, 200);
  EXPECT_EQ(Uids(), "a ");
  EXPECT_EQ(Errors().count("mount"), 1u);
}

TEST_F(ProvisioningTest, DeletionMayBeSwitchedOff) {
  WriteProvider("  disableDeletion: true\n");
  WriteFile("dashboards/a.json", R"({"uid":"a","title":"A"})");
  Start();
  fs::remove(fs::path(Folder()) / "a.json");
  EXPECT_EQ(Reload().status, 200);
  EXPECT_EQ(Uids(), "a ");
  EXPECT_EQ(As("admin", "DELETE", "/api/dashboards/uid/a").status, 200);
}

TEST_F(ProvisioningTest, UpdatesMayBeAllowed) {
  WriteProvider("  allowUiUpdates: true\n");
  WriteFile("dashboards/a.json", R"({"uid":"a","title":"A"})");
  Start();
  EXPECT_EQ(
      Post("/api/dashboards/db", R"({"dashboard":{"uid":"a","title":"Mine","version":1}})").status,
      200);
  EXPECT_EQ(Reload().status, 200);
  EXPECT_EQ(Parsed(Get("/api/dashboards/uid/a").body)["dashboard"]["title"].AsString(), "Mine");
  WriteFile("dashboards/a.json", R"({"uid":"a","title":"File"})");
  EXPECT_EQ(Reload().status, 200);
  EXPECT_EQ(Parsed(Get("/api/dashboards/uid/a").body)["dashboard"]["title"].AsString(), "File");
}

TEST_F(ProvisioningTest, FoldersComeFromTheProviderOrTheStructure) {
  WriteFile(
      "dashboards/p.yaml",
      fmt::format(
          "providers:\n- {{name: one, folder: Ops, folderUid: ops, options: {{path: {0}/one}}}}\n"
          "- {{name: two, options: {{path: {0}/two, foldersFromFilesStructure: true}}}}\n",
          Folder()));
  WriteFile("dashboards/one/a.json", R"({"uid":"a","title":"A"})");
  WriteFile("dashboards/two/b.json", R"({"uid":"b","title":"B"})");
  WriteFile("dashboards/two/Team/c.json", R"({"uid":"c","title":"C"})");
  Start();
  EXPECT_EQ(Parsed(Get("/api/dashboards/uid/a").body)["meta"]["folderUid"].AsString(), "ops");
  EXPECT_EQ(Parsed(Get("/api/dashboards/uid/a").body)["meta"]["folderTitle"].AsString(), "Ops");
  EXPECT_EQ(Parsed(Get("/api/dashboards/uid/b").body)["meta"]["folderUid"].AsString(), "");
  EXPECT_EQ(Parsed(Get("/api/dashboards/uid/c").body)["meta"]["folderTitle"].AsString(), "Team");
  EXPECT_EQ(As("admin", "DELETE", "/api/folders/ops").status, 400);
}

TEST_F(ProvisioningTest, ContainerPathsMeanTheProvisioningFolder) {
  WriteFile("dashboards/p.yaml",
            "providers:\n- {name: p, options: {path: /etc/grafana/provisioning/dashboards}}\n");
  WriteFile("dashboards/a.json", R"({"uid":"a","title":"A"})");
  if (fs::exists("/etc/grafana/provisioning")) GTEST_SKIP() << "a Grafana is installed here";
  Start();
  EXPECT_EQ(Uids(), "a ");
}

TEST_F(ProvisioningTest, ValuesComeFromTheEnvironment) {
  options_.environment = [](std::string_view name) -> std::optional<std::string> {
    return name == "PROM_PORT" ? std::optional<std::string>("9091") : std::nullopt;
  };
  WriteFile("datasources/d.yaml",
            "datasources:\n- {name: D, uid: d, type: prometheus, url: 'http://prom:$PROM_PORT'}\n");
  Start();
  EXPECT_EQ(Parsed(Get("/api/datasources/uid/d").body)["url"].AsString(), "http://prom:9091");
}

// Every dashboard that people publish is provisioned and served back as it is.
TEST_F(ProvisioningTest, PublishedDashboardsAreServedFaithfully) {
  const fs::path corpus = conformance::CorpusRoot() / "dashboards";
  NARTHEX_NEED_CORPUS(corpus);
  WriteProvider();
  std::map<std::string, json::Value> originals;
  for (const auto& entry : fs::directory_iterator(corpus)) {
    if (entry.path().extension() != ".json" || entry.path().filename() == "INDEX.json") continue;
    std::ostringstream text;
    text << std::ifstream(entry.path(), std::ios::binary).rdbuf();
    WriteFile("dashboards/" + entry.path().filename().string(), text.str());
    originals[entry.path().filename().string()] = Parsed(text.str());
  }
  Start();
  std::size_t compared = 0;
  const json::Value hits = Parsed(Get("/api/search?type=dash-db&limit=5000").body);
  for (const json::Value& hit : hits.items()) {
    const json::Value answer =
        Parsed(Get(fmt::format("/api/dashboards/uid/{}", hit["uid"].AsString())).body);
    json::Value served = answer["dashboard"];
    json::Value original =
        originals.at(std::string(answer["meta"]["provisionedExternalId"].AsString()));
    for (const std::string_view key : {"id", "uid", "version"}) {
      served.Erase(key);
      original.Erase(key);
    }
    EXPECT_EQ(served, original) << hit["title"].AsString();
    ++compared;
  }
  // Some files share a uid with another one; each of them says so.
  EXPECT_EQ(compared + Errors().size(), originals.size());
  EXPECT_EQ(originals.size(), 87u);
  for (const auto& [file, error] : Errors())
    EXPECT_NE(error.find("belongs to"), std::string::npos) << file << error;
}

}  // namespace
}  // namespace narthex::dashapi
