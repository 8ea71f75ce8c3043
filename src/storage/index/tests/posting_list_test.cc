#include "index/posting_list.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "base/bytes.h"

namespace narthex::index {
namespace {

// Runs, steps and noise, as `seed` has it.
std::vector<SeriesId> SomeIds(std::uint64_t seed, std::size_t count) {
  std::mt19937_64 random(seed);
  std::vector<SeriesId> ids;
  SeriesId id = static_cast<SeriesId>(random() % 3);
  while (ids.size() < count) {
    const std::size_t length = random() % 2 == 0 ? 1 : random() % 50;
    const auto gap = static_cast<SeriesId>(random() % 3 == 0 ? 1 + random() % 100'000 : 1);
    for (std::size_t i = 0; i < length && ids.size() < count; ++i) ids.push_back(id += gap);
  }
  return ids;
}

std::vector<SeriesId> IdsOf(const PostingView& view) {
  std::vector<SeriesId> ids;
  PostingCursor(view).AppendTo(ids);
  return ids;
}

TEST(PostingList, GivesBackWhatWasAppended) {
  for (const std::size_t count : {0u, 1u, 2u, 3u, 10u, 1000u, 20'000u}) {
    SCOPED_TRACE(count);
    const std::vector<SeriesId> ids = SomeIds(count, count);
    const PostingList list = PostingList::From(ids);
    EXPECT_EQ(IdsOf(list.view()), ids);
    EXPECT_EQ(list.view().count, count);
    std::vector<SeriesId> one_by_one;
    for (PostingCursor cursor(list.view()); !cursor.at_end(); cursor.Next()) {
      one_by_one.push_back(cursor.id());
    }
    EXPECT_EQ(one_by_one, ids);
  }
}

TEST(PostingList, HoldsTheSmallestAndTheLargestIds) {
  const std::vector<SeriesId> ids = {0, UINT32_MAX - 2, UINT32_MAX - 1};
  EXPECT_EQ(IdsOf(PostingList::From(ids).view()), ids);
}

TEST(PostingList, ARunTakesAFewBytesWhateverItsLength) {
  PostingList list;
  for (SeriesId i = 0; i < 1'000'000; ++i) list.Append(5 + i * 18);
  EXPECT_LT(list.view().tokens.size(), 8u);
}

TEST(PostingCursor, EndsBeforeTheEndOfIdsWhateverTheBytesSay) {
  PostingList list;
  for (SeriesId i = 0; i < 1000; ++i) list.Append(i);
  const struct {
    SeriesId id_end;
    std::size_t want;
  } cases[] = {{0, 0}, {1, 0}, {999, 0}, {1000, 1000}, {1001, 1000}, {UINT32_MAX, 1000}};
  for (const auto& c : cases) {
    SCOPED_TRACE(c.id_end);
    PostingView view = list.view();
    view.id_end = c.id_end;
    // A run that leaves the range is malformed as a whole.
    EXPECT_EQ(IdsOf(view).size(), c.want);
    PostingCursor cursor(view);
    cursor.Seek(500);
    EXPECT_EQ(cursor.at_end(), c.want == 0);
  }
}

TEST(PostingCursor, SeekFindsTheFirstFromTheTargetOn) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    SCOPED_TRACE(seed);
    const std::vector<SeriesId> ids = SomeIds(seed, 5000);
    const PostingList list = PostingList::From(ids);
    EXPECT_FALSE(list.view().skips.empty());
    std::mt19937_64 random(seed);
    for (const SeriesId stride : {3u, 1000u, 3'000'000u}) {
      PostingCursor cursor(list.view());
      for (SeriesId target = 0; !cursor.at_end();
           target += 1 + static_cast<SeriesId>(random() % stride)) {
        cursor.Seek(target);
        const auto want = std::ranges::lower_bound(ids, target);
        ASSERT_EQ(cursor.at_end(), want == ids.end());
        if (!cursor.at_end()) {
          ASSERT_EQ(cursor.id(), *want);
        }
        if (random() % 4 == 0 && !cursor.at_end()) cursor.Next();
        if (!cursor.at_end()) target = std::max(target, cursor.id() - 1);
      }
    }
  }
}

TEST(PostingList, RebuildDropsWhatWasRemoved) {
  const std::vector<SeriesId> ids = SomeIds(1, 1000);
  PostingList list = PostingList::From(ids);
  std::vector<SeriesId> kept;
  std::size_t due_count = 0;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    if (i % 3 == 0) {
      due_count += list.NoteRemoved() ? 1 : 0;
    } else {
      kept.push_back(ids[i]);
    }
  }
  EXPECT_EQ(due_count, 1u);
  EXPECT_EQ(list.view().count, kept.size());
  list.Rebuild([&](SeriesId id) { return std::ranges::binary_search(kept, id); });
  EXPECT_EQ(IdsOf(list.view()), kept);
  EXPECT_EQ(list.removed_count(), 0u);
}

TEST(Union, HasTheIdsOfAllLists) {
  for (const std::size_t list_count : {0u, 1u, 3u, 8u, 9u, 200u}) {
    for (const SeriesId spread : {1u, 50'000u}) {
      SCOPED_TRACE(testing::Message() << list_count << " lists, " << spread << " apart");
      std::mt19937_64 random(list_count);
      std::vector<PostingList> lists(list_count);
      std::vector<SeriesId> all;
      SeriesId id = 7;
      for (std::size_t i = 0; i < list_count * 40; ++i) {
        lists[random() % list_count].Append(id);
        all.push_back(id);
        id += 1 + static_cast<SeriesId>(random() % spread);
      }
      std::vector<PostingView> views;
      for (const PostingList& list : lists) views.push_back(list.view());
      EXPECT_EQ(Union(views), all);
    }
  }
}

// Whatever the bytes: ids ascend, and nothing outside is read (the sanitizers look).
TEST(PostingCursor, AnyBytesAreAList) {
  constexpr std::uint64_t kSeed = 11;
  SCOPED_TRACE(kSeed);
  std::mt19937_64 random(kSeed);
  for (int i = 0; i < 3000; ++i) {
    std::string tokens(random() % 300, '\0');
    std::string skips(random() % 5 * 8, '\0');
    for (char& c : tokens) c = static_cast<char>(random() % 4 == 0 ? random() : random() % 8);
    for (char& c : skips) c = static_cast<char>(random() % 3 == 0 ? random() : 0);
    PostingCursor cursor({tokens, skips, 1});
    std::optional<SeriesId> before;
    for (int steps = 0; !cursor.at_end() && steps < 1000; ++steps) {
      if (before) {
        ASSERT_GT(cursor.id(), *before);
      }
      before = cursor.id();
      if (random() % 2 == 0) {
        cursor.Seek(cursor.id() + static_cast<SeriesId>(random() % 1000));
        if (!cursor.at_end() && cursor.id() == *before) cursor.Next();
      } else {
        cursor.Next();
      }
    }
  }
}

}  // namespace
}  // namespace narthex::index
