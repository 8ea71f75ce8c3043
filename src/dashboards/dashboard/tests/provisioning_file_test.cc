#include "dashboard/provisioning_file.h"

#include <gtest/gtest.h>

#include <map>

namespace narthex::dashboard {
namespace {

VariableSource TestSource() {
  return {
      [](std::string_view name) -> std::optional<std::string> {
        static const std::map<std::string, std::string, std::less<>> kValues = {{"HOST", "prom"},
                                                                                {"PORT", "9090"},
                                                                                {"YES", "true"},
                                                                                {"DOLLAR", "$HOST"},
                                                                                {"EMPTY", ""}};
        const auto found = kValues.find(name);
        return found == kValues.end() ? std::nullopt : std::optional(found->second);
      },
      [](std::string_view path) -> Result<std::string> {
        if (path == "/secret") return std::string("s3cret\n");
        return Error(ErrorCode::kNotFound, "cannot read " + std::string(path));
      },
  };
}

TEST(Expand, ReplacesVariables) {
  const struct {
    std::string text;
    std::string want;
  } cases[] = {
      {"http://$HOST:${PORT}", "http://prom:9090"},
      {"$__env{HOST}-$__env{ PORT }", "prom-9090"},
      {"$__file{/secret}!", "s3cret!"},
      {"$$HOST $", "$HOST $"},
      {"$UNSET|${UNSET}|$__env{UNSET}", "||"},
      {"$DOLLAR", "$HOST"},
      {"a$1b $", "ab $"},
      {"${HOST", "HOST"},
      {"$-", ""},
      {"$ x", "$ x"},
      {"plain", "plain"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.text);
    auto out = Expand(c.text, TestSource());
    ASSERT_TRUE(out.ok());
    EXPECT_EQ(*out, c.want);
  }
}

TEST(Expand, PassesErrorsUp) {
  EXPECT_EQ(Expand("$__file{/none}", TestSource()).code(), ErrorCode::kNotFound);
  EXPECT_EQ(Expand("$__env{HOST", TestSource()).code(), ErrorCode::kInvalidArgument);
}

TEST(DatasourceFile, ReadsEveryKey) {
  auto file = ParseDatasourceFile(R"(apiVersion: 1
prune: true
deleteDatasources:
  - {name: Old, orgId: 2}
datasources:
  - name: Prometheus
    type: prometheus
    uid: prom
    url: http://$HOST:$PORT
    user: u
    database: d
    basicAuth: $YES
    basicAuthUser: me
    withCredentials: $EMPTY
    isDefault: "true"
    editable: true
    orgId: ${UNSET}
    version: 3
    jsonData:
      timeInterval: 5s
      tlsAuth: false
      n: 3
      f: 1.5
      quoted: "3"
      port: $PORT
      list: [a, {b: c}]
      none:
    secureJsonData:
      basicAuthPassword: $__file{/secret}
      httpHeaderValue1: 12
)",
                                  TestSource());
  ASSERT_TRUE(file.ok()) << file.error().message();
  EXPECT_TRUE(file->prune);
  ASSERT_EQ(file->removals.size(), 1u);
  EXPECT_EQ(file->removals[0].name, "Old");
  EXPECT_EQ(file->removals[0].org_id, 2);
  ASSERT_EQ(file->datasources.size(), 1u);
  const DatasourceSpec& spec = file->datasources[0];
  EXPECT_EQ(spec.name, "Prometheus");
  EXPECT_EQ(spec.type, "prometheus");
  EXPECT_EQ(spec.access, "proxy");
  EXPECT_EQ(spec.uid, "prom");
  EXPECT_EQ(spec.url, "http://prom:9090");
  EXPECT_EQ(spec.user, "u");
  EXPECT_EQ(spec.database, "d");
  EXPECT_TRUE(spec.basic_auth);
  EXPECT_EQ(spec.basic_auth_user, "me");
  EXPECT_FALSE(spec.with_credentials);
  EXPECT_TRUE(spec.is_default);
  EXPECT_TRUE(spec.is_editable);
  EXPECT_EQ(spec.org_id, 1);
  EXPECT_EQ(spec.version, 3);
  EXPECT_EQ(
      json::Print(spec.json_data),
      R"({"timeInterval":"5s","tlsAuth":false,"n":3,"f":1.5,"quoted":"3","port":"9090","list":["a",{"b":"c"}],"none":null})");
  EXPECT_EQ(spec.secure_json_data,
            (std::vector<std::pair<std::string, std::string>>{{"basicAuthPassword", "s3cret"},
                                                              {"httpHeaderValue1", "12"}}));
  EXPECT_TRUE(file->warnings.empty());
}

TEST(DatasourceFile, WarnsOfKeysWithoutMeaning) {
  auto file = ParseDatasourceFile(
      "datasources:\n- name: A\n  type: prometheus\n  password: x\ncolour: red\n", TestSource());
  ASSERT_TRUE(file.ok());
  EXPECT_EQ(file->warnings,
            (std::vector<std::string>{
                "line 5: colour: key has no meaning and is ignored",
                "line 4: datasources[0].password: key has no meaning and is ignored"}));
}

TEST(DatasourceFile, NamesLineAndKeyOfAFault) {
  const struct {
    std::string text;
    std::string want;
  } cases[] = {
      {"datasources:\n- type: x\n", "line 2: datasources[0].name: a data source must have a name"},
      {"datasources:\n- name: x\n", "line 2: datasources[0].type: a data source must have a type"},
      {"datasources: 3\n", "line 1: datasources: expected a list"},
      {"datasources:\n- 3\n", "line 2: datasources[0]: expected a mapping of keys and values"},
      {"- 3\n", "line 1: expected a mapping of keys and values"},
      {"apiVersion: 2\n", "line 1: apiVersion: 2 is not supported, only 1 is"},
      {"datasources:\n- name: x\n  type: y\n  uid: a b\n",
       "line 2: datasources[0].uid: uid contains illegal characters"},
      {"datasources:\n- {name: x, type: y}\n- {name: x, type: y}\n",
       "line 3: datasources[1].name: 'x' is there twice"},
      {"datasources:\n- {name: x, type: y, isDefault: true}\n- {name: z, type: y, isDefault: "
       "true}\n",
       "line 3: datasources[1].isDefault: only one data source of an organisation can be the "
       "default"},
      {"datasources:\n- name: [x]\n", "line 2: datasources[0].name: expected a single value"},
      {"datasources:\n- jsonData: x\n",
       "line 2: datasources[0].jsonData: expected a mapping of keys and values"},
      {"datasources:\n- name: x\n  url: $__file{/none}\n",
       "line 3: datasources[0].url: cannot read /none"},
      {"deleteDatasources:\n- {orgId: 1}\n",
       "line 2: deleteDatasources[0].name: name the data source to delete"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.text);
    auto file = ParseDatasourceFile(c.text, TestSource());
    ASSERT_FALSE(file.ok());
    EXPECT_EQ(file.error().message(), c.want);
  }
}

TEST(DatasourceFile, RefusesWrongTypesWithTheirPlace) {
  for (const std::string key : {"isDefault", "orgId", "editable", "version"}) {
    auto file = ParseDatasourceFile("datasources:\n- name: x\n  type: y\n  " + key + ": maybe\n",
                                    TestSource());
    ASSERT_FALSE(file.ok()) << key;
    EXPECT_TRUE(file.error().message().starts_with("line 4: datasources[0]." + key + ": "))
        << file.error().message();
  }
}

TEST(DatasourceFile, AnEmptyFileProvisionsNothing) {
  auto file = ParseDatasourceFile("# nothing\n", TestSource());
  ASSERT_TRUE(file.ok());
  EXPECT_TRUE(file->datasources.empty());
}

TEST(ProviderFile, ReadsEveryKey) {
  auto file = ParseProviderFile(R"(apiVersion: 1
providers:
  - name: Prometheus
    orgId: 2
    folder: Ops
    folderUid: ops
    type: file
    disableDeletion: true
    updateIntervalSeconds: 30
    allowUiUpdates: true
    editable: true
    options:
      path: /etc/$HOST
  - name: other
    options: {path: /b, foldersFromFilesStructure: true}
)",
                                TestSource());
  ASSERT_TRUE(file.ok()) << file.error().message();
  ASSERT_EQ(file->providers.size(), 2u);
  const Provider& provider = file->providers[0];
  EXPECT_EQ(provider.name, "Prometheus");
  EXPECT_EQ(provider.org_id, 2);
  EXPECT_EQ(provider.folder, "Ops");
  EXPECT_EQ(provider.folder_uid, "ops");
  EXPECT_TRUE(provider.is_deletion_disabled);
  EXPECT_EQ(provider.update_interval_s, 30);
  EXPECT_TRUE(provider.allows_ui_updates);
  EXPECT_EQ(provider.path, "/etc/prom");
  EXPECT_FALSE(provider.takes_folders_from_structure);
  EXPECT_TRUE(file->providers[1].takes_folders_from_structure);
  EXPECT_EQ(file->providers[1].update_interval_s, 10);
  EXPECT_TRUE(file->warnings.empty());
}

TEST(ProviderFile, NamesLineAndKeyOfAFault) {
  const struct {
    std::string text;
    std::string want;
  } cases[] = {
      {"providers:\n- options: {path: /a}\n",
       "line 2: providers[0].name: a provider must have a name"},
      {"providers:\n- name: x\n",
       "line 2: providers[0].options.path: name the folder of the dashboards"},
      {"providers:\n- name: x\n  type: git\n  options: {path: /a}\n",
       "line 2: providers[0].type: 'git' is not supported, only 'file' is"},
      {"providers:\n- {name: x, options: {path: /a}}\n- {name: x, options: {path: /a}}\n",
       "line 3: providers[1].name: 'x' is there twice"},
      {"providers:\n- {name: x, folder: f, options: {path: /a, foldersFromFilesStructure: true}}\n",
       "line 2: providers[0].options.foldersFromFilesStructure: needs folder and folderUid to be "
       "left out"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.text);
    auto file = ParseProviderFile(c.text, TestSource());
    ASSERT_FALSE(file.ok());
    EXPECT_EQ(file.error().message(), c.want);
  }
}

}  // namespace
}  // namespace narthex::dashboard
