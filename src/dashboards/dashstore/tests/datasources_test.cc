#include <fstream>
#include <sstream>

#include "dashboard/provisioning_file.h"
#include "store_fixture.h"

namespace narthex::dashstore {
namespace {

class DatasourcesTest : public StoreTest {
 protected:
  void SetUp() override {
    StoreTest::SetUp();
    MakeAdmin();
  }

  static Datasource Prometheus(std::string name) {
    Datasource datasource;
    datasource.name = std::move(name);
    datasource.type = "prometheus";
    datasource.url = "http://prometheus:9090";
    datasource.json_data = Parsed(R"({"timeInterval":"5s"})");
    return datasource;
  }

  static Datasources::Provisioned File(std::string name, std::string_view text) {
    const dashboard::VariableSource source = {
        [](std::string_view) { return std::nullopt; },
        [](std::string_view) -> Result<std::string> { return std::string(); }};
    auto content = dashboard::ParseDatasourceFile(text, source);
    EXPECT_TRUE(content.ok()) << content.error().message();
    return {std::move(name), std::move(content).value()};
  }

  Status Provision(std::vector<Datasources::Provisioned> files) {
    return store_->datasources().Provision(files);
  }

  std::string Names() {
    std::string names;
    auto list = store_->datasources().List(1);
    EXPECT_TRUE(list.ok());
    for (const Datasource& d : *list) names += d.name + (d.is_default ? "* " : " ");
    return names;
  }
};

TEST_F(DatasourcesTest, SecretsAreSealedAndOnlyNamed) {
  auto made = store_->datasources().Create(Prometheus("p"), {{"basicAuthPassword", "hunter2"}});
  ASSERT_TRUE(made.ok());
  EXPECT_EQ(made->secret_keys, (std::vector<std::string>{"basicAuthPassword"}));
  EXPECT_FALSE(made->uid.empty());
  EXPECT_EQ(json::Print(made->json_data), R"({"timeInterval":"5s"})");
  EXPECT_EQ(store_->datasources().SecretsOf(made->id)->at("basicAuthPassword"), "hunter2");

  store_.reset();
  for (const auto& entry : std::filesystem::directory_iterator(folder_)) {
    std::ifstream in(entry.path(), std::ios::binary);
    std::ostringstream bytes;
    bytes << in.rdbuf();
    EXPECT_EQ(bytes.str().find("hunter2"), std::string::npos) << entry.path();
    EXPECT_EQ(std::filesystem::status(entry.path()).permissions() & std::filesystem::perms(077),
              std::filesystem::perms::none)
        << entry.path();
  }
}

TEST_F(DatasourcesTest, AnotherKeyOpensNoSecret) {
  auto made = store_->datasources().Create(Prometheus("p"), {{"password", "hunter2"}});
  ASSERT_TRUE(made.ok());
  store_.reset();
  std::filesystem::remove(folder_ / "secret.key");
  Reopen();
  EXPECT_EQ(store_->datasources().SecretsOf(made->id).code(), ErrorCode::kCorruption);
}

TEST_F(DatasourcesTest, UpdateKeepsSecretsThatAreNotNamed) {
  auto made = store_->datasources().Create(Prometheus("p"), {{"a", "1"}, {"b", "2"}});
  ASSERT_TRUE(made.ok());
  Datasource changed = *made;
  changed.url = "http://other";
  auto updated = store_->datasources().Update(changed, {{"b", "3"}});
  ASSERT_TRUE(updated.ok());
  EXPECT_EQ(updated->version, 2);
  EXPECT_EQ(updated->url, "http://other");
  EXPECT_EQ(*store_->datasources().SecretsOf(made->id), (Secrets{{"a", "1"}, {"b", "3"}}));
}

TEST_F(DatasourcesTest, NamesAndUidsAreUnique) {
  ASSERT_TRUE(store_->datasources().Create(Prometheus("p"), {}).ok());
  EXPECT_EQ(store_->datasources().Create(Prometheus("p"), {}).code(), ErrorCode::kAlreadyExists);
  auto other = store_->datasources().Create(Prometheus("q"), {});
  ASSERT_TRUE(other.ok());
  other->name = "p";
  EXPECT_EQ(store_->datasources().Update(*other, {}).code(), ErrorCode::kAlreadyExists);
}

TEST_F(DatasourcesTest, OnlyOneIsTheDefault) {
  Datasource first = Prometheus("a");
  first.is_default = true;
  Datasource second = Prometheus("b");
  second.is_default = true;
  ASSERT_TRUE(store_->datasources().Create(first, {}).ok());
  ASSERT_TRUE(store_->datasources().Create(second, {}).ok());
  EXPECT_EQ(Names(), "a b* ");
  EXPECT_EQ(store_->datasources().FindDefault(1).value()->name, "b");
}

TEST_F(DatasourcesTest, UnknownOnesAreNotFound) {
  EXPECT_FALSE(Has(store_->datasources().FindByUid(1, "x")));
  EXPECT_FALSE(Has(store_->datasources().FindByName(1, "x")));
  EXPECT_FALSE(Has(store_->datasources().FindById(1, 7)));
  EXPECT_EQ(store_->datasources().Remove(1, 7).code(), ErrorCode::kNotFound);
  EXPECT_EQ(store_->datasources().Update(Prometheus("x"), {}).code(), ErrorCode::kNotFound);
}

TEST_F(DatasourcesTest, ProvisionedOnesAreReadOnlyUnlessEditable) {
  ASSERT_TRUE(Provision({File("a.yaml",
                              "datasources:\n- {name: A, type: prometheus, uid: a}\n"
                              "- {name: B, type: prometheus, editable: true}\n")})
                  .ok());
  auto a = store_->datasources().FindByUid(1, "a");
  ASSERT_TRUE(a.ok() && *a);
  EXPECT_EQ(store_->datasources().Update(**a, {}).code(), ErrorCode::kPermissionDenied);
  EXPECT_EQ(store_->datasources().Remove(1, (*a)->id).code(), ErrorCode::kPermissionDenied);
  auto b = store_->datasources().FindByName(1, "B");
  ASSERT_TRUE(b.ok() && *b);
  EXPECT_TRUE(store_->datasources().Update(**b, {}).ok());
}

TEST_F(DatasourcesTest, ProvisioningKeepsIdsAndDropsOldSecrets) {
  const std::string text = "datasources:\n- {name: A, type: prometheus, secureJsonData: {x: 1}}\n";
  ASSERT_TRUE(Provision({File("a.yaml", text)}).ok());
  auto before = store_->datasources().FindByName(1, "A");
  ASSERT_TRUE(before.ok() && *before);
  ASSERT_TRUE(
      Provision({File("a.yaml", "datasources:\n- {name: A, type: prometheus, url: 'http://b'}\n")})
          .ok());
  auto after = store_->datasources().FindByName(1, "A");
  ASSERT_TRUE(after.ok() && *after);
  EXPECT_EQ((*after)->id, (*before)->id);
  EXPECT_EQ((*after)->uid, (*before)->uid);
  EXPECT_EQ((*after)->url, "http://b");
  EXPECT_TRUE((*after)->secret_keys.empty());
}

TEST_F(DatasourcesTest, DeletionsComeFirstAndPruningLast) {
  ASSERT_TRUE(store_->datasources().Create(Prometheus("mine"), {}).ok());
  ASSERT_TRUE(
      Provision({File("a.yaml", "datasources:\n- {name: A, type: x}\n- {name: B, type: x}\n")})
          .ok());
  EXPECT_EQ(Names(), "A B mine ");
  ASSERT_TRUE(
      Provision(
          {File("a.yaml", "deleteDatasources: [{name: A}]\ndatasources:\n- {name: C, type: x}\n")})
          .ok());
  EXPECT_EQ(Names(), "B C mine ");
  ASSERT_TRUE(
      Provision({File("a.yaml", "prune: true\ndatasources:\n- {name: C, type: x}\n")}).ok());
  EXPECT_EQ(Names(), "C mine ");
}

TEST_F(DatasourcesTest, ProvisioningIsAllOrNothing) {
  const Status status =
      Provision({File("a.yaml", "datasources:\n- {name: A, type: x}\n"),
                 File("b.yaml", "datasources:\n- {name: B, type: x, orgId: 9}\n")});
  ASSERT_EQ(status.code(), ErrorCode::kNotFound);
  EXPECT_EQ(status.error().message(),
            "b.yaml: line 2: data source 'B': there is no organisation 9");
  EXPECT_EQ(Names(), "");
}

TEST_F(DatasourcesTest, TwoDefaultsAreRefusedWithBothFiles) {
  const Status status =
      Provision({File("a.yaml", "datasources:\n- {name: A, type: x, isDefault: true}\n"),
                 File("b.yaml", "datasources:\n- {name: B, type: x, isDefault: true}\n")});
  ASSERT_EQ(status.code(), ErrorCode::kInvalidArgument);
  EXPECT_EQ(status.error().message(),
            "b.yaml: line 2: isDefault: a.yaml names a default data source already");
}

}  // namespace
}  // namespace narthex::dashstore
