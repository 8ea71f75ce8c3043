// A dashboard file on its way into the store.
#pragma once

#include <string>

#include "dashboard/document.h"
#include "json/value.h"
#include "provisioner.h"

namespace narthex::dashapi {

struct Provisioner::Candidate {
  const dashboard::Provider* provider = nullptr;
  const dashstore::DashboardRecord* record = nullptr;  // what the file gave last time
  std::string path;
  std::string relative_path;
  std::string checksum;
  std::string uid;
  std::string title;
  std::string error;
  json::Value document;            // null if the file has not changed
  bool is_duplicate = false;       // of another file's uid
  bool is_folder_missing = false;  // stands for all files of a provider whose folder cannot be read
};

}  // namespace narthex::dashapi
