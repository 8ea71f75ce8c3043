// The whole service on a free port, with a scripted Prometheus server beside it.
#pragma once

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/mutex.h"
#include "dashapi/service.h"
#include "fake_clock.h"
#include "http/client.h"
#include "http/server.h"
#include "json/reader.h"

namespace narthex::dashapi {

// Answers every request as the test says and remembers what was asked.
class PrometheusPeer {
 public:
  using Answer = std::function<http::Response(const http::Request&)>;

  // `write_timeout`: how long it waits for a reader that takes nothing.
  explicit PrometheusPeer(std::chrono::milliseconds write_timeout = std::chrono::minutes(1)) {
    http::Router router;
    router.Fallback([this](const http::Request& request) {
      Answer answer;
      {
        const MutexLock lock(mutex_);
        requests_.push_back(request);
        answer = answer_;
      }
      return answer ? answer(request)
                    : http::Response::Json(200, R"({"status":"success","data":[]})");
    });
    http::ServerOptions options;
    options.worker_count = 2;
    options.write_timeout = write_timeout;
    auto server = http::Server::Start(options, std::move(router));
    EXPECT_TRUE(server.ok());
    server_ = std::move(server).value();
  }

  std::string url() const { return fmt::format("http://127.0.0.1:{}", server_->port()); }
  void SetAnswer(Answer answer) {
    const MutexLock lock(mutex_);
    answer_ = std::move(answer);
  }
  void AnswerJson(std::string text, int status = 200) {
    SetAnswer([text, status](const http::Request&) { return http::Response::Json(status, text); });
  }
  std::vector<http::Request> TakeRequests() {
    const MutexLock lock(mutex_);
    return std::exchange(requests_, {});
  }

 private:
  Mutex mutex_;
  Answer answer_ GUARDED_BY(mutex_);
  std::vector<http::Request> requests_ GUARDED_BY(mutex_);
  std::unique_ptr<http::Server> server_;
};

class ServiceTest : public testing::Test {
 protected:
  void SetUp() override {
    const auto* info = testing::UnitTest::GetInstance()->current_test_info();
    folder_ = std::filesystem::path(testing::TempDir()) /
              (std::string("dashapi_") + info->test_suite_name() + "_" + info->name());
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_ / "provisioning" / "datasources");
    std::filesystem::create_directories(folder_ / "provisioning" / "dashboards");
    auto client = http::Client::Make({});
    ASSERT_TRUE(client.ok());
    client_ = std::move(client).value();
    options_.listen_addresses = {"127.0.0.1:0"};
    options_.data_folder = (folder_ / "data").string();
    options_.provisioning_folder = (folder_ / "provisioning").string();
    options_.admin_password = "1234";
    options_.clock = &clock_;
    options_.assets = assets_;
  }
  void TearDown() override {
    service_.reset();
    std::filesystem::remove_all(folder_);
  }

  void Start() {
    service_.reset();
    auto service = Service::Start(options_);
    ASSERT_TRUE(service.ok()) << service.error().message();
    service_ = std::move(service).value();
  }

  void WriteFile(const std::string& name, std::string_view text) {
    const std::filesystem::path path = folder_ / "provisioning" / name;
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(folder_ / "scratch", std::ios::binary) << text;
    std::filesystem::rename(folder_ / "scratch", path);
  }
  void WriteProvider(std::string_view extra = "") {
    WriteFile("dashboards/default.yaml",
              fmt::format("apiVersion: 1\nproviders:\n- name: default\n  options: {{path: {}}}\n{}",
                          (folder_ / "provisioning" / "dashboards").string(), extra));
  }
  void WriteDatasource() {
    WriteFile(
        "datasources/default.yaml",
        fmt::format("datasources:\n- {{name: Prometheus, type: prometheus, uid: prom, url: '{}', "
                    "isDefault: true, jsonData: {{timeInterval: 5s}}}}\n",
                    peer_.url()));
  }

  std::string url(std::string_view path) const {
    return fmt::format("http://127.0.0.1:{}{}", service_->port(), path);
  }

  // Sends and waits; no redirects, and with the password unless `is_admin` is false.
  http::ClientResponse Send(http::ClientRequest request) {
    request.follows_redirects = false;
    auto response = client_->FetchAndWait(std::move(request));
    EXPECT_TRUE(response.ok()) << response.error().message();
    return response.ok() ? std::move(response).value() : http::ClientResponse();
  }
  http::ClientRequest Request(std::string_view method, std::string_view path,
                              std::string body = "") {
    http::ClientRequest request;
    request.method = method;
    request.url = url(path);
    request.body = std::move(body);
    if (!request.body.empty()) request.headers.Set("Content-Type", "application/json");
    return request;
  }
  http::ClientResponse As(std::string_view login, std::string_view method, std::string_view path,
                          std::string body = "") {
    http::ClientRequest request = Request(method, path, std::move(body));
    request.basic_auth.emplace(std::string(login), "1234");
    return Send(std::move(request));
  }
  http::ClientResponse Get(std::string_view path) { return As("admin", "GET", path); }
  http::ClientResponse Post(std::string_view path, std::string body) {
    return As("admin", "POST", path, std::move(body));
  }

  // A request of the administrator, and what is to come of it.
  struct Step {
    std::string method;
    std::string path;
    std::string body;
    int status;
    std::string answer;  // stands in the body
  };

  void Run(std::span<const Step> steps) {
    for (const Step& step : steps) {
      SCOPED_TRACE(step.method + " " + step.path + " " + step.body);
      const auto response = As("admin", step.method, step.path, step.body);
      EXPECT_EQ(response.status, step.status) << response.body;
      EXPECT_NE(response.body.find(step.answer), std::string::npos) << response.body;
    }
  }

  static json::Value Parsed(std::string_view text) {
    auto value = json::Parse(text);
    EXPECT_TRUE(value.ok()) << text;
    return value.ok() ? std::move(value).value() : json::Value();
  }

  // Signs in and gives the cookie for further requests.
  std::string SignIn(std::string_view password = "1234", std::string_view login = "admin") {
    const auto response = Send(Request(
        "POST", "/login", fmt::format(R"({{"user":"{}","password":"{}"}})", login, password)));
    EXPECT_EQ(response.status, 200) << response.body;
    const std::string_view cookie = response.headers.Get("Set-Cookie");
    return std::string(cookie.substr(0, cookie.find(';')));
  }

  static constexpr http::Asset kAssets[] = {
      {"/index.html", "text/html; charset=utf-8", "\"1\"", false, "<html>front end</html>", "", ""},
      {"/public/build/assets/app-12345678.js", "text/javascript; charset=utf-8", "\"2\"", true,
       "alert(1)", "", ""}};

  std::filesystem::path folder_;
  std::span<const http::Asset> assets_ = kAssets;
  FakeClock clock_{1'700'000'000'000};
  DashboardsOptions options_;
  PrometheusPeer peer_;
  std::unique_ptr<http::Client> client_;
  std::unique_ptr<Service> service_;
};

}  // namespace narthex::dashapi
