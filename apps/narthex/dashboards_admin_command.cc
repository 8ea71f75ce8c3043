#include "dashboards_admin_command.h"

#include <fmt/format.h>

#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "command_line.h"
#include "dashboards_settings.h"
#include "dashstore/store.h"

namespace narthex::apps {
namespace {

constexpr std::size_t kPasswordSizeMin = 4;
constexpr std::size_t kPasswordSizeMax = 1024;

struct AdminFlags {
  DashboardsFlags settings;
  std::vector<std::string> words;  // what the command is about, and cfg:section.key=value
  bool reads_password = false;
  std::int64_t user_id = 1;
};

// The one word that is no setting; the settings go where they belong.
// Errors: kInvalidArgument  there is none, or more than one
Result<std::string> TakeWord(AdminFlags& flags, std::string_view name) {
  std::vector<std::string> others;
  for (std::string& word : flags.words) {
    (word.starts_with("cfg:") ? flags.settings.overrides : others).push_back(std::move(word));
  }
  if (others.size() == 1) return std::move(others.front());
  return Error(ErrorCode::kInvalidArgument, fmt::format("one {} must be given", name));
}

Result<std::unique_ptr<dashstore::Store>> OpenStore(const AdminFlags& flags) {
  NARTHEX_ASSIGN_OR_RETURN(const dashapi::Settings settings,
                           ReadDashboardsSettings(flags.settings));
  return dashstore::Store::Open({.folder = settings.options.data_folder}, SystemClock());
}

std::string ReadLine(std::FILE* file) {
  std::string line;
  for (int c = std::fgetc(file); c != EOF && c != '\n' && line.size() < kPasswordSizeMax;
       c = std::fgetc(file)) {
    line.push_back(static_cast<char>(c));
  }
  return line;
}

// May run while the service does. Who is signed in as that user is signed out.
Status ResetPassword(AdminFlags flags) {
  if (flags.reads_password) flags.words.push_back(ReadLine(stdin));
  NARTHEX_ASSIGN_OR_RETURN(const std::string password, TakeWord(flags, "password"));
  if (password.size() < kPasswordSizeMin) {
    return Error(ErrorCode::kInvalidArgument, "the new password must have 4 letters or more");
  }
  NARTHEX_ASSIGN_OR_RETURN(const auto store, OpenStore(flags));
  NARTHEX_TRY(store->users().SetPassword(flags.user_id, password));
  NARTHEX_TRY(store->sessions().RevokeAllOf(flags.user_id));
  fmt::print("The password of user {} was changed.\n", flags.user_id);
  return Ok();
}

Status Backup(AdminFlags flags) {
  NARTHEX_ASSIGN_OR_RETURN(const std::string folder, TakeWord(flags, "folder"));
  NARTHEX_ASSIGN_OR_RETURN(const auto store, OpenStore(flags));
  NARTHEX_TRY(store->CopyTo(folder));
  fmt::print(
      "The database and its key were copied to {}. To restore, stop the service and put both files "
      "into its data folder.\n",
      folder);
  return Ok();
}

}  // namespace

int RunDashboardsAdminCommand(int argc, char** argv) {
  CLI::App app("Works on the data folder of the dashboards service, also while that runs.",
               "narthex dashboards admin");
  app.require_subcommand(1);
  AdminFlags flags;
  CLI::App* reset = app.add_subcommand("reset-admin-password",
                                       "Gives a user, the first one if not told, a new password");
  reset->add_option("password", flags.words, "The new password, and cfg:section.key=value");
  reset->add_flag("--password-from-stdin", flags.reads_password,
                  "Read the password from standard input");
  reset->add_option("--user-id", flags.user_id, "Whose password");
  AddSettingFlags(*reset, flags.settings);
  CLI::App* backup =
      app.add_subcommand("backup", "Copies the database and its key into a new folder");
  backup->add_option("folder", flags.words, "Where to, and cfg:section.key=value");
  AddSettingFlags(*backup, flags.settings);
  if (const auto status = ParseCommandLine(app, argc, argv)) return *status;

  const Status done = reset->parsed() ? ResetPassword(flags) : Backup(flags);
  if (!done.ok()) return Fail(app, done.error().message(), 1);
  return 0;
}

}  // namespace narthex::apps
