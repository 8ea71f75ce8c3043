// The dashboards service: all of it, started and stopped as one.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "dashapi/options.h"

namespace narthex::dashapi {

// Thread-safe. Owns its threads, its database and its connections.
class Service {
 public:
  // Opens the store, makes the first user if there is none, applies the provisioning files and
  // serves. A data source file that is wrong stops the start; a dashboard file that is wrong is
  // refused by itself.
  //
  // Errors: kInvalidArgument  a setting or a data source file; the message says which and where
  //         kAlreadyExists    the port is in use
  //         those of dashstore::Store
  static Result<std::unique_ptr<Service>> Start(DashboardsOptions options);

  // Stop() if that has not happened.
  ~Service();

  std::uint16_t port() const;
  std::vector<std::string> addresses() const;

  // Reads all provisioning files again, as the reload endpoints do.
  Status ReloadProvisioning();

  // Finishes the requests under way for up to `grace`. May be called more than once.
  void Stop(std::chrono::milliseconds grace = std::chrono::seconds(4));

 private:
  struct Parts;
  explicit Service(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace narthex::dashapi
