// Pushes metrics to a Pushgateway.
#pragma once

#include <chrono>
#include <future>
#include <memory>
#include <string>

#include "prometheus/collectable.h"
#include "prometheus/labels.h"

namespace prometheus {

// Thread-safe. Its functions give the status of the gateway's answer, 200 if there was nothing to
// push, and a negative number if there was no answer.
class Gateway {
 public:
  // `labels` belong to the grouping key. `host` may have a scheme and `port` a path behind it.
  // `timeout` of nothing is none.
  Gateway(const std::string& host, const std::string& port, const std::string& jobname,
          const Labels& labels = {}, const std::string& username = {},
          const std::string& password = {}, std::chrono::seconds timeout = {});
  ~Gateway();
  Gateway(const Gateway&) = delete;
  Gateway& operator=(const Gateway&) = delete;

  // Pushes what it collects as long as it lives, with `labels` behind the gateway's.
  void RegisterCollectable(const std::weak_ptr<Collectable>& collectable,
                           const Labels* labels = nullptr);

  // {{"instance", hostname}}; nothing if that is empty.
  static Labels GetInstanceLabel(std::string hostname);

  // With POST: metrics of other names stay in the group. The names are those of prometheus-cpp,
  // where they are the other way round than elsewhere; so are their effects here.
  int Push();
  std::future<int> AsyncPush();
  // With PUT: the group consists of these metrics afterwards.
  int PushAdd();
  std::future<int> AsyncPushAdd();
  // The group of the job, without other labels.
  int Delete();
  std::future<int> AsyncDelete();
  // The group of the job and the gateway's labels.
  int DeleteForInstance();
  std::future<int> AsyncDeleteForInstance();

  // "key:value", sent with every request from now on. False: it is malformed.
  bool AddHttpHeader(const std::string& header);

 private:
  class State;
  std::shared_ptr<State> state_;  // shared with what is under way
};

}  // namespace prometheus
