#include "get_poller.h"

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/timerfd.h>

#include <algorithm>
#include <cerrno>

#include "base/check.h"
#include "kept_get.h"

namespace narthex::http {
namespace {

// Numbers of events that are not GETs'.
enum Special : std::uint64_t { kTimer, kPosted, kStop, kSpecialEnd };
// The least that a timer is set to: zero would stop it.
constexpr std::int64_t kTimerStepNs = 1;

int CheckedDescriptor(int fd) {
  NARTHEX_CHECK(fd >= 0, "the system has a descriptor for each client");
  return fd;
}

void Control(int epoll, int operation, int fd, std::uint32_t events, std::uint64_t number) {
  epoll_event event{};
  event.events = events;
  event.data.u64 = number;
  // Fails for a socket that was closed meanwhile at worst, and then nothing is to be watched.
  static_cast<void>(::epoll_ctl(epoll, operation, fd, &event));
}

void Signal(int event) {
  const std::uint64_t one = 1;
  static_cast<void>(!::write(event, &one, sizeof one));
}

void Drain(int event) {
  std::uint64_t count = 0;
  static_cast<void>(!::read(event, &count, sizeof count));
}

constexpr std::uint32_t kSocketEvents = EPOLLIN | EPOLLRDHUP | EPOLLONESHOT;

}  // namespace

GetPoller::GetPoller(std::size_t thread_count)
    : epoll_(CheckedDescriptor(::epoll_create1(EPOLL_CLOEXEC))),
      timer_(CheckedDescriptor(::timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK))),
      posted_event_(CheckedDescriptor(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK))),
      stop_event_(CheckedDescriptor(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK))),
      next_number_(kSpecialEnd) {
  // Edges: each wakes one thread. The stop has to wake all.
  Control(epoll_.get(), EPOLL_CTL_ADD, timer_.get(), EPOLLIN | EPOLLET, kTimer);
  Control(epoll_.get(), EPOLL_CTL_ADD, posted_event_.get(), EPOLLIN | EPOLLET, kPosted);
  Control(epoll_.get(), EPOLL_CTL_ADD, stop_event_.get(), EPOLLIN, kStop);
  for (std::size_t i = 0; i < thread_count; ++i) {
    threads_.emplace_back([this] { Run(stop_.get_token()); });
  }
}

GetPoller::~GetPoller() { Stop(); }

void GetPoller::Stop() {
  stop_.request_stop();
  Signal(stop_event_.get());
  threads_.clear();
  for (const std::shared_ptr<KeptGet>& get : All()) get->Cancel();
  MutexLock lock(mutex_);
  posted_.clear();
}

std::uint64_t GetPoller::Add(std::shared_ptr<KeptGet> get) {
  MutexLock lock(mutex_);
  const std::uint64_t number = next_number_++;
  gets_.emplace(number, std::move(get));
  return number;
}

void GetPoller::Remove(std::uint64_t number) {
  std::shared_ptr<KeptGet> removed;  // its end may call back here
  MutexLock lock(mutex_);
  const auto found = gets_.find(number);
  if (found == gets_.end()) return;
  removed = std::move(found->second);
  gets_.erase(found);
}

void GetPoller::Watch(int fd, std::uint64_t number) {
  Control(epoll_.get(), EPOLL_CTL_ADD, fd, kSocketEvents, number);
}
void GetPoller::Rearm(int fd, std::uint64_t number) {
  Control(epoll_.get(), EPOLL_CTL_MOD, fd, kSocketEvents, number);
}
void GetPoller::Unwatch(int fd) { Control(epoll_.get(), EPOLL_CTL_DEL, fd, 0, 0); }

void GetPoller::EnsureWakeUp(Instant deadline) {
  using std::chrono::nanoseconds;
  const std::int64_t want = nanoseconds(deadline.time_since_epoch()).count();
  const std::int64_t set = wake_up_ns_.load(std::memory_order_relaxed);
  if (set != 0 && set <= want) return;
  MutexLock lock(mutex_);
  const std::int64_t newest = wake_up_ns_.load(std::memory_order_relaxed);
  if (newest != 0 && newest <= want) return;
  constexpr std::int64_t kSecondNs = 1'000'000'000;
  const std::int64_t at = std::max(want, kTimerStepNs);
  itimerspec when{};
  when.it_value.tv_sec = at / kSecondNs;
  when.it_value.tv_nsec = at % kSecondNs;
  ::timerfd_settime(timer_.get(), TFD_TIMER_ABSTIME, &when, nullptr);
  wake_up_ns_.store(at, std::memory_order_relaxed);
}

void GetPoller::Post(std::shared_ptr<KeptGet> get) {
  {
    MutexLock lock(mutex_);
    posted_.push_back(std::move(get));
  }
  Signal(posted_event_.get());
}

std::shared_ptr<KeptGet> GetPoller::Find(std::uint64_t number) const {
  MutexLock lock(mutex_);
  const auto found = gets_.find(number);
  return found == gets_.end() ? nullptr : found->second;
}

std::vector<std::shared_ptr<KeptGet>> GetPoller::All() const {
  MutexLock lock(mutex_);
  std::vector<std::shared_ptr<KeptGet>> all;
  all.reserve(gets_.size());
  for (const auto& [number, get] : gets_) all.push_back(get);
  return all;
}

void GetPoller::Run(std::stop_token stop) {
  BodyDecoder decoder;
  while (!stop.stop_requested()) Poll(decoder);
}

void GetPoller::Poll(BodyDecoder& decoder) {
  // One at a time: while this thread reads it, the others take the next.
  epoll_event event{};
  if (::epoll_wait(epoll_.get(), &event, 1, -1) != 1) {
    NARTHEX_CHECK(errno == EINTR, "only signals disturb a wait for sockets");
    return;
  }
  switch (event.data.u64) {
    case kStop:
      return;
    case kTimer:
      Drain(timer_.get());
      return LookAtDeadlines();
    case kPosted:
      Drain(posted_event_.get());
      return DeliverPosted(decoder);
    default:
      break;
  }
  if (const std::shared_ptr<KeptGet> get = Find(event.data.u64)) get->OnReadable(decoder);
}

void GetPoller::DeliverPosted(BodyDecoder& decoder) {
  std::vector<std::shared_ptr<KeptGet>> posted;
  {
    MutexLock lock(mutex_);
    posted.swap(posted_);
  }
  for (const std::shared_ptr<KeptGet>& get : posted) get->Deliver(decoder);
}

void GetPoller::LookAtDeadlines() {
  {
    MutexLock lock(mutex_);
    wake_up_ns_.store(0, std::memory_order_relaxed);
  }
  const Instant now = std::chrono::steady_clock::now();
  for (const std::shared_ptr<KeptGet>& get : All()) {
    if (const auto deadline = get->EndIfLate(now)) EnsureWakeUp(*deadline);
  }
}

}  // namespace narthex::http
