#include "live_hub.h"

#include <fmt/format.h>

#include <algorithm>

#include "answers.h"
#include "base/log.h"
#include "dashstore/random.h"

namespace narthex::dashapi {
namespace {

// Nobody can guess the name of another's client.
constexpr std::size_t kClientIdBytes = 16;

}  // namespace

// Guarded by the hub's mutex, but for what is constant.
struct LiveHub::Channel {
  std::string name;
  LiveQuery query;  // constant

  std::set<std::string> client_ids;
  TimestampMs due = 0;
  bool is_under_way = false;
  bool is_closed = false;
  TimestampMs told = 0;
  std::string error;        // the last, already told
  std::stop_source cancel;  // of its request
};

// What wakes the hub's thread: answers, wishes, the end.
struct LiveHub::Inbox {
  struct Arrival {
    ChannelPtr channel;
    LiveSpan span;
    Result<http::ClientResponse> response;
  };

  Mutex mutex;
  std::stop_source wake GUARDED_BY(mutex);
  std::vector<Arrival> arrivals GUARDED_BY(mutex);
  bool is_check_wanted GUARDED_BY(mutex) = false;
  bool is_stopping GUARDED_BY(mutex) = false;

  void Wake() EXCLUDES(mutex) {
    std::stop_source source;
    {
      const MutexLock lock(mutex);
      source = wake;
    }
    source.request_stop();
  }
  // What Wake() stops from now on; to be called before looking for work.
  std::stop_token Arm() EXCLUDES(mutex) {
    const MutexLock lock(mutex);
    if (wake.stop_requested()) wake = std::stop_source();
    return wake.get_token();
  }
};

LiveHub::LiveHub(http::Client& client, Clock& clock, Limits limits)
    : client_(client), clock_(clock), limits_(limits), inbox_(std::make_shared<Inbox>()) {
  thread_ = std::jthread([this] { Run(); });
}

LiveHub::~LiveHub() {
  Stop();
  {
    const MutexLock lock(inbox_->mutex);
    inbox_->is_stopping = true;
  }
  inbox_->Wake();
  thread_.join();
}

void LiveHub::Stop() {
  std::vector<Receiver> receivers;
  {
    const MutexLock lock(mutex_);
    is_stopped_ = true;
    for (const auto& [id, client] : clients_) receivers.push_back({id, client.feed});
  }
  const auto event = EndEvent("stopping");
  for (const Receiver& receiver : receivers) receiver.feed->EndWith(event);
  for (const Receiver& receiver : receivers) Forget(receiver.client_id);
}

Result<std::shared_ptr<http::Feed>> LiveHub::Open(Viewer viewer) {
  const std::string id = dashstore::RandomHex(kClientIdBytes);
  auto feed = std::make_shared<http::Feed>(limits_.backlog_size_bytes_max);
  const std::chrono::milliseconds heartbeat(kHeartbeatPeriod);
  feed->Push(LiveEvent(
      "hello", Object({{"client", Text(id)}, {"heartbeatMs", json::Value(heartbeat.count())}})));
  {
    const MutexLock lock(mutex_);
    if (is_stopped_) return Error(ErrorCode::kUnavailable, "the service stops");
    if (clients_.size() >= limits_.client_count_max) {
      return Error(ErrorCode::kResourceExhausted,
                   fmt::format("{} live connections are open already ([live] max_connections)",
                               clients_.size()));
    }
    Client client{std::move(viewer), feed, {}};
    changed_places_.insert(client.place());
    clients_.emplace(id, std::move(client));
  }
  inbox_->Wake();
  feed->WhenGone([this, id] { Forget(id); });
  return feed;
}

Result<std::vector<Result<std::string>>> LiveHub::Subscribe(std::string_view client_id,
                                                            const Viewer& viewer,
                                                            std::vector<LiveQuery> queries) {
  std::vector<Result<std::string>> names;
  {
    const MutexLock lock(mutex_);
    const auto found = clients_.find(client_id);
    if (found == clients_.end() || found->second.viewer.user_id != viewer.user_id ||
        found->second.viewer.session_id != viewer.session_id ||
        found->second.place() != Place(viewer.org_id, viewer.dashboard_uid)) {
      return Error(ErrorCode::kNotFound, "there is no such live client");
    }
    const auto& [id, client] = *found;
    // Joined before the old ones are left: a channel that stays goes on without a break.
    std::set<ChannelPtr> joined;
    for (LiveQuery& query : queries) {
      if (joined.size() >= limits_.client_channel_count_max) {
        names.push_back(Error(ErrorCode::kResourceExhausted, "the client has too many channels"));
        continue;
      }
      Result<ChannelPtr> channel = Join(std::move(query), id);
      if (channel.ok()) joined.insert(*channel);
      names.push_back(channel.ok() ? Result<std::string>((*channel)->name) : channel.error());
    }
    std::set<ChannelPtr>& channels = found->second.channels;
    channels.swap(joined);
    for (const ChannelPtr& channel : joined) {
      if (channels.count(channel) == 0) Leave(channel, id);
    }
  }
  inbox_->Wake();
  return names;
}

Result<LiveHub::ChannelPtr> LiveHub::Join(LiveQuery query, const std::string& client_id) {
  if (const auto found = channels_.find(query.key); found != channels_.end()) {
    found->second->client_ids.insert(client_id);
    return found->second;
  }
  if (channels_.size() >= limits_.channel_count_max) {
    return Error(ErrorCode::kResourceExhausted, "there are too many live channels");
  }
  auto channel = std::make_shared<Channel>();
  channel->name = fmt::format("c{}", ++channel_number_);
  const TimestampMs now = clock_.Now();
  channel->due = NextLiveTime(query, now);
  channel->told = LastLiveTime(query, now);
  channel->query = std::move(query);
  channel->client_ids.insert(client_id);
  channels_.emplace(channel->query.key, channel);
  return channel;
}

void LiveHub::Leave(const ChannelPtr& channel, const std::string& client_id) {
  channel->client_ids.erase(client_id);
  if (!channel->client_ids.empty() || channel->is_closed) return;
  channel->is_closed = true;
  channels_.erase(channel->query.key);
  channel->cancel.request_stop();
}

bool LiveHub::Remove(const std::string& client_id) {
  const auto found = clients_.find(client_id);
  if (found == clients_.end()) return false;
  for (const ChannelPtr& channel : found->second.channels) Leave(channel, client_id);
  changed_places_.insert(found->second.place());
  clients_.erase(found);
  return true;
}

void LiveHub::Forget(const std::string& client_id) {
  {
    const MutexLock lock(mutex_);
    if (!Remove(client_id)) return;
  }
  inbox_->Wake();
}

void LiveHub::TellSaved(std::int64_t org_id, std::string_view dashboard_uid,
                        const json::Value& content, std::int64_t session_id) {
  std::vector<Receiver> receivers;
  {
    const MutexLock lock(mutex_);
    for (const auto& [id, client] : clients_) {
      if (client.viewer.org_id != org_id || client.viewer.dashboard_uid != dashboard_uid) continue;
      if (session_id != 0 && client.viewer.session_id == session_id) continue;
      receivers.push_back({id, client.feed});
    }
  }
  if (!receivers.empty()) Tell(receivers, LiveEvent("dashboard", content));
}

void LiveHub::CheckSoon() {
  {
    const MutexLock lock(inbox_->mutex);
    inbox_->is_check_wanted = true;
  }
  inbox_->Wake();
}

LiveHub::Counts LiveHub::counts() const {
  const MutexLock lock(mutex_);
  Counts counts{clients_.size(), channels_.size(), 0, slow_client_count_, request_count_};
  for (const auto& [id, client] : clients_) counts.subscriptions += client.channels.size();
  return counts;
}

void LiveHub::Run() {
  while (true) {
    const std::stop_token woken = inbox_->Arm();
    {
      const MutexLock lock(inbox_->mutex);
      if (inbox_->is_stopping) return;
    }
    Work();
    clock_.WaitUntil(NextDeadline(), woken);
  }
}

void LiveHub::Work() {
  TakeAnswers();
  AskWhatIsDue();
  TellPresence();
  bool is_check_wanted = false;
  {
    const MutexLock lock(inbox_->mutex);
    is_check_wanted = std::exchange(inbox_->is_check_wanted, false);
  }
  const TimestampMs now = clock_.Now();
  if (is_check_wanted || now >= next_check_) {
    CheckClients();
    next_check_ = now + std::chrono::milliseconds(kCheckPeriod).count();
  }
  if (now >= next_beat_) {
    if (next_beat_ != 0) Beat();
    next_beat_ = now + std::chrono::milliseconds(kHeartbeatPeriod).count();
  }
}

std::chrono::nanoseconds LiveHub::NextDeadline() const {
  // In this order: a clock that moves in between makes the wait too short, never too long.
  const std::chrono::nanoseconds monotonic = clock_.Monotonic();
  const TimestampMs now = clock_.Now();
  TimestampMs next = std::min(next_beat_, next_check_);
  const MutexLock lock(mutex_);
  if (clients_.empty()) return monotonic + std::chrono::hours(1);
  if (under_way_count_ < limits_.request_count_max) {
    for (const auto& [key, channel] : channels_) {
      if (!channel->is_under_way) next = std::min(next, channel->due);
    }
  }
  return monotonic + milliseconds(std::max<std::int64_t>(next - now, 0));
}

void LiveHub::AskWhatIsDue() {
  const TimestampMs now = clock_.Now();
  std::vector<std::pair<ChannelPtr, LiveSpan>> due;
  {
    const MutexLock lock(mutex_);
    for (const auto& [key, channel] : channels_) {
      if (under_way_count_ >= limits_.request_count_max) break;
      if (channel->is_under_way || channel->due > now) continue;
      channel->is_under_way = true;
      ++under_way_count_;
      ++request_count_;
      due.emplace_back(channel, LiveSpanAt(channel->query, now, channel->told));
    }
  }
  for (const auto& [channel, span] : due) Ask(channel, span);
}

void LiveHub::Ask(const ChannelPtr& channel, LiveSpan span) {
  Result<http::ClientRequest> request = channel->query.request(span.from, span.to);
  if (!request.ok()) return TakeAnswer(channel, span, request.error());
  request->canceled = channel->cancel.get_token();
  request->body_size_bytes_max = limits_.answer_size_bytes_max;
  client_.Fetch(*std::move(request),
                [inbox = inbox_, channel, span](Result<http::ClientResponse> response) {
                  {
                    const MutexLock lock(inbox->mutex);
                    inbox->arrivals.push_back({channel, span, std::move(response)});
                  }
                  inbox->Wake();
                });
}

void LiveHub::TakeAnswers() {
  std::vector<Inbox::Arrival> arrivals;
  {
    const MutexLock lock(inbox_->mutex);
    arrivals.swap(inbox_->arrivals);
  }
  for (Inbox::Arrival& arrival : arrivals) {
    TakeAnswer(arrival.channel, arrival.span, std::move(arrival.response));
  }
}

void LiveHub::TakeAnswer(const ChannelPtr& channel, LiveSpan span,
                         Result<http::ClientResponse> response) {
  const bool is_over = response.code() == ErrorCode::kFailedPrecondition;
  const bool is_too_large = response.code() == ErrorCode::kResourceExhausted;
  const Result<SeriesAnswer> answer = response.ok()
                                          ? ReadSeriesAnswer(response->status, response->body)
                                          : Result<SeriesAnswer>(response.error());
  {
    const MutexLock lock(mutex_);
    channel->is_under_way = false;
    --under_way_count_;
    channel->due = NextLiveTime(channel->query, clock_.Now());
    if (channel->is_closed) return;
    if (answer.ok()) {
      channel->told = span.to;
      channel->error.clear();
    }
  }
  if (is_over) return CloseChannel(channel, answer.error().message());
  if (is_too_large) return CloseChannel(channel, "the answer is too large to be live");
  if (!answer.ok()) return TellError(channel, answer.error());
  const auto event = PointsEvent(channel->name, channel->query, span, *answer);
  if (event->size() > limits_.event_size_bytes_max) {
    return CloseChannel(channel, "the answer is too large to be live");
  }
  Tell(ReceiversOf(*channel), event);
}

void LiveHub::TellError(const ChannelPtr& channel, const Error& error) {
  {
    const MutexLock lock(mutex_);
    if (channel->error == error.message()) return;
    channel->error = error.message();
  }
  Tell(ReceiversOf(*channel), LiveEvent("error", Object({{"channel", Text(channel->name)},
                                                         {"message", Text(error.message())}})));
}

void LiveHub::CloseChannel(const ChannelPtr& channel, std::string_view reason) {
  const std::vector<Receiver> receivers = ReceiversOf(*channel);
  {
    const MutexLock lock(mutex_);
    if (channel->is_closed) return;
    channel->is_closed = true;
    channels_.erase(channel->query.key);
    for (const std::string& id : channel->client_ids) clients_.at(id).channels.erase(channel);
    channel->client_ids.clear();
  }
  Tell(receivers,
       LiveEvent("closed", Object({{"channel", Text(channel->name)}, {"reason", Text(reason)}})));
}

std::vector<LiveHub::Receiver> LiveHub::ReceiversOf(const Channel& channel) const {
  const MutexLock lock(mutex_);
  std::vector<Receiver> receivers;
  for (const std::string& id : channel.client_ids) {
    receivers.push_back({id, clients_.at(id).feed});
  }
  return receivers;
}

void LiveHub::Tell(const std::vector<Receiver>& receivers, const http::Feed::Piece& event) {
  for (const Receiver& receiver : receivers) {
    if (receiver.feed->Push(event)) continue;
    // Of one that has gone or ended this changes nothing.
    receiver.feed->EndWith(EndEvent("slow"));
    {
      const MutexLock lock(mutex_);
      if (!Remove(receiver.client_id)) continue;
      ++slow_client_count_;
    }
    LogInfo("live", "a client reads too slowly and was dropped", {});
  }
}

void LiveHub::TellPresence() {
  struct News {
    Presence presence;
    std::vector<Receiver> named;      // see names
    std::vector<Receiver> anonymous;  // see numbers
  };
  std::vector<News> all;
  {
    const MutexLock lock(mutex_);
    for (const Place& place : std::exchange(changed_places_, {})) {
      News news;
      std::map<std::string, Presence::Viewer> viewers;
      for (const auto& [id, client] : clients_) {
        if (client.place() != place) continue;
        const bool is_named = client.viewer.user_id != 0;
        (is_named ? news.named : news.anonymous).push_back({id, client.feed});
        if (!is_named) {
          ++news.presence.anonymous_count;
          continue;
        }
        const auto [viewer, is_new] = viewers.try_emplace(client.viewer.login);
        viewer->second.login = client.viewer.login;
        viewer->second.name = client.viewer.name;
        ++viewer->second.connection_count;
      }
      for (auto& [login, viewer] : viewers) news.presence.viewers.push_back(std::move(viewer));
      all.push_back(std::move(news));
    }
  }
  for (const News& news : all) {
    if (!news.named.empty()) Tell(news.named, PresenceEvent(news.presence, true));
    if (!news.anonymous.empty()) Tell(news.anonymous, PresenceEvent(news.presence, false));
  }
}

void LiveHub::CheckClients() {
  struct Checked {
    Receiver receiver;
    std::function<std::string()> check;
  };
  std::vector<Checked> all;
  {
    const MutexLock lock(mutex_);
    for (const auto& [id, client] : clients_) {
      all.push_back({{id, client.feed}, client.viewer.check});
    }
  }
  for (const Checked& checked : all) {
    const std::string reason = checked.check();
    if (reason.empty()) continue;
    checked.receiver.feed->EndWith(EndEvent(reason));
    Forget(checked.receiver.client_id);
  }
}

void LiveHub::Beat() {
  std::vector<Receiver> receivers;
  {
    const MutexLock lock(mutex_);
    for (const auto& [id, client] : clients_) receivers.push_back({id, client.feed});
  }
  Tell(receivers, LiveEvent("ping", Object({{"now", json::Value(clock_.Now())}})));
}

}  // namespace narthex::dashapi
