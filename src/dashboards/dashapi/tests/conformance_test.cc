// Dashboards that people share, through the whole service: from files and back over the API.
#include "corpus.h"
#include "service_fixture.h"

namespace narthex::dashapi {
namespace {

namespace fs = std::filesystem;

class ConformanceTest : public ServiceTest {
 protected:
  struct File {
    std::string name;
    json::Value document;
  };

  static std::vector<File> ReadAll(const fs::path& folder) {
    std::vector<File> files;
    for (const auto& entry : fs::directory_iterator(folder)) {
      if (entry.path().extension() != ".json" || entry.path().filename() == "INDEX.json") continue;
      std::ifstream in(entry.path(), std::ios::binary);
      const std::string text((std::istreambuf_iterator<char>(in)), {});
      files.push_back({entry.path().filename().string(), Parsed(text)});
    }
    return files;
  }

  // All but what the service sets itself.
  static json::Value Comparable(json::Value document) {
    for (const char* key : {"id", "uid", "version"}) document.Erase(key);
    return document;
  }

  // Each file in a folder of its own, since several have the same uid.
  void Provision(const std::vector<File>& files) {
    std::string providers = "apiVersion: 1\nproviders:\n";
    int number = 0;
    for (const File& file : files) {
      json::Value document = file.document;
      document.Set("uid", json::Value(fmt::format("file-{}", ++number)));
      WriteFile(fmt::format("files/{}/{}", number, file.name), json::Print(document));
      providers += fmt::format(
          "- name: p{0}\n  folder: Folder {1}\n  options: {{path: '{2}/provisioning/files/{0}'}}\n",
          number, number % 5, folder_.string());
    }
    WriteFile("dashboards/all.yaml", providers);
  }
};

TEST_F(ConformanceTest, ProvisionedDashboardsAreServedAsTheyAre) {
  const fs::path folder = conformance::CorpusRoot() / "dashboards";
  NARTHEX_NEED_CORPUS(folder);
  const std::vector<File> files = ReadAll(folder);
  ASSERT_EQ(files.size(), 87u);
  Provision(files);
  Start();
  EXPECT_EQ(Parsed(Get("/api/admin/provisioning/status").body)["errorCount"].AsInt64(), 0);
  int number = 0;
  for (const File& file : files) {
    SCOPED_TRACE(file.name);
    const std::string uid = fmt::format("file-{}", ++number);
    const json::Value answer = Parsed(Get("/api/dashboards/uid/" + uid).body);
    EXPECT_EQ(answer["meta"]["provisioned"].AsBool(), true);
    EXPECT_EQ(json::Print(Comparable(answer["dashboard"])), json::Print(Comparable(file.document)));
  }
  EXPECT_EQ(Parsed(Get("/api/search?type=dash-db&limit=5000").body).size(), files.size());
  EXPECT_EQ(Parsed(Get("/api/folders").body).size(), 5u);
}

TEST_F(ConformanceTest, DashboardsAreSavedMovedRestoredAndTakenElsewhere) {
  const fs::path folder = conformance::CorpusRoot() / "dashboards";
  NARTHEX_NEED_CORPUS(folder);
  Start();
  ASSERT_EQ(Post("/api/folders", R"({"uid":"to","title":"To"})").status, 200);
  int number = 0;
  for (const File& file : ReadAll(folder)) {
    SCOPED_TRACE(file.name);
    const std::string uid = fmt::format("d{}", ++number);
    json::Value document = file.document;
    document.Set("id", json::Value());
    document.Set("uid", json::Value(uid));
    const auto save = [&](std::string_view folder_uid) {
      return Post("/api/dashboards/db",
                  fmt::format(R"({{"dashboard":{},"folderUid":"{}","overwrite":true}})",
                              json::Print(document), folder_uid));
    };
    ASSERT_EQ(save("").status, 200);
    document.Set("title", json::Value("renamed"));
    ASSERT_EQ(save("to").status, 200);
    json::Value moved = Parsed(Get("/api/dashboards/uid/" + uid).body);
    EXPECT_EQ(moved["meta"]["folderUid"].AsString(), "to");
    EXPECT_EQ(moved["dashboard"]["version"].AsInt64(), 2);

    ASSERT_EQ(Post(fmt::format("/api/dashboards/uid/{}/restore", uid), R"({"version":1})").status,
              200);
    const json::Value restored = Parsed(Get("/api/dashboards/uid/" + uid).body)["dashboard"];
    EXPECT_EQ(json::Print(Comparable(restored)), json::Print(Comparable(file.document)));
    EXPECT_EQ(restored["version"].AsInt64(), 3);

    // What was exported comes in again, with whatever its inputs stand for.
    json::Value inputs = json::Value::MakeArray();
    for (const json::Value& input : file.document["__inputs"].items()) {
      json::Value value = input;
      value.Set("value", json::Value("prom"));
      inputs.Append(std::move(value));
    }
    json::Value request = json::Value::MakeObject();
    request.Set("dashboard", Comparable(file.document));
    request.Set("inputs", std::move(inputs));
    const auto imported = Post("/api/dashboards/import", json::Print(request));
    ASSERT_EQ(imported.status, 200) << imported.body;
    const json::Value copy =
        Parsed(Get(fmt::format("/api/dashboards/uid/{}", Parsed(imported.body)["uid"].AsString()))
                   .body)["dashboard"];
    EXPECT_EQ(copy.Find("__inputs"), nullptr);
    EXPECT_EQ(copy["panels"].size(), file.document["panels"].size());
    ASSERT_EQ(As("admin", "DELETE", "/api/dashboards/uid/" + uid).status, 200);
  }
}

TEST_F(ConformanceTest, ProvisioningFoldersStartTheService) {
  const fs::path folder = conformance::CorpusRoot() / "provisioning";
  NARTHEX_NEED_CORPUS(folder);
  int count = 0;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (!entry.is_directory() || !fs::exists(entry.path() / "datasources")) continue;
    SCOPED_TRACE(entry.path().string());
    ++count;
    options_.provisioning_folder = entry.path().string();
    options_.data_folder = (folder_ / fmt::format("data{}", count)).string();
    Start();
    ASSERT_NE(service_, nullptr);
    const json::Value datasources = Parsed(Get("/api/datasources").body);
    EXPECT_GT(datasources.size(), 0u);
    for (const json::Value& datasource : datasources.items()) {
      EXPECT_FALSE(datasource["uid"].AsString().empty());
    }
  }
  EXPECT_GT(count, 0);
}

}  // namespace
}  // namespace narthex::dashapi
