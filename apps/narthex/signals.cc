#include "signals.h"

#include <pthread.h>
#include <signal.h>
#include <unistd.h>

namespace narthex::apps {
namespace {

sigset_t ServiceSignals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGHUP);
  sigaddset(&set, SIGTERM);
  sigaddset(&set, SIGINT);
  return set;
}

}  // namespace

void BlockServiceSignals() {
  const sigset_t set = ServiceSignals();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  signal(SIGPIPE, SIG_IGN);
}

ServiceSignal AwaitServiceSignal() {
  const sigset_t set = ServiceSignals();
  int number = 0;
  // Fails for an invalid set only, and ours is valid.
  sigwait(&set, &number);
  return number == SIGHUP ? ServiceSignal::kReload : ServiceSignal::kStop;
}

void RequestStop() { kill(getpid(), SIGTERM); }

}  // namespace narthex::apps
