#include "http/client.h"

#include <fmt/format.h>

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <unordered_map>

#include "base/mutex.h"
#include "base/number.h"
#include "body_channel.h"
#include "get_poller.h"
#include "kept_get.h"
#include "plain_request.h"
#include "transfer.h"

namespace narthex::http {
namespace {

// Handles kept for reuse: each costs some kilobytes, and making one costs more than a small
// transfer.
constexpr std::size_t kSpareCountMax = 64;
// New, canceled and resumed transfers wake the thread, so this is only how long libcurl may keep an
// idle connection unlooked at.
constexpr int kPollPeriodMs = 60'000;

// The answer of Client::Begin.
class ChannelReader final : public BodyReader {
 public:
  explicit ChannelReader(std::shared_ptr<BodyChannel> channel) : channel_(std::move(channel)) {}
  ~ChannelReader() override { channel_->Cancel(); }

  Status AwaitHead() override {
    NARTHEX_ASSIGN_OR_RETURN(head_, channel_->AwaitHead());
    return Ok();
  }
  int status() const override { return head_.status; }
  const Headers& headers() const override { return head_.headers; }
  Result<std::string> Read() override { return channel_->Take(); }

 private:
  const std::shared_ptr<BodyChannel> channel_;  // shared with the transfer: either may leave first
  BodyChannel::Head head_;
};

class GetHandle final : public RepeatedGet {
 public:
  explicit GetHandle(std::shared_ptr<KeptGet> get) : get_(std::move(get)) {}
  ~GetHandle() override { get_->Abandon(); }

  void Start() override { get_->Start(); }

 private:
  const std::shared_ptr<KeptGet> get_;  // shared with the exchange under way
};

struct MultiDeleter {
  void operator()(CURLM* multi) const { curl_multi_cleanup(multi); }
};

class CurlClient final : public Client, private GetCarrier {
 public:
  explicit CurlClient(ClientOptions options) : options_(std::move(options)) {
    curl_multi_setopt(multi_.get(), CURLMOPT_MAXCONNECTS,
                      static_cast<long>(options_.idle_connection_count_max));
    thread_ = std::jthread([this](std::stop_token stop) { Run(stop); });
  }

  ~CurlClient() override {
    StopPoller();
    thread_.request_stop();
    Wake();
    thread_.join();
  }

  void Fetch(ClientRequest request, Callback done) override {
    Enqueue(std::make_unique<Transfer>(std::move(request), std::move(done)));
  }

  std::unique_ptr<BodyReader> Begin(ClientRequest request, std::function<void()> ready) override {
    auto channel = std::make_shared<BodyChannel>(BodyReader::kHeldSizeBytes, request.canceled,
                                                 std::move(ready));
    request.canceled = channel->token();
    request.on_headers = nullptr;
    request.on_body = nullptr;
    Callback done = [channel](Result<ClientResponse> outcome) {
      channel->Finish(outcome.ok() ? Ok() : Status(outcome.error()));
    };
    Enqueue(std::make_unique<Transfer>(std::move(request), std::move(done), channel));
    return std::make_unique<ChannelReader>(std::move(channel));
  }

  Result<ClientResponse> FetchAndWait(ClientRequest request) override {
    std::mutex mutex;
    std::condition_variable done;
    std::optional<Result<ClientResponse>> outcome;
    Fetch(std::move(request), [&](Result<ClientResponse> result) {
      const std::lock_guard lock(mutex);
      outcome = std::move(result);
      done.notify_one();
    });
    std::unique_lock lock(mutex);
    done.wait(lock, [&] { return outcome.has_value(); });
    return std::move(*outcome);
  }

  std::unique_ptr<RepeatedGet> Repeat(ClientRequest request, RepeatedGet::Callback done) override {
    request.canceled = {};
    request.on_headers = nullptr;
    request.on_body = nullptr;
    std::optional<std::string> bytes = PlainRequest(request, options_.user_agent);
    auto get = std::make_shared<KeptGet>(Poller(), static_cast<GetCarrier&>(*this),
                                         std::move(request), std::move(bytes), std::move(done));
    get->Register();
    return std::make_unique<GetHandle>(std::move(get));
  }

 private:
  void Carry(ClientRequest request, Callback done) override {
    Fetch(std::move(request), std::move(done));
  }

  void Connect(ClientRequest request, Transfer::Connected connected) override {
    Enqueue(std::make_unique<Transfer>(std::move(request), std::move(connected)));
  }

  std::shared_ptr<GetPoller> Poller() EXCLUDES(poller_mutex_) {
    MutexLock lock(poller_mutex_);
    if (poller_ == nullptr) poller_ = std::make_shared<GetPoller>(options_.repeat_thread_count);
    return poller_;
  }

  void StopPoller() EXCLUDES(poller_mutex_) {
    std::shared_ptr<GetPoller> poller;
    {
      MutexLock lock(poller_mutex_);
      poller = poller_;
    }
    if (poller != nullptr) poller->Stop();
  }

  struct Running {
    std::unique_ptr<Transfer> transfer;
    // Wakes the thread, which then finds the transfer canceled.
    std::unique_ptr<std::stop_callback<std::function<void()>>> on_cancel;
  };

  void Wake() { curl_multi_wakeup(multi_.get()); }

  void Enqueue(std::unique_ptr<Transfer> transfer) EXCLUDES(mutex_) {
    {
      MutexLock lock(mutex_);
      if (!is_over_) {
        waiting_.push_back(std::move(transfer));
        Wake();
        return;
      }
    }
    transfer->Finish(Error{ErrorCode::kCanceled, "the client has stopped"});
  }

  // From the thread of a reader that has caught up.
  void Resume(CURL* easy) EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    resumed_.push_back(easy);
    Wake();
  }

  void GoOnWithResumed() EXCLUDES(mutex_) {
    std::vector<CURL*> resumed;
    {
      MutexLock lock(mutex_);
      resumed.swap(resumed_);
    }
    for (CURL* easy : resumed) {
      // It may have ended meanwhile, or be used for another transfer, which this does no harm.
      if (running_.contains(easy)) curl_easy_pause(easy, CURLPAUSE_CONT);
    }
  }

  void Run(std::stop_token stop) {
    while (!stop.stop_requested()) {
      Begin();
      GoOnWithResumed();
      int running = 0;
      curl_multi_perform(multi_.get(), &running);
      Collect();
      EndCanceled();
      {
        MutexLock lock(mutex_);
        if (!waiting_.empty()) continue;
      }
      curl_multi_poll(multi_.get(), nullptr, 0, kPollPeriodMs, nullptr);
    }
    EndAll();
  }

  void Begin() {
    std::deque<std::unique_ptr<Transfer>> begun;
    {
      MutexLock lock(mutex_);
      begun.swap(waiting_);
    }
    for (auto& transfer : begun) {
      if (transfer->is_canceled()) {
        transfer->Finish(Error{ErrorCode::kCanceled, "canceled"});
        continue;
      }
      Status prepared = transfer->Prepare(options_, TakeEasy());
      if (!prepared.ok()) {
        transfer->Finish(std::move(prepared).error());
        continue;
      }
      CURL* easy = transfer->easy();
      if (transfer->channel() != nullptr) {
        transfer->channel()->SetResume([this, easy] { Resume(easy); });
      }
      curl_multi_add_handle(multi_.get(), easy);
      const std::stop_token canceled = transfer->canceled();
      auto on_cancel =
          std::make_unique<std::stop_callback<std::function<void()>>>(canceled, [this] { Wake(); });
      running_.emplace(easy, Running{std::move(transfer), std::move(on_cancel)});
    }
  }

  void Collect() {
    int left = 0;
    while (CURLMsg* message = curl_multi_info_read(multi_.get(), &left)) {
      if (message->msg != CURLMSG_DONE) continue;
      const CURLcode code = message->data.result;
      End(message->easy_handle, code, std::nullopt);
    }
  }

  void EndCanceled() {
    std::vector<CURL*> canceled;
    for (const auto& [easy, running] : running_) {
      if (running.transfer->is_canceled()) canceled.push_back(easy);
    }
    for (CURL* easy : canceled) End(easy, CURLE_OK, Error{ErrorCode::kCanceled, "canceled"});
  }

  void EndAll() {
    std::deque<std::unique_ptr<Transfer>> never_begun;
    {
      MutexLock lock(mutex_);
      is_over_ = true;
      never_begun.swap(waiting_);
    }
    const Error over{ErrorCode::kCanceled, "the client has stopped"};
    for (auto& transfer : never_begun) transfer->Finish(over);
    while (!running_.empty()) End(running_.begin()->first, CURLE_OK, over);
    spare_.clear();
  }

  void End(CURL* easy, CURLcode code, std::optional<Error> error) {
    const auto found = running_.find(easy);
    Running running = std::move(found->second);
    running_.erase(found);
    Result<ClientResponse> outcome =
        error ? Result<ClientResponse>(std::move(*error)) : running.transfer->Outcome(code);
    curl_multi_remove_handle(multi_.get(), easy);
    Easy handle = running.transfer->ReleaseEasy();
    if (spare_.size() < kSpareCountMax) {
      curl_easy_reset(handle.get());
      spare_.push_back(std::move(handle));
    }
    running.transfer->Finish(std::move(outcome));
  }

  Easy TakeEasy() {
    if (spare_.empty()) return Easy(curl_easy_init());
    Easy easy = std::move(spare_.back());
    spare_.pop_back();
    return easy;
  }

  const ClientOptions options_;
  const std::unique_ptr<CURLM, MultiDeleter> multi_{curl_multi_init()};

  // Used on the thread only.
  std::unordered_map<CURL*, Running> running_;
  std::vector<Easy> spare_;

  Mutex mutex_;
  std::deque<std::unique_ptr<Transfer>> waiting_ GUARDED_BY(mutex_);
  std::vector<CURL*> resumed_ GUARDED_BY(mutex_);
  bool is_over_ GUARDED_BY(mutex_) = false;

  Mutex poller_mutex_;
  std::shared_ptr<GetPoller> poller_ GUARDED_BY(poller_mutex_);  // shared with its GETs

  std::jthread thread_;
};

}  // namespace

Result<std::pair<std::string, std::string>> ParseHostAlias(std::string_view text) {
  const std::size_t equals = text.find('=');
  const std::size_t colon = text.rfind(':');
  const bool is_whole = equals != std::string_view::npos && equals > 0 &&
                        colon != std::string_view::npos && colon > equals + 1;
  const auto port = is_whole ? ParseUint64(text.substr(colon + 1)) : std::nullopt;
  if (!port || *port == 0 || *port > 65535) {
    return Error{ErrorCode::kInvalidArgument,
                 fmt::format("\"{}\" is no host alias: it must be name=host:port", text)};
  }
  return std::pair(std::string(text.substr(0, equals)), std::string(text.substr(equals + 1)));
}

Result<std::unique_ptr<BodyReader>> Client::Open(ClientRequest request) {
  std::unique_ptr<BodyReader> reader = Begin(std::move(request));
  NARTHEX_TRY(reader->AwaitHead());
  return reader;
}

Result<std::unique_ptr<Client>> Client::Make(ClientOptions options) {
  static const CURLcode started = curl_global_init(CURL_GLOBAL_DEFAULT);
  if (started != CURLE_OK) {
    return Error{ErrorCode::kInternal,
                 fmt::format("libcurl does not start: {}", curl_easy_strerror(started))};
  }
  return std::make_unique<CurlClient>(std::move(options));
}

}  // namespace narthex::http
