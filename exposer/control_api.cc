#include "control_api.h"

#include <functional>

#include "control_answer.h"
#include "control_guard.h"
#include "knobs_json.h"

namespace narthex::demo_exposer {
namespace {

// More than any body that a knob takes, and read only from those who may come in.
constexpr std::size_t kBodySizeBytesMax = 16u << 10;

class ControlApi {
 public:
  ControlApi(Playground& playground, const ControlOptions& options)
      : playground_(playground), options_(options) {}

  void AddTo(http::Router& router) const {
    AddGet(router, "state", [api = *this](const http::Request&) { return api.State(); });
    AddGet(router, "exposition", [this_ = *this](const http::Request& request) {
      return Guarded(this_.playground_.Expose(request));
    });
    AddPost(router, "knobs", &ControlApi::TurnKnobs);
    AddPost(router, "increment", &ControlApi::Increment);
    AddPost(router, "restart", &ControlApi::Restart);
    AddPost(router, "reset", &ControlApi::Reset);
    AddPost(router, "story", &ControlApi::StartStory);
    AddPost(router, "story/stop", &ControlApi::StopStory);
    // Not the metrics, which every path outside answers with.
    const auto unknown = [](const http::Request& request) {
      return ErrorAnswer(404, "no route " + request.method_name + " " + request.path);
    };
    router.Get("/control/*", Checked(options_.access, unknown));
    router.Post("/control/*", Checked(options_.access, unknown));
  }

 private:
  using Act = Status (ControlApi::*)(const http::Request&) const;

  void AddGet(http::Router& router, std::string_view name, http::Handler handler) const {
    router.Get("/control/" + std::string(name), Checked(options_.access, std::move(handler)));
  }

  void AddPost(http::Router& router, std::string_view name, Act act) const {
    router.Post("/control/" + std::string(name),
                Checked(options_.access, [api = *this, act](const http::Request& request) {
                  if (request.body.size() > kBodySizeBytesMax) {
                    return ErrorAnswer(413, "the body is too long");
                  }
                  if (const Status status = (api.*act)(request); !status.ok()) {
                    const bool is_unknown = status.code() == ErrorCode::kNotFound;
                    return ErrorAnswer(is_unknown ? 404 : 400, status.error().message());
                  }
                  return api.State();
                }));
  }

  http::Response State() const {
    json::Value state = StateToJson(playground_.state());
    auto links = json::Value::MakeObject();
    links.Set("server_port", json::Value(int{options_.server_port}));
    links.Set("dashboards_port", json::Value(int{options_.dashboards_port}));
    state.Set("links", std::move(links));
    return Guarded(http::Response::Json(200, json::Print(state)));
  }

  Status TurnKnobs(const http::Request& request) const {
    NARTHEX_ASSIGN_OR_RETURN(const KnobChanges changes, ParseKnobChanges(request.body));
    playground_.Turn(changes);
    return Ok();
  }

  Status Increment(const http::Request& request) const {
    NARTHEX_ASSIGN_OR_RETURN(const double amount, ParseAmount(request.body));
    playground_.Increment(amount);
    return Ok();
  }

  Status Restart(const http::Request&) const {
    playground_.Restart();
    return Ok();
  }

  Status Reset(const http::Request&) const {
    playground_.Reset();
    return Ok();
  }

  Status StartStory(const http::Request& request) const {
    NARTHEX_ASSIGN_OR_RETURN(const std::string name, ParseStoryName(request.body));
    return playground_.StartStory(name);
  }

  Status StopStory(const http::Request&) const {
    playground_.StopStory();
    return Ok();
  }

  Playground& playground_;
  ControlOptions options_;
};

}  // namespace

void AddControlRoutes(http::Router& router, Playground& playground, const ControlOptions& options) {
  // The handlers hold copies.
  ControlApi(playground, options).AddTo(router);
}

}  // namespace narthex::demo_exposer
