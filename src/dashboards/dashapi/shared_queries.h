// Equal queries of several viewers, asked once.
#pragma once

#include <chrono>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "base/clock.h"
#include "http/client.h"
#include "series_answer.h"

namespace narthex::dashapi {

// Thread-safe. Who asks what is being asked already waits for that answer. Answers stay for a
// moment, so that viewers who refresh one after the other share them too; together they hold at
// most kHeldSizeBytesMax of what was received, errors are not kept. A transfer ends when the last
// who waits for it has gone.
//
// Memory: answers are read while they come and are held as columns, never as text; what is not yet
// being read holds http::BodyReader::kHeldSizeBytes for each question.
class SharedQueries {
 public:
  static constexpr std::size_t kHeldSizeBytesMax = 8u << 20;

  struct Question {
    http::ClientRequest request;
    // Of the data source in its present state: requests that look alike may carry other secrets.
    std::string identity;
    // How long the answer stays; 0: not at all.
    std::chrono::milliseconds lifetime{0};
  };
  // Shared by all who asked.
  using Answer = std::shared_ptr<const Result<SeriesAnswer>>;

  SharedQueries(http::Client& client, Clock& clock);
  ~SharedQueries();

  // Asks all at once; answers in their order. Blocks until all are there or `canceled` is
  // requested; then also while an answer is being read that others wait for.
  std::vector<Answer> Ask(std::vector<Question> questions, const std::stop_token& canceled);

 private:
  struct Flight;
  struct Shared;
  // One who waits for a flight.
  struct Wait {
    std::shared_ptr<Flight> flight;
    bool has_left = false;  // guarded by the mutex of Shared
  };

  std::shared_ptr<Flight> Join(Question question);

  http::Client& client_;
  Clock& clock_;
  // Transfers under way call back into it after this object may be gone.
  const std::shared_ptr<Shared> shared_;
};

}  // namespace narthex::dashapi
