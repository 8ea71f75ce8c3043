#include "shared_queries.h"

#include <atomic>
#include <latch>
#include <thread>

#include "service_fixture.h"

namespace narthex::dashapi {
namespace {

constexpr std::string_view kAnswer =
    R"({"status":"success","data":{"resultType":"vector","result":[]}})";

class SharedQueriesTest : public testing::Test {
 protected:
  void SetUp() override {
    auto client = http::Client::Make({});
    ASSERT_TRUE(client.ok());
    client_ = std::move(client).value();
    queries_ = std::make_unique<SharedQueries>(*client_, clock_);
  }

  std::vector<SharedQueries::Question> Question(std::string_view path, int lifetime_ms = 0,
                                                std::string identity = "1 1") {
    SharedQueries::Question question;
    question.request.url = peer_.url() + std::string(path);
    question.identity = std::move(identity);
    question.lifetime = std::chrono::milliseconds(lifetime_ms);
    std::vector<SharedQueries::Question> questions;
    questions.push_back(std::move(question));
    return questions;
  }
  bool Ask(std::vector<SharedQueries::Question> questions) {
    return queries_->Ask(std::move(questions), {}).at(0)->ok();
  }

  FakeClock clock_;
  PrometheusPeer peer_;
  std::unique_ptr<http::Client> client_;
  std::unique_ptr<SharedQueries> queries_;
};

TEST_F(SharedQueriesTest, WhoAsksMeanwhileWaitsForTheSameAnswer) {
  constexpr int kViewerCount = 20;
  std::latch all_are_coming(kViewerCount + 1);
  // The answer waits until every viewer is about to ask; those who come after it is there find it
  // kept, so that in any order there is one request.
  peer_.SetAnswer([&](const http::Request&) {
    all_are_coming.arrive_and_wait();
    return http::Response::Json(200, std::string(kAnswer));
  });
  std::vector<std::jthread> viewers;
  std::atomic<int> answered = 0;
  for (int i = 0; i < kViewerCount; ++i) {
    viewers.emplace_back([&] {
      all_are_coming.count_down();
      if (Ask(Question("/a", 1000))) ++answered;
    });
  }
  viewers.clear();
  EXPECT_EQ(answered, kViewerCount);
  EXPECT_EQ(peer_.TakeRequests().size(), 1u);
}

TEST_F(SharedQueriesTest, AnswersStayForTheirLifetimeOnly) {
  peer_.AnswerJson(std::string(kAnswer));
  EXPECT_TRUE(Ask(Question("/a", 1000)));
  clock_.Advance(std::chrono::milliseconds(999));
  EXPECT_TRUE(Ask(Question("/a", 1000)));
  EXPECT_EQ(peer_.TakeRequests().size(), 1u);
  clock_.Advance(std::chrono::milliseconds(1));
  EXPECT_TRUE(Ask(Question("/a", 1000)));
  EXPECT_EQ(peer_.TakeRequests().size(), 1u);
}

TEST_F(SharedQueriesTest, OtherQuestionsAreOtherRequests) {
  peer_.AnswerJson(std::string(kAnswer));
  EXPECT_TRUE(Ask(Question("/a", 1000)));
  EXPECT_TRUE(Ask(Question("/b", 1000)));
  EXPECT_TRUE(Ask(Question("/a", 1000, "1 2"))) << "the data source has changed";
  auto with_header = Question("/a", 1000);
  with_header[0].request.headers.Set("X-Tenant", "b");
  EXPECT_TRUE(Ask(std::move(with_header)));
  EXPECT_EQ(peer_.TakeRequests().size(), 4u);
}

TEST_F(SharedQueriesTest, ErrorsAreNotKept) {
  peer_.AnswerJson(R"({"status":"error","errorType":"bad_data","error":"x"})", 400);
  EXPECT_FALSE(Ask(Question("/a", 1000)));
  peer_.AnswerJson(std::string(kAnswer));
  EXPECT_TRUE(Ask(Question("/a", 1000)));
}

TEST_F(SharedQueriesTest, AViewerWhoLeavesHoldsUpNobody) {
  std::latch is_asked(1);
  std::latch may_answer(1);
  std::atomic_flag was_asked;
  peer_.SetAnswer([&](const http::Request&) {
    if (!was_asked.test_and_set()) is_asked.count_down();
    may_answer.wait();
    return http::Response::Json(200, std::string(kAnswer));
  });
  std::stop_source leaves;
  std::atomic<bool> is_stayer_answered = false;
  std::jthread leaver([&] {
    const auto answer = queries_->Ask(Question("/a", 1000), leaves.get_token());
    EXPECT_EQ(answer.at(0)->code(), ErrorCode::kCanceled);
  });
  is_asked.wait();
  std::jthread stayer([&] { is_stayer_answered = Ask(Question("/a", 1000)); });
  leaves.request_stop();
  leaver.join();
  may_answer.count_down();
  stayer.join();
  EXPECT_TRUE(is_stayer_answered);
}

}  // namespace
}  // namespace narthex::dashapi
