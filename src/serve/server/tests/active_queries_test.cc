#include "active_queries.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

#include "fake_clock.h"
#include "io/file_system.h"
#include "json/reader.h"

namespace narthex::server {
namespace {

struct ActiveQueriesTest : testing::Test {
  ActiveQueriesTest()
      : path((std::filesystem::temp_directory_path() /
              fmt::format("active_queries_test_{}_{}", ::getpid(),
                          testing::UnitTest::GetInstance()->current_test_info()->name()))
                 .string()) {}
  ~ActiveQueriesTest() override { std::filesystem::remove(path); }

  std::unique_ptr<ActiveQueries> Open(std::size_t place_count = 3) {
    auto opened = ActiveQueries::Open(path, place_count, clock);
    EXPECT_TRUE(opened.ok());
    return *std::move(opened);
  }
  std::string Bytes() const { return *io::ReadFile(io::SystemFiles(), path); }

  const std::string path;
  FakeClock clock{1'700'000'000'500};
};

TEST_F(ActiveQueriesTest, TellsWhatWasUnderWayWhenTheProcessDied) {
  {
    auto queries = Open();
    EXPECT_EQ(queries->unfinished(), "");
    queries->Add(0, "up == 'a'");
    queries->Add(2, "sum(\"x\")");
    queries->Add(1, "done");
    queries->Remove(1);
    // Nothing is removed at the end: the process may not get there.
  }
  const std::string want =
      "[{\"query\":\"up == 'a'\",\"timestamp_sec\":1700000000},"
      "{\"query\":\"sum(\\\"x\\\")\",\"timestamp_sec\":1700000000}]";
  EXPECT_EQ(Open()->unfinished(), want);
  EXPECT_EQ(Open()->unfinished(), "");
}

TEST_F(ActiveQueriesTest, HasRoomForEachPlaceFromTheStart) {
  auto queries = Open(20);
  EXPECT_EQ(Bytes(), "[" + std::string(20'000, '\0'));
  queries->Add(19, "last");
  EXPECT_EQ(Bytes().size(), 20'001u);
  EXPECT_EQ(Bytes().back(), ',');
}

TEST_F(ActiveQueriesTest, CutsLongQueriesBetweenCharacters) {
  for (const std::string part : {"a", "é", "\"", "\x01", "𝒜"}) {
    SCOPED_TRACE(part);
    std::string query;
    while (query.size() < 5000) query += part;
    auto queries = Open();
    queries->Add(1, query);
    queries.reset();
    const auto list = json::Parse(Open()->unfinished());
    ASSERT_TRUE(list.ok());
    ASSERT_EQ(list->size(), 1u);
    const std::string_view kept = list->items()[0]["query"].AsString();
    EXPECT_GT(kept.size(), 150u);
    EXPECT_EQ(kept, std::string_view(query).substr(0, kept.size()));
    EXPECT_EQ(kept.size() % part.size(), 0u);
  }
}

TEST_F(ActiveQueriesTest, PassesOverWhatItCannotRead) {
  ASSERT_TRUE(io::WriteFileAtomically(io::SystemFiles(), path, "").ok());
  EXPECT_EQ(Open()->unfinished(), "");
  ASSERT_TRUE(io::WriteFileAtomically(io::SystemFiles(), path, "[").ok());
  EXPECT_EQ(Open()->unfinished(), "");
  EXPECT_EQ(ActiveQueries::Open("/nonexistent/queries.active", 1, clock).code(),
            ErrorCode::kNotFound);
}

}  // namespace
}  // namespace narthex::server
