#if HTTP
import HTTPTypes
import Hummingbird
import HummingbirdCore
import SojournCore
import SojournWire

/// Every route there is. Whatever needs to know the routes reads this table: the router, the guard, `/openapi.json` and
/// the tests.
struct RouteTable: Sendable {
    let routes: [Route]
    private let limits: HTTPLimits

    init(desk: TaskDesk, configuration: HTTPServerConfiguration, replays: PacedReplays) {
        let dashboard = DashboardRoutes()
        limits = configuration.limits
        let described =
            TaskRoutes(desk: desk).routes
            + QueueRoutes(desk: desk).routes
            + DeadLetterRoutes(desk: desk, replays: replays).routes
            + LeaseRoutes(queue: desk.queue, configuration: configuration).routes
            + EventRoutes(feed: configuration.events, limits: configuration.limits).routes
            + SystemRoutes(queue: desk.queue, configuration: configuration).routes + [dashboard.page]
        routes = described + [SystemRoutes.description(of: described)] + dashboard.parts
    }

    /// A router for the routes.
    func router(_ configuration: HTTPServerConfiguration) -> Router<HTTPContext> {
        let router = Router(context: HTTPContext.self, options: .autoGenerateHeadEndpoints)
        router.add(middleware: Problems())
        let (open, anyHost) = (routes.filter(\.isOpen), routes.filter(\.isForAnyHost))
        router.add(
            middleware: Guard(
                configuration, openPaths: Set(open.map(\.path)), anyHostPaths: Set(anyHost.map(\.path))))
        let limits = self.limits
        for route in routes {
            let responder = CallbackResponder<HTTPContext> { request, context in
                try await route.run(Call(request: request, context: context, limits: limits))
            }
            router.on(RouterPath(route.path), method: route.method, responder: responder)
        }
        for (path, routes) in Dictionary(grouping: routes, by: \.path) { refuseOthers(at: path, routes, router) }
        return router
    }

    private static let methods: [HTTPRequest.Method] = [
        .get, .head, .post, .put, .patch, .delete, .options, .trace,
    ]

    /// Methods that a path does not know are answered with those that it does.
    private func refuseOthers(at path: String, _ routes: [Route], _ router: Router<HTTPContext>) {
        var allowed = routes.map(\.method)
        if allowed.contains(.get) { allowed.append(.head) }
        let list = allowed.map(\.rawValue).sorted().joined(separator: ", ")
        let responder = CallbackResponder<HTTPContext> { request, _ in
            let problem = Problem(
                .methodNotAllowed, "\(request.method.rawValue) is not allowed here, only \(list).")
            var response = Answers.problem(problem)
            response.headers[.allow] = list
            return response
        }
        for method in Self.methods where !allowed.contains(method) {
            router.on(RouterPath(path), method: method, responder: responder)
        }
    }
}
#endif
