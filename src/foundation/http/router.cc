#include "http/router.h"

#include <algorithm>
#include <array>
#include <map>
#include <span>

namespace narthex::http {
namespace {

constexpr std::size_t kMethodCount = static_cast<std::size_t>(Method::kOther) + 1;
constexpr std::size_t kPartCountMax = 64;  // deeper paths fit nothing

using Middleware = std::function<Response(const Request&, const Handler& next)>;

struct Route {
  Handler handler;
  RunOn run_on = RunOn::kWorker;
};

std::vector<std::string_view> Parts(std::string_view path) {
  std::vector<std::string_view> parts;
  if (!path.empty() && path.front() == '/') path.remove_prefix(1);
  while (true) {
    const std::size_t end = path.find('/');
    parts.push_back(path.substr(0, end));
    if (end == std::string_view::npos || parts.size() > kPartCountMax) return parts;
    path.remove_prefix(end + 1);
  }
}

}  // namespace

struct Router::Tree {
  struct Node {
    std::map<std::string, std::unique_ptr<Node>, std::less<>> literals;
    std::unique_ptr<Node> any;   // `:name`
    std::unique_ptr<Node> rest;  // `*`
    std::string pattern;
    std::vector<std::string> names;  // of the `:name` parts, in order
    std::array<Route, kMethodCount> routes;
    bool has_route = false;
  };

  Node root;
  Handler fallback;
  std::vector<Middleware> middlewares;
  bool may_middlewares_block = false;

  // Depth first, literal before `:name` before `*`: the first node found is the most literal one.
  static const Node* Find(const Node& node, std::span<const std::string_view> parts,
                          std::size_t index, std::vector<std::string_view>& taken) {
    if (index == parts.size()) {
      if (node.has_route) return &node;
      return node.rest != nullptr && node.rest->has_route ? node.rest.get() : nullptr;
    }
    if (const auto found = node.literals.find(parts[index]); found != node.literals.end()) {
      if (const Node* leaf = Find(*found->second, parts, index + 1, taken)) return leaf;
    }
    if (node.any != nullptr && !parts[index].empty()) {
      taken.push_back(parts[index]);
      if (const Node* leaf = Find(*node.any, parts, index + 1, taken)) return leaf;
      taken.pop_back();
    }
    return node.rest != nullptr && node.rest->has_route ? node.rest.get() : nullptr;
  }

  Handler Wrapped(Handler handler) const {
    for (const Middleware& middleware : middlewares) {
      handler = [&middleware, next = std::move(handler)](const Request& request) {
        return middleware(request, next);
      };
    }
    return handler;
  }

  Match NotFound() const {
    if (fallback) return {Wrapped(fallback), "", RunOn::kWorker};
    return {Wrapped([](const Request&) { return Response::Text(404, "404 page not found\n"); }), "",
            RunOn::kInline};
  }

  Match WrongMethod(const Node& node) const {
    std::string allow;
    for (std::size_t i = 0; i < kMethodCount; ++i) {
      if (!node.routes[i].handler) continue;
      if (!allow.empty()) allow += ", ";
      allow += MethodName(static_cast<Method>(i));
    }
    return {Wrapped([allow](const Request&) {
              Response response = Response::Text(405, "Method Not Allowed\n");
              response.headers.Set("Allow", allow);
              return response;
            }),
            node.pattern, RunOn::kInline};
  }
};

Router::Router() : tree_(std::make_unique<Tree>()) {}
Router::~Router() = default;
Router::Router(Router&&) noexcept = default;
Router& Router::operator=(Router&&) noexcept = default;

void Router::Handle(Method method, std::string_view pattern, Handler handler, RunOn run_on) {
  Tree::Node* node = &tree_->root;
  std::vector<std::string> names;
  for (const std::string_view part : Parts(pattern)) {
    std::unique_ptr<Tree::Node>* next = nullptr;
    if (part == "*") {
      next = &node->rest;
    } else if (part.starts_with(':')) {
      names.emplace_back(part.substr(1));
      next = &node->any;
    } else {
      next = &node->literals[std::string(part)];
    }
    if (*next == nullptr) *next = std::make_unique<Tree::Node>();
    node = next->get();
  }
  node->pattern = pattern;
  node->names = std::move(names);
  node->has_route = true;
  node->routes[static_cast<std::size_t>(method)] = {std::move(handler), run_on};
}

void Router::Fallback(Handler handler) { tree_->fallback = std::move(handler); }

void Router::Wrap(std::function<Response(const Request&, const Handler& next)> middleware,
                  RunOn run_on) {
  tree_->middlewares.push_back(std::move(middleware));
  if (run_on == RunOn::kWorker) tree_->may_middlewares_block = true;
}

Router::Match Router::Find(Request& request) const {
  Match match = FindRoute(request);
  if (tree_->may_middlewares_block) match.run_on = RunOn::kWorker;
  return match;
}

Router::Match Router::FindRoute(Request& request) const {
  // Split before decoding, so that an encoded slash stays inside its part.
  const std::string_view raw = std::string_view(request.target).substr(0, request.target.find('?'));
  std::vector<std::string> decoded;
  for (const std::string_view part : Parts(raw)) decoded.push_back(UrlDecode(part));
  const std::vector<std::string_view> parts(decoded.begin(), decoded.end());
  if (parts.size() > kPartCountMax) return tree_->NotFound();

  std::vector<std::string_view> taken;
  const Tree::Node* node = Tree::Find(tree_->root, parts, 0, taken);
  if (node == nullptr) return tree_->NotFound();

  for (std::size_t i = 0; i < node->names.size() && i < taken.size(); ++i) {
    request.path_parameters[node->names[i]] = taken[i];
  }
  if (node->pattern.ends_with('*')) {
    const auto depth =
        static_cast<std::size_t>(std::count(node->pattern.begin() + 1, node->pattern.end(), '/'));
    std::string rest;
    for (std::size_t i = depth; i < parts.size(); ++i) {
      if (i > depth) rest.push_back('/');
      rest += parts[i];
    }
    request.path_parameters["*"] = std::move(rest);
  }

  const Route* route = &node->routes[static_cast<std::size_t>(request.method)];
  if (!route->handler && request.method == Method::kHead) {
    route = &node->routes[static_cast<std::size_t>(Method::kGet)];
  }
  if (!route->handler) return tree_->WrongMethod(*node);
  return {tree_->Wrapped(route->handler), node->pattern, route->run_on};
}

Response Router::Answer(Request request) const {
  const Match match = Find(request);
  return match.handler(request);
}

}  // namespace narthex::http
