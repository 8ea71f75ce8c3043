// The live channel: who looks at which dashboard, and what they are told.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <stop_token>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "base/mutex.h"
#include "http/client.h"
#include "http/feed.h"
#include "live_event.h"
#include "live_query.h"

namespace narthex::dashapi {

// Each client has a feed for one dashboard. Equal queries of all clients are one channel: asked
// once when there may be new samples, and told to all of them. A client that reads too slowly is
// told so and dropped.
//
// Thread-safe. One thread asks, reads answers and tells; requests run in the HTTP client. Memory: a
// backlog for each client, of texts that they share.
class LiveHub {
 public:
  struct Limits {
    std::size_t client_count_max = 100;
    std::size_t channel_count_max = 1000;           // of all clients together
    std::size_t client_channel_count_max = 200;     // of one
    std::size_t request_count_max = 32;             // under way at once
    std::size_t answer_size_bytes_max = 4u << 20;   // as received
    std::size_t event_size_bytes_max = 512u << 10;  // larger answers are left to polling
    std::size_t backlog_size_bytes_max = 2u << 20;  // of a client
  };
  static constexpr std::chrono::seconds kHeartbeatPeriod{15};
  // How soon it shows that a session has run out or a right was taken away elsewhere than by
  // requests to this service.
  static constexpr std::chrono::seconds kCheckPeriod{10};

  struct Viewer {
    std::int64_t org_id = 0;
    std::string dashboard_uid;
    std::int64_t user_id = 0;  // 0: has not signed in
    std::int64_t session_id = 0;
    std::string login;
    std::string name;
    // Empty as long as the viewer may look at the dashboard, else the reason why no more. Called
    // from the hub's thread, without a lock.
    std::function<std::string()> check;
  };

  LiveHub(http::Client& client, Clock& clock, Limits limits);
  // Stop().
  ~LiveHub();
  LiveHub(const LiveHub&) = delete;
  LiveHub& operator=(const LiveHub&) = delete;

  // The feed begins with the event "hello", which names the client.
  // Errors: kResourceExhausted  too many clients; kUnavailable  the service stops
  Result<std::shared_ptr<http::Feed>> Open(Viewer viewer) EXCLUDES(mutex_);

  // The channels that the client gets from now on, in place of those before; in the order of
  // `queries`, each its name or why it has none (kResourceExhausted).
  // Errors: kNotFound  no such client of that user and session on that dashboard
  Result<std::vector<Result<std::string>>> Subscribe(std::string_view client_id,
                                                     const Viewer& viewer,
                                                     std::vector<LiveQuery> queries)
      EXCLUDES(mutex_);

  // Tells all who look at the dashboard, but for those of the session that saved it (0: none).
  void TellSaved(std::int64_t org_id, std::string_view dashboard_uid, const json::Value& content,
                 std::int64_t session_id) EXCLUDES(mutex_);

  // Looks soon whether everybody may still look: to be called when something has changed.
  void CheckSoon();

  // Tells all clients and lets no more in. Their connections end as soon as they have read that.
  void Stop() EXCLUDES(mutex_);

  struct Counts {
    std::size_t clients = 0;
    std::size_t channels = 0;
    std::size_t subscriptions = 0;
    std::uint64_t slow_clients = 0;  // dropped so far
    std::uint64_t requests = 0;      // so far
  };
  Counts counts() const EXCLUDES(mutex_);

 private:
  struct Channel;
  struct Inbox;
  using ChannelPtr = std::shared_ptr<Channel>;
  using Place = std::pair<std::int64_t, std::string>;  // organisation, dashboard

  struct Client {
    Viewer viewer;
    std::shared_ptr<http::Feed> feed;
    std::set<ChannelPtr> channels;
    Place place() const { return {viewer.org_id, viewer.dashboard_uid}; }
  };
  // Somebody to tell: collected under the lock, told without it.
  struct Receiver {
    std::string client_id;
    std::shared_ptr<http::Feed> feed;
  };

  void Run();
  void Work();
  void AskWhatIsDue() EXCLUDES(mutex_);
  void Ask(const ChannelPtr& channel, LiveSpan span) EXCLUDES(mutex_);
  void TakeAnswers() EXCLUDES(mutex_);
  void TakeAnswer(const ChannelPtr& channel, LiveSpan span, Result<http::ClientResponse> response)
      EXCLUDES(mutex_);
  void TellError(const ChannelPtr& channel, const Error& error) EXCLUDES(mutex_);
  void CloseChannel(const ChannelPtr& channel, std::string_view reason) EXCLUDES(mutex_);
  void TellPresence() EXCLUDES(mutex_);
  void CheckClients() EXCLUDES(mutex_);
  void Beat() EXCLUDES(mutex_);
  std::chrono::nanoseconds NextDeadline() const EXCLUDES(mutex_);

  void Tell(const std::vector<Receiver>& receivers, const http::Feed::Piece& event)
      EXCLUDES(mutex_);
  std::vector<Receiver> ReceiversOf(const Channel& channel) const EXCLUDES(mutex_);
  void Forget(const std::string& client_id) EXCLUDES(mutex_);
  // False if it is gone already.
  bool Remove(const std::string& client_id) REQUIRES(mutex_);
  void Leave(const ChannelPtr& channel, const std::string& client_id) REQUIRES(mutex_);
  Result<ChannelPtr> Join(LiveQuery query, const std::string& client_id) REQUIRES(mutex_);

  http::Client& client_;
  Clock& clock_;
  const Limits limits_;
  // Requests under way call back into it after this object may be gone.
  const std::shared_ptr<Inbox> inbox_;

  // Used by the hub's thread only.
  TimestampMs next_beat_ = 0;
  TimestampMs next_check_ = 0;

  mutable Mutex mutex_;
  bool is_stopped_ GUARDED_BY(mutex_) = false;
  std::map<std::string, Client, std::less<>> clients_ GUARDED_BY(mutex_);
  std::map<std::string, ChannelPtr, std::less<>> channels_ GUARDED_BY(mutex_);  // by key
  std::set<Place> changed_places_ GUARDED_BY(mutex_);  // whose presence is to be told
  std::uint64_t channel_number_ GUARDED_BY(mutex_) = 0;
  std::size_t under_way_count_ GUARDED_BY(mutex_) = 0;
  std::uint64_t slow_client_count_ GUARDED_BY(mutex_) = 0;
  std::uint64_t request_count_ GUARDED_BY(mutex_) = 0;

  std::jthread thread_;  // last: it uses all of the above
};

}  // namespace narthex::dashapi
