// A store in a folder of its own, with a clock that tests move.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <string>

#include "dashstore/store.h"
#include "fake_clock.h"
#include "json/reader.h"

namespace narthex::dashstore {

template <typename T>
bool Has(const Result<std::optional<T>>& result) {
  EXPECT_TRUE(result.ok());
  return result.ok() && result->has_value();
}

class StoreTest : public testing::Test {
 protected:
  void SetUp() override {
    const auto* info = testing::UnitTest::GetInstance()->current_test_info();
    folder_ = std::filesystem::path(testing::TempDir()) /
              (std::string("dashstore_") + info->test_suite_name() + "_" + info->name());
    std::filesystem::remove_all(folder_);
    Reopen();
  }
  void TearDown() override {
    store_.reset();
    std::filesystem::remove_all(folder_);
  }

  void Reopen() {
    store_.reset();
    auto store = Store::Open(
        {.folder = folder_.string(), .sessions = {}, .dashboard_versions_kept = 3}, clock_);
    ASSERT_TRUE(store.ok()) << store.error().message();
    store_ = std::move(store).value();
  }

  User MakeAdmin() {
    EXPECT_TRUE(store_->users()
                    .CreateFirst({.login = "admin",
                                  .email = "admin@localhost",
                                  .name = "",
                                  .password = "1234",
                                  .is_server_admin = true,
                                  .org_id = 1,
                                  .role = Role::kAdmin})
                    .ok());
    auto user = store_->users().FindByLogin("admin");
    EXPECT_TRUE(user.ok() && *user);
    return **user;
  }

  static json::Value Parsed(std::string_view text) {
    auto value = json::Parse(text);
    EXPECT_TRUE(value.ok()) << text;
    return value.ok() ? std::move(value).value() : json::Value();
  }

  std::filesystem::path folder_;
  FakeClock clock_;
  std::unique_ptr<Store> store_;
};

}  // namespace narthex::dashstore
