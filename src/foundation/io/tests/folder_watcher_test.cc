#include "io/folder_watcher.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <thread>

namespace narthex::io {
namespace {

using std::chrono_literals::operator""ms;
using std::chrono_literals::operator""s;
namespace fs = std::filesystem;

class FolderWatcherTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ =
        fs::path(testing::TempDir()) /
        ("watcher_" + std::string(testing::UnitTest::GetInstance()->current_test_info()->name()));
    fs::remove_all(folder_);
    fs::create_directories(folder_);
    auto watcher = FolderWatcher::Create();
    ASSERT_TRUE(watcher.ok());
    watcher_ = std::move(watcher).value();
  }
  void TearDown() override { fs::remove_all(folder_); }

  void Write(std::string_view name) { std::ofstream(folder_ / name) << "x"; }

  fs::path folder_;
  std::unique_ptr<FolderWatcher> watcher_;
};

TEST_F(FolderWatcherTest, SeesWritesRenamesAndRemovals) {
  const std::string folders[] = {folder_.string()};
  ASSERT_TRUE(watcher_->Watch(folders).ok());
  EXPECT_EQ(watcher_->Wait(0ms, {}), FolderWatcher::Event::kTimeout);

  Write("a");
  EXPECT_EQ(watcher_->Wait(10s, {}), FolderWatcher::Event::kChanged);
  EXPECT_EQ(watcher_->Wait(0ms, {}), FolderWatcher::Event::kTimeout);
  fs::rename(folder_ / "a", folder_ / "b");
  EXPECT_EQ(watcher_->Wait(10s, {}), FolderWatcher::Event::kChanged);
  fs::remove(folder_ / "b");
  EXPECT_EQ(watcher_->Wait(10s, {}), FolderWatcher::Event::kChanged);
}

TEST_F(FolderWatcherTest, ForgetsFoldersThatAreNoLongerNamed) {
  const std::string folders[] = {folder_.string(), (folder_ / "missing").string()};
  ASSERT_TRUE(watcher_->Watch(folders).ok());
  ASSERT_TRUE(watcher_->Watch({}).ok());
  EXPECT_NE(watcher_->Wait(0ms, {}),
            FolderWatcher::Event::kStopped);  // the removal itself is an event
  Write("a");
  EXPECT_EQ(watcher_->Wait(0ms, {}), FolderWatcher::Event::kTimeout);
}

TEST_F(FolderWatcherTest, WakesWhenStopped) {
  std::stop_source stop;
  std::jthread stopper([&] { stop.request_stop(); });
  EXPECT_EQ(watcher_->Wait(60s, stop.get_token()), FolderWatcher::Event::kStopped);
}

}  // namespace
}  // namespace narthex::io
