#include "shared_queries.h"

#include <atomic>
#include <latch>
#include <optional>
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
  // Shared with the peer: where the leaver goes before the stayer comes, there are two requests,
  // and nobody waits for the end of the first.
  struct Gate {
    std::latch is_asked{1};
    std::latch may_answer{1};
    std::atomic_flag was_asked;
  };
  const auto gate = std::make_shared<Gate>();
  peer_.SetAnswer([gate](const http::Request&) {
    if (!gate->was_asked.test_and_set()) gate->is_asked.count_down();
    gate->may_answer.wait();
    return http::Response::Json(200, std::string(kAnswer));
  });
  std::stop_source leaves;
  std::atomic<bool> is_stayer_answered = false;
  std::jthread leaver([&] {
    const auto answer = queries_->Ask(Question("/a", 1000), leaves.get_token());
    EXPECT_EQ(answer.at(0)->code(), ErrorCode::kCanceled);
  });
  gate->is_asked.wait();
  std::jthread stayer([&] { is_stayer_answered = Ask(Question("/a", 1000)); });
  leaves.request_stop();
  leaver.join();
  gate->may_answer.count_down();
  stayer.join();
  EXPECT_TRUE(is_stayer_answered);
}

// How an endless answer ended; shared with the peer, which may be the last to hear of it.
struct Endless {
  std::atomic<bool> has_begun = false;
  std::atomic<bool> has_ended = false;
};

// `begin`, and more of it for as long as somebody reads.
PrometheusPeer::Answer AnswerWith(std::shared_ptr<Endless> endless, std::string begin,
                                  std::string more) {
  return [=](const http::Request&) {
    http::Response response = http::Response::Json(200, "");
    response.stream = [=](http::BodyWriter& writer) -> Status {
      endless->has_begun = true;
      endless->has_begun.notify_all();
      Status written = writer.Write(begin);
      while (written.ok()) written = writer.Write(more);
      endless->has_ended = true;
      endless->has_ended.notify_all();
      return written;
    };
    return response;
  };
}

TEST_F(SharedQueriesTest, AnAnswerIsReadWhileItComes) {
  const auto endless = std::make_shared<Endless>();
  peer_.SetAnswer(AnswerWith(endless, R"({"status":"success","data":no)", std::string(1000, ' ')));
  const auto answer = queries_->Ask(Question("/a", 1000), {}).at(0);
  EXPECT_EQ(answer->code(), ErrorCode::kUnavailable);
  EXPECT_EQ(answer->error().message(), "the data source's answer is not one of the Prometheus API");
  endless->has_ended.wait(false);
}

TEST_F(SharedQueriesTest, AnAnswerAboveItsLimitIsAnError) {
  const auto endless = std::make_shared<Endless>();
  peer_.SetAnswer(AnswerWith(endless,
                             R"({"status":"success","data":{"resultType":"vector","result":[)",
                             std::string(1000, ' ')));
  auto question = Question("/a", 1000);
  question[0].request.body_size_bytes_max = 1u << 20;
  const auto answer = queries_->Ask(std::move(question), {}).at(0);
  EXPECT_EQ(answer->code(), ErrorCode::kResourceExhausted);
  EXPECT_NE(answer->error().message().find("is larger than 1048576 bytes"), std::string::npos);
}

TEST_F(SharedQueriesTest, TheLastWhoLeavesEndsAnAnswerThatIsBeingRead) {
  const auto endless = std::make_shared<Endless>();
  peer_.SetAnswer(AnswerWith(endless,
                             R"({"status":"success","data":{"resultType":"matrix","result":[)",
                             R"({"metric":{},"values":[[1,"1"]]},)"));
  std::stop_source leaves[2];
  std::vector<std::jthread> viewers;
  for (std::stop_source& leave : leaves) {
    viewers.emplace_back([&] {
      auto question = Question("/a", 1000);
      question[0].request.body_size_bytes_max = 0;
      EXPECT_EQ(queries_->Ask(std::move(question), leave.get_token()).at(0)->code(),
                ErrorCode::kCanceled);
    });
  }
  endless->has_begun.wait(false);
  leaves[0].request_stop();
  leaves[1].request_stop();
  viewers.clear();
  endless->has_ended.wait(false);
  // Nobody gets what is left of an answer that was given up.
  peer_.AnswerJson(std::string(kAnswer));
  EXPECT_TRUE(Ask(Question("/a", 1000)));
}

TEST_F(SharedQueriesTest, ManyAnswersThatDoNotFitAtOnceAllCome) {
  // Each is more than a reader holds, and they are read one after the other.
  std::string text = R"({"status":"success","data":{"resultType":"matrix","result":[)";
  for (int i = 0; i < 20'000; ++i) text += R"({"metric":{"a":"b"},"values":[[1,"1"]]},)";
  text += R"({"metric":{},"values":[]}]}})";
  peer_.AnswerJson(text);
  std::vector<SharedQueries::Question> questions;
  for (int i = 0; i < 8; ++i) {
    questions.push_back(std::move(Question(fmt::format("/{}", i), 1000)[0]));
  }
  const auto answers = queries_->Ask(std::move(questions), {});
  ASSERT_EQ(answers.size(), 8u);
  for (const auto& answer : answers) {
    ASSERT_TRUE(answer->ok()) << answer->error().message();
    EXPECT_EQ((**answer).series.size(), 20'001u);
  }
}

}  // namespace
}  // namespace narthex::dashapi
