#include "store_fixture.h"

namespace narthex::dashstore {
namespace {

class PeopleTest : public StoreTest {
 protected:
  std::int64_t MakeUser(const std::string& login, Role role = Role::kViewer) {
    auto user = store_->users().Create({.login = login,
                                        .email = login + "@x",
                                        .name = "N " + login,
                                        .password = "1234",
                                        .role = role});
    EXPECT_TRUE(user.ok());
    return user.ok() ? user->id : 0;
  }
};

TEST_F(PeopleTest, UsersAreFoundByPartOfTheirNames) {
  MakeAdmin();
  MakeUser("ann");
  MakeUser("bob");
  const struct {
    UserSearch search;
    std::int64_t total;
    std::vector<std::string> logins;
  } cases[] = {
      {{}, 3, {"admin", "ann", "bob"}},
      {{.text = "N"}, 3, {"admin", "ann", "bob"}},
      {{.text = "BOB@"}, 1, {"bob"}},
      {{.text = "%"}, 0, {}},
      {{.text = "", .limit = 1, .offset = 1}, 3, {"ann"}},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.search.text);
    const auto page = store_->users().Search(c.search);
    ASSERT_TRUE(page.ok());
    EXPECT_EQ(page->total_count, c.total);
    std::vector<std::string> logins;
    for (const User& user : page->users) logins.push_back(user.login);
    EXPECT_EQ(logins, c.logins);
  }
}

TEST_F(PeopleTest, TheLastAdministratorStays) {
  const User admin = MakeAdmin();
  Users& users = store_->users();
  EXPECT_EQ(users.Remove(admin.id).code(), ErrorCode::kFailedPrecondition);
  EXPECT_EQ(users.SetDisabled(admin.id, true).code(), ErrorCode::kFailedPrecondition);
  EXPECT_EQ(users.SetServerAdmin(admin.id, false).code(), ErrorCode::kFailedPrecondition);
  EXPECT_TRUE(Has(users.CheckPassword("admin", "1234")));
  const std::int64_t second = MakeUser("second");
  ASSERT_TRUE(users.SetServerAdmin(second, true).ok());
  EXPECT_TRUE(users.Remove(admin.id).ok());
  EXPECT_EQ(users.Remove(admin.id).code(), ErrorCode::kNotFound);
}

TEST_F(PeopleTest, ADisabledUsersSessionsEnd) {
  MakeAdmin();
  const std::int64_t ann = MakeUser("ann");
  const auto session = store_->sessions().Create(ann, "", "");
  ASSERT_TRUE(session.ok());
  ASSERT_TRUE(store_->users().SetDisabled(ann, true).ok());
  EXPECT_FALSE(Has(store_->sessions().Find(session->token)));
  EXPECT_FALSE(Has(store_->users().CheckPassword("ann", "1234")));
}

TEST_F(PeopleTest, LoginsAndAddressesAreTakenOnce) {
  MakeAdmin();
  const std::int64_t ann = MakeUser("ann");
  MakeUser("bob");
  Users& users = store_->users();
  EXPECT_EQ(users.Create({.login = "x", .email = "BOB@x", .name = {}, .password = "1"}).code(),
            ErrorCode::kAlreadyExists);
  auto user = users.Find(ann);
  ASSERT_TRUE(Has(user));
  User changed = **user;
  changed.login = "BOB";
  EXPECT_EQ(users.Update(changed).code(), ErrorCode::kAlreadyExists);
  changed.login = "anna";
  changed.email = "bob@X";
  EXPECT_EQ(users.Update(changed).code(), ErrorCode::kAlreadyExists);
  changed.email = "anna@x";
  EXPECT_TRUE(users.Update(changed).ok());
  EXPECT_TRUE(Has(users.FindByLogin("anna@x")));
  changed.login = "";
  EXPECT_EQ(users.Update(changed).code(), ErrorCode::kInvalidArgument);
}

TEST_F(PeopleTest, OrganisationsKeepAnAdministrator) {
  const User admin = MakeAdmin();
  Orgs& orgs = store_->orgs();
  const auto org = orgs.Create("Second", admin.id);
  ASSERT_TRUE(org.ok());
  EXPECT_EQ(orgs.Create("Second", 0).code(), ErrorCode::kAlreadyExists);
  EXPECT_EQ(orgs.Create("", 0).code(), ErrorCode::kInvalidArgument);
  EXPECT_EQ(*store_->users().RoleIn(admin.id, org->id), Role::kAdmin);
  EXPECT_EQ(orgs.SetRole(org->id, admin.id, Role::kViewer).code(), ErrorCode::kFailedPrecondition);
  EXPECT_EQ(orgs.RemoveMember(org->id, admin.id).code(), ErrorCode::kFailedPrecondition);
  const std::int64_t ann = MakeUser("ann");
  EXPECT_TRUE(orgs.AddMember(org->id, ann, Role::kAdmin).ok());
  EXPECT_EQ(orgs.AddMember(org->id, ann, Role::kAdmin).code(), ErrorCode::kAlreadyExists);
  EXPECT_EQ(orgs.AddMember(77, ann, Role::kAdmin).code(), ErrorCode::kNotFound);
  EXPECT_EQ(orgs.Members(org->id)->size(), 2u);
  EXPECT_TRUE(orgs.RemoveMember(org->id, admin.id).ok());
  EXPECT_EQ(orgs.RemoveMember(org->id, admin.id).code(), ErrorCode::kNotFound);
  EXPECT_TRUE(store_->users().ChooseOrg(ann, org->id).ok());
  EXPECT_EQ(store_->users().ChooseOrg(admin.id, org->id).code(), ErrorCode::kNotFound);
  EXPECT_TRUE(orgs.Rename({org->id, "Other"}).ok());
  EXPECT_EQ(orgs.Rename({org->id, "Main Org."}).code(), ErrorCode::kAlreadyExists);
  EXPECT_EQ(orgs.List("oth", 10, 0)->size(), 1u);
  EXPECT_TRUE(orgs.Remove(org->id).ok());
  EXPECT_EQ(orgs.Remove(org->id).code(), ErrorCode::kNotFound);
}

TEST_F(PeopleTest, TeamsHoldMembersOfTheirOrganisation) {
  MakeAdmin();
  const std::int64_t ann = MakeUser("ann");
  Teams& teams = store_->teams();
  const auto team = teams.Create({.name = "Ops", .email = "ops@x"});
  ASSERT_TRUE(team.ok());
  EXPECT_EQ(teams.Create({.name = "ops"}).code(), ErrorCode::kAlreadyExists);
  EXPECT_EQ(teams.Create({.name = ""}).code(), ErrorCode::kInvalidArgument);
  EXPECT_TRUE(teams.AddMember(*team, ann, TeamPart::kMember).ok());
  EXPECT_EQ(teams.AddMember(*team, ann, TeamPart::kMember).code(), ErrorCode::kAlreadyExists);
  EXPECT_EQ(teams.AddMember(*team, 99, TeamPart::kMember).code(), ErrorCode::kNotFound);
  EXPECT_TRUE(teams.SetPart(team->id, ann, TeamPart::kAdmin).ok());
  EXPECT_EQ(teams.Members(team->id)->at(0).part, TeamPart::kAdmin);
  EXPECT_EQ(*teams.IdsOf(1, ann), std::vector<std::int64_t>{team->id});
  EXPECT_EQ(teams.Search({.text = "OP"})->at(0).member_count, 1);
  EXPECT_EQ(teams.Search({.name = "Op"})->size(), 0u);
  EXPECT_EQ(teams.Search({.ids = {99}})->size(), 0u);
  EXPECT_TRUE(Has(teams.Find(1, team->uid)));
  EXPECT_TRUE(Has(teams.Find(1, std::to_string(team->id))));
  EXPECT_FALSE(Has(teams.Find(2, team->uid)));
  // A list with somebody from outside changes nothing.
  const Teams::Part parts[] = {{1, TeamPart::kMember}, {99, TeamPart::kMember}};
  EXPECT_EQ(teams.ReplaceMembers(*team, parts).code(), ErrorCode::kNotFound);
  EXPECT_EQ(teams.Members(team->id)->at(0).user.id, ann);
  EXPECT_TRUE(teams.ReplaceMembers(*team, std::span(parts).first(1)).ok());
  EXPECT_EQ(teams.RemoveMember(team->id, ann).code(), ErrorCode::kNotFound);
  EXPECT_TRUE(store_->orgs().Remove(1).ok());
  EXPECT_FALSE(Has(teams.Find(1, team->uid)));
}

TEST_F(PeopleTest, ServiceAccountsAreKnownByTheirTokensOnly) {
  MakeAdmin();
  ServiceAccounts& accounts = store_->service_accounts();
  ServiceAccount wanted;
  wanted.user.name = "Terraform CI";
  wanted.role = Role::kEditor;
  auto account = accounts.Create(wanted);
  ASSERT_TRUE(account.ok());
  EXPECT_EQ(account->user.login, "sa-1-terraform-ci");
  EXPECT_EQ(accounts.Create(wanted).code(), ErrorCode::kAlreadyExists);
  EXPECT_FALSE(Has(store_->users().FindByLogin("sa-1-terraform-ci")));
  EXPECT_FALSE(Has(store_->users().CheckPassword("sa-1-terraform-ci", "")));
  EXPECT_EQ(store_->users().Search({})->total_count, 1);

  const auto token = accounts.AddToken(account->user.id, "one", 60);
  ASSERT_TRUE(token.ok());
  EXPECT_TRUE(token->key.starts_with("glsa_"));
  EXPECT_EQ(accounts.AddToken(account->user.id, "one", 0).code(), ErrorCode::kAlreadyExists);
  auto found = accounts.FindByKey(token->key);
  ASSERT_TRUE(Has(found));
  EXPECT_EQ((*found)->role, Role::kEditor);
  EXPECT_NE(accounts.Tokens(account->user.id)->at(0).seen, 0);
  EXPECT_FALSE(Has(accounts.FindByKey(token->key + "0")));
  EXPECT_FALSE(Has(accounts.FindByKey("")));

  account->user.is_disabled = true;
  ASSERT_TRUE(accounts.Update(*account).ok());
  EXPECT_FALSE(Has(accounts.FindByKey(token->key)));
  account->user.is_disabled = false;
  ASSERT_TRUE(accounts.Update(*account).ok());
  EXPECT_TRUE(Has(accounts.FindByKey(token->key)));
  clock_.Advance(std::chrono::seconds(60));
  EXPECT_FALSE(Has(accounts.FindByKey(token->key)));

  const auto lasting = accounts.AddToken(account->user.id, "two", 0);
  ASSERT_TRUE(lasting.ok());
  EXPECT_TRUE(Has(accounts.FindByKey(lasting->key)));
  EXPECT_EQ(accounts.RemoveToken(account->user.id + 1, lasting->id).code(), ErrorCode::kNotFound);
  EXPECT_TRUE(accounts.RemoveToken(account->user.id, lasting->id).ok());
  EXPECT_FALSE(Has(accounts.FindByKey(lasting->key)));
  EXPECT_TRUE(accounts.Remove(1, account->user.id).ok());
  EXPECT_EQ(accounts.Remove(1, account->user.id).code(), ErrorCode::kNotFound);
}

}  // namespace
}  // namespace narthex::dashstore
