#include "shared_queries.h"

#include <map>
#include <optional>

#include "base/mutex.h"

namespace narthex::dashapi {

// One request to a server. Everything in it is guarded by the mutex of Shared, but for `response`
// while one thread reads it (kReading).
struct SharedQueries::Flight {
  enum class State { kFetching, kFetched, kReading, kDone };

  std::string key;
  std::chrono::milliseconds lifetime{0};
  State state = State::kFetching;
  std::optional<Result<http::ClientResponse>> response;
  Answer answer;
  std::size_t size_bytes = 0;
  std::size_t waiter_count = 0;
  TimestampMs done = 0;
  std::stop_source stop;
};

struct SharedQueries::Shared {
  Mutex mutex;
  CondVar changed;
  std::map<std::string, std::shared_ptr<Flight>> flights GUARDED_BY(mutex);
  std::size_t held_size_bytes GUARDED_BY(mutex) = 0;

  void Forget(const std::shared_ptr<Flight>& flight) REQUIRES(mutex) {
    const auto found = flights.find(flight->key);
    if (found == flights.end() || found->second != flight) return;
    if (flight->state == Flight::State::kDone) held_size_bytes -= flight->size_bytes;
    flights.erase(found);
  }

  void ForgetOld(TimestampMs now) REQUIRES(mutex) {
    const bool is_full = held_size_bytes > kHeldSizeBytesMax;
    for (auto at = flights.begin(); at != flights.end();) {
      const Flight& flight = *at->second;
      const bool is_old = flight.state == Flight::State::kDone &&
                          (is_full || now - flight.done >= flight.lifetime.count());
      if (is_old) held_size_bytes -= flight.size_bytes;
      at = is_old ? flights.erase(at) : std::next(at);
    }
  }

  enum class Next { kRead, kDone, kCanceled };
  // Waits for something to do; kRead: this thread is the one to read the response.
  Next Await(Flight& flight, const std::stop_token& canceled) EXCLUDES(mutex) {
    const MutexLock lock(mutex);
    while (true) {
      if (flight.state == Flight::State::kDone) return Next::kDone;
      if (canceled.stop_requested()) return Next::kCanceled;
      if (flight.state == Flight::State::kFetched) {
        flight.state = Flight::State::kReading;
        return Next::kRead;
      }
      changed.Wait(mutex);
    }
  }

  void Finish(const std::shared_ptr<Flight>& flight, Answer answer, TimestampMs now)
      EXCLUDES(mutex) {
    {
      const MutexLock lock(mutex);
      const bool is_kept = answer->ok() && flight->lifetime.count() > 0;
      if (!is_kept) Forget(flight);
      flight->answer = std::move(answer);
      flight->state = Flight::State::kDone;
      flight->done = now;
      // All may have left meanwhile, and others have asked anew.
      const auto found = flights.find(flight->key);
      if (is_kept && found != flights.end() && found->second == flight) {
        held_size_bytes += flight->size_bytes;
      }
    }
    changed.NotifyAll();
  }

  void Leave(const std::shared_ptr<Flight>& flight) EXCLUDES(mutex) {
    bool is_abandoned = false;
    {
      const MutexLock lock(mutex);
      is_abandoned = --flight->waiter_count == 0 && flight->state != Flight::State::kDone;
      // Nobody may join what is about to be canceled.
      if (is_abandoned) Forget(flight);
    }
    if (is_abandoned) flight->stop.request_stop();
  }
};

namespace {

std::string KeyOf(const SharedQueries::Question& question) {
  const http::ClientRequest& request = question.request;
  std::string key = question.identity + '\n' + request.method + ' ' + request.url + '\n';
  for (const auto& [name, value] : request.headers) key += name + ": " + value + '\n';
  return key + '\n' + request.body;
}

SharedQueries::Answer ReadAnswer(Result<http::ClientResponse>& response) {
  if (!response.ok()) {
    return std::make_shared<const Result<SeriesAnswer>>(response.error());
  }
  auto answer = std::make_shared<const Result<SeriesAnswer>>(
      ReadSeriesAnswer(response->status, response->body));
  // A big body is let go as soon as it has been read.
  response->body = std::string();
  return answer;
}

}  // namespace

SharedQueries::SharedQueries(http::Client& client, Clock& clock)
    : client_(client), clock_(clock), shared_(std::make_shared<Shared>()) {}
SharedQueries::~SharedQueries() = default;

std::shared_ptr<SharedQueries::Flight> SharedQueries::Join(Question question) {
  auto flight = std::make_shared<Flight>();
  flight->key = KeyOf(question);
  flight->lifetime = question.lifetime;
  {
    const MutexLock lock(shared_->mutex);
    shared_->ForgetOld(clock_.Now());
    const auto [found, is_new] = shared_->flights.emplace(flight->key, flight);
    ++found->second->waiter_count;
    if (!is_new) return found->second;
  }
  question.request.canceled = flight->stop.get_token();
  client_.Fetch(std::move(question.request),
                [shared = shared_, flight](Result<http::ClientResponse> response) {
                  {
                    const MutexLock lock(shared->mutex);
                    flight->size_bytes = response.ok() ? response->body.size() : 0;
                    flight->response.emplace(std::move(response));
                    flight->state = Flight::State::kFetched;
                  }
                  shared->changed.NotifyAll();
                });
  return flight;
}

std::vector<SharedQueries::Answer> SharedQueries::Ask(std::vector<Question> questions,
                                                      const std::stop_token& canceled) {
  const std::stop_callback wake(canceled, [this] {
    // The lock orders this with a waiter between its look and its sleep.
    { const MutexLock lock(shared_->mutex); }
    shared_->changed.NotifyAll();
  });
  std::vector<std::shared_ptr<Flight>> flights;
  for (Question& question : questions) flights.push_back(Join(std::move(question)));

  std::vector<Answer> answers;
  for (const auto& flight : flights) {
    auto next = shared_->Await(*flight, canceled);
    if (next == Shared::Next::kRead) {
      shared_->Finish(flight, ReadAnswer(*flight->response), clock_.Now());
      next = Shared::Next::kDone;
    }
    answers.push_back(next == Shared::Next::kDone
                          ? flight->answer
                          : std::make_shared<const Result<SeriesAnswer>>(
                                Error(ErrorCode::kCanceled, "the viewer has gone")));
    shared_->Leave(flight);
  }
  return answers;
}

}  // namespace narthex::dashapi
