// The settings that have a meaning here, and how their values are read.
#pragma once

#include <functional>
#include <span>
#include <string_view>

#include "dashapi/settings.h"

namespace narthex::dashapi {

// What Load gathers before the options are complete.
struct SettingsDraft {
  Settings settings;
  std::string http_addr;
  std::string http_port = "3000";
  std::string domain = "localhost";
};

struct SettingEntry {
  std::string_view section;
  std::string_view key;
  // Errors: kInvalidArgument  what the value must be
  Status (*apply)(SettingsDraft& draft, std::string_view value);
};

std::span<const SettingEntry> SettingTable();

// The value that counts where none is given, for people; empty if that is nothing.
std::string_view DefaultOf(std::string_view section, std::string_view key);

// Known to Grafana, without a counterpart here and no reason for a warning.
bool IsHarmless(std::string_view section, std::string_view key);

}  // namespace narthex::dashapi
