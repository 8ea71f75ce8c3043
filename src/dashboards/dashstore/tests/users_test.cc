#include <chrono>

#include "store_fixture.h"

namespace narthex::dashstore {
namespace {

using std::chrono_literals::operator""s;

using UsersTest = StoreTest;
using SessionsTest = StoreTest;

TEST_F(UsersTest, TheFirstUserIsMadeOnce) {
  const User admin = MakeAdmin();
  EXPECT_EQ(admin.id, 1);
  EXPECT_TRUE(admin.is_server_admin);
  const NewUser other{.login = "root", .email = "", .name = "", .password = "x"};
  auto again = store_->users().CreateFirst(other);
  ASSERT_TRUE(again.ok());
  EXPECT_FALSE(*again);
  EXPECT_FALSE(Has(store_->users().FindByLogin("root")));
  EXPECT_EQ(store_->users().FindOrg(1).value()->name, "Main Org.");
  EXPECT_EQ(*store_->users().RoleIn(1, 1), Role::kAdmin);
  EXPECT_EQ(*store_->users().RoleIn(1, 2), Role::kNone);
  ASSERT_EQ(store_->users().Memberships(1)->size(), 1u);
}

TEST_F(UsersTest, PasswordsAreCheckedByLoginOrEmail) {
  MakeAdmin();
  const struct {
    std::string login;
    std::string password;
    bool want;
  } cases[] = {
      {"admin", "1234", true},   {"ADMIN", "1234", true}, {"admin@localhost", "1234", true},
      {"admin", "12345", false}, {"admin", "", false},    {"nobody", "1234", false},
      {"", "1234", false},
  };
  for (const auto& c : cases) {
    auto user = store_->users().CheckPassword(c.login, c.password);
    ASSERT_TRUE(user.ok());
    EXPECT_EQ(user->has_value(), c.want) << c.login << " " << c.password;
  }
}

TEST_F(UsersTest, PasswordsCanBeChanged) {
  const User admin = MakeAdmin();
  ASSERT_TRUE(store_->users().SetPassword(admin.id, "new").ok());
  EXPECT_TRUE(Has(store_->users().CheckPassword("admin", "new")));
  EXPECT_FALSE(Has(store_->users().CheckPassword("admin", "1234")));
  EXPECT_EQ(store_->users().SetPassword(99, "new").code(), ErrorCode::kNotFound);
  EXPECT_EQ(store_->users().SetPassword(admin.id, "").code(), ErrorCode::kInvalidArgument);
}

TEST_F(UsersTest, LoginsAreUniqueInAnyCase) {
  MakeAdmin();
  const NewUser user{.login = "Admin", .email = "", .name = "", .password = "x"};
  EXPECT_EQ(store_->users().Create(user).code(), ErrorCode::kAlreadyExists);
  EXPECT_EQ(store_->users().Create({.login = "", .email = "", .name = "", .password = "x"}).code(),
            ErrorCode::kInvalidArgument);
  EXPECT_TRUE(
      store_->users().Create({.login = "eve", .email = "", .name = "", .password = "x"}).ok());
}

TEST_F(UsersTest, UsersOutliveTheProcess) {
  MakeAdmin();
  Reopen();
  EXPECT_TRUE(Has(store_->users().CheckPassword("admin", "1234")));
}

TEST_F(SessionsTest, ATokenFindsItsSessionUntilRevoked) {
  const User admin = MakeAdmin();
  auto made = store_->sessions().Create(admin.id, "agent", "127.0.0.1");
  ASSERT_TRUE(made.ok());
  EXPECT_EQ(made->token.size(), 64u);
  Reopen();
  auto found = store_->sessions().Find(made->token);
  ASSERT_TRUE(found.ok() && *found);
  EXPECT_EQ((*found)->user_id, admin.id);
  EXPECT_FALSE(Has(store_->sessions().Find("other")));
  ASSERT_TRUE(store_->sessions().Revoke(made->token).ok());
  EXPECT_FALSE(Has(store_->sessions().Find(made->token)));
}

TEST_F(SessionsTest, TheOldTokenWorksALittleLonger) {
  const User admin = MakeAdmin();
  auto made = store_->sessions().Create(admin.id, "", "");
  ASSERT_TRUE(made.ok());
  auto rotated = store_->sessions().Rotate(made->token);
  ASSERT_TRUE(rotated.ok() && *rotated);
  EXPECT_NE((*rotated)->token, made->token);
  EXPECT_TRUE(Has(store_->sessions().Find(made->token)));
  clock_.Advance(61s);
  EXPECT_FALSE(Has(store_->sessions().Find(made->token)));
  EXPECT_TRUE(Has(store_->sessions().Find((*rotated)->token)));
  EXPECT_FALSE(Has(store_->sessions().Rotate(made->token)));
}

TEST_F(SessionsTest, EndAfterDisuseAndAfterTheirLifetime) {
  const User admin = MakeAdmin();
  auto idle = store_->sessions().Create(admin.id, "", "");
  auto busy = store_->sessions().Create(admin.id, "", "");
  ASSERT_TRUE(idle.ok() && busy.ok());
  for (int day = 0; day < 29; ++day) {
    clock_.Advance(std::chrono::days(1));
    EXPECT_TRUE(Has(store_->sessions().Find(busy->token))) << day;
  }
  EXPECT_FALSE(Has(store_->sessions().Find(idle->token)));
  clock_.Advance(std::chrono::days(1));
  EXPECT_FALSE(Has(store_->sessions().Find(busy->token)));
  ASSERT_TRUE(store_->sessions().RemoveExpired().ok());
}

TEST_F(SessionsTest, AllOfAUserCanBeEnded) {
  const User admin = MakeAdmin();
  auto made = store_->sessions().Create(admin.id, "", "");
  ASSERT_TRUE(made.ok());
  ASSERT_TRUE(store_->sessions().RevokeAllOf(admin.id).ok());
  EXPECT_FALSE(Has(store_->sessions().Find(made->token)));
}

}  // namespace
}  // namespace narthex::dashstore
