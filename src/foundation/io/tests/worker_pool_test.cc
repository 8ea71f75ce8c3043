#include "io/worker_pool.h"

#include <gtest/gtest.h>

#include <atomic>
#include <latch>

namespace narthex::io {
namespace {

TEST(WorkerPool, RunsEveryAcceptedTaskBeforeItEnds) {
  std::atomic<int> run_count = 0;
  {
    WorkerPool pool({.thread_count = 3, .queue_length_max = 1000});
    for (int i = 0; i < 500; ++i) ASSERT_TRUE(pool.Submit([&] { ++run_count; }).ok());
  }
  EXPECT_EQ(run_count, 500);
}

TEST(WorkerPool, RefusesWhatTheQueueCannotHold) {
  WorkerPool pool({.thread_count = 1, .queue_length_max = 2});
  std::latch started(1);
  std::latch release(1);
  ASSERT_TRUE(pool.Submit([&] {
                    started.count_down();
                    release.wait();
                  })
                  .ok());
  started.wait();
  EXPECT_TRUE(pool.Submit([] {}).ok());
  EXPECT_TRUE(pool.Submit([] {}).ok());
  EXPECT_EQ(pool.queue_length(), 2u);
  EXPECT_EQ(pool.Submit([] {}).code(), ErrorCode::kResourceExhausted);
  release.count_down();
}

TEST(WorkerPool, RefusesAfterStop) {
  WorkerPool pool({.thread_count = 1});
  pool.Stop();
  EXPECT_EQ(pool.Submit([] {}).code(), ErrorCode::kCanceled);
  pool.Stop();
}

}  // namespace
}  // namespace narthex::io
