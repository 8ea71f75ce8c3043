#include "live_query.h"

#include <gtest/gtest.h>

namespace narthex::dashapi {
namespace {

LiveQuery Range(std::int64_t step_ms, std::int64_t phase_ms = 0) {
  LiveQuery query;
  query.step = milliseconds(step_ms);
  query.phase = milliseconds(phase_ms);
  return query;
}

TEST(LiveQuery, IsDueShortlyAfterEachStep) {
  const struct {
    std::string name;
    std::int64_t step_ms, phase_ms;
    TimestampMs now, want;
  } cases[] = {
      {"between", 15'000, 0, 1'003'000, 1'005'500},
      {"just before", 15'000, 0, 1'005'499, 1'005'500},
      {"just then", 15'000, 0, 1'005'500, 1'020'500},
      {"with a phase", 15'000, 2'000, 1'003'000, 1'007'500},
      {"with a phase, before", 15'000, 14'000, 1'003'000, 1'004'500},
      {"no more often than each second", 100, 0, 1'003'100, 1'003'500},
      {"before 1970", 15'000, 0, -1'000, 500},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    EXPECT_EQ(NextLiveTime(Range(c.step_ms, c.phase_ms), c.now), c.want);
  }
}

TEST(LiveQuery, AsksForWhatWasNotToldAndTheLastOnceMore) {
  const struct {
    std::string name;
    TimestampMs told;
    LiveSpan want;
  } cases[] = {
      {"as usual", 990'000, {990'000, 1'005'000, false}},
      {"after a failure", 945'000, {945'000, 1'005'000, false}},
      {"nothing new", 1'005'000, {1'005'000, 1'005'000, false}},
      {"a clock that was set back", 2'000'000, {1'005'000, 1'005'000, false}},
      {"at the limit", 1'005'000 - 1'500'000, {1'005'000 - 1'500'000, 1'005'000, false}},
      {"behind the limit", 1'005'000 - 1'515'000, {1'005'000 - 1'500'000, 1'005'000, true}},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    EXPECT_EQ(LiveSpanAt(Range(15'000), 1'005'500, c.told), c.want);
  }
}

TEST(LiveQuery, AnInstantIsNow) {
  LiveQuery query = Range(15'000);
  query.is_range = false;
  EXPECT_EQ(LiveSpanAt(query, 1'005'555, 990'000), (LiveSpan{1'005'555, 1'005'555, false}));
}

}  // namespace
}  // namespace narthex::dashapi
