#include "discovery/discovery.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "fake_clock.h"

namespace narthex::discovery {
namespace {

namespace fs = std::filesystem;

// What was told last for each job; waits for the next telling.
class Told {
 public:
  void Tell(const std::string& job, const std::vector<TargetGroup>& groups) {
    MutexLock lock(mutex_);
    groups_[job] = groups;
    ++count_;
    changed_.NotifyAll();
  }
  void AwaitCount(int count) {
    MutexLock lock(mutex_);
    while (count_ < count) changed_.Wait(mutex_);
  }
  std::vector<std::string> Addresses(const std::string& job) {
    MutexLock lock(mutex_);
    std::vector<std::string> addresses;
    for (const TargetGroup& group : groups_[job]) {
      for (const model::LabelSet& target : group.targets)
        addresses.emplace_back(target.Get("__address__"));
    }
    return addresses;
  }

 private:
  Mutex mutex_;
  CondVar changed_;
  std::map<std::string, std::vector<TargetGroup>> groups_ GUARDED_BY(mutex_);
  int count_ GUARDED_BY(mutex_) = 0;
};

void WriteFile(const fs::path& path, std::string_view text) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << text;
}

struct DiscoveryTest : testing::Test {
  DiscoveryTest()
      : dir(fs::temp_directory_path() /
            fmt::format("discovery_test_{}_{}", ::getpid(), static_cast<void*>(this))) {
    fs::create_directories(dir);
  }
  ~DiscoveryTest() override { fs::remove_all(dir); }

  config::ScrapeConfig FileJob(const std::string& pattern) {
    config::ScrapeConfig job;
    job.job_name = "files";
    job.file_sd_configs.push_back({{(dir / pattern).string()}, std::chrono::minutes(5)});
    return job;
  }
  void Poll() {
    clock.AwaitWaiters(1);
    clock.Advance(std::chrono::seconds(5));
  }

  fs::path dir;
  FakeClock clock;
  Told told;
  Discovery discovery{clock,
                      [this](const std::string& job, const std::vector<TargetGroup>& groups) {
                        told.Tell(job, groups);
                      }};
};

TEST_F(DiscoveryTest, TellsStaticGroupsAtOnce) {
  config::ScrapeConfig job;
  job.job_name = "a";
  job.static_configs = {{{"h:1", "h:2"}, model::LabelSet{{"env", "prod"}}}, {{"h:3"}, {}}};
  discovery.Apply({job});
  EXPECT_THAT(told.Addresses("a"), testing::ElementsAre("h:1", "h:2", "h:3"));
}

TEST_F(DiscoveryTest, FollowsFiles) {
  WriteFile(dir / "a.json", R"([{"targets": ["x:1"], "labels": {"e": "f"}}])");
  discovery.Apply({FileJob("*.json")});
  EXPECT_THAT(told.Addresses("files"), testing::ElementsAre("x:1"));

  WriteFile(dir / "a.json", R"([{"targets": ["x:1", "x:22"]}])");
  Poll();
  told.AwaitCount(2);
  EXPECT_THAT(told.Addresses("files"), testing::ElementsAre("x:1", "x:22"));

  WriteFile(dir / "b.json", R"([{"targets": ["y:1"]}])");
  Poll();
  told.AwaitCount(3);
  EXPECT_THAT(told.Addresses("files"), testing::ElementsAre("x:1", "x:22", "y:1"));

  fs::remove(dir / "a.json");
  Poll();
  told.AwaitCount(4);
  EXPECT_THAT(told.Addresses("files"), testing::ElementsAre("y:1"));
}

TEST_F(DiscoveryTest, KeepsTheLastGoodGroupsOfABrokenFile) {
  WriteFile(dir / "a.yml", "- targets: [x:1]\n");
  WriteFile(dir / "b.yml", "- targets: [y:1]\n");
  discovery.Apply({FileJob("*.yml")});
  WriteFile(dir / "a.yml", "- targets: [x:1\n");
  WriteFile(dir / "b.yml", "- targets: [y:1, y:2]\n");
  Poll();
  told.AwaitCount(2);
  EXPECT_THAT(told.Addresses("files"), testing::ElementsAre("x:1", "y:1", "y:2"));
  EXPECT_EQ(discovery.failure_count(), 1u);
}

TEST_F(DiscoveryTest, MarksTargetsWithTheirFile) {
  std::vector<TargetGroup> groups;
  WriteFile(dir / "a.yml", "- targets: [x:1]\n");
  Discovery other(
      clock, [&](const std::string&, const std::vector<TargetGroup>& found) { groups = found; });
  other.Apply({FileJob("a.yml")});
  ASSERT_EQ(groups.size(), 1u);
  EXPECT_EQ(groups[0].labels.Get("__meta_filepath"), (dir / "a.yml").string());
}

}  // namespace
}  // namespace narthex::discovery
