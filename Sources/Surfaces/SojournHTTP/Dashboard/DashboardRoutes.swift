#if HTTP
import Hummingbird
import HummingbirdCore

/// The dashboard: a few files that are part of the program. They hold no secrets and are open without a key; what the
/// page asks for is not.
struct DashboardRoutes: Sendable {
    /// The page itself is part of the description of the API; its parts are not.
    var page: Route {
        Route(
            method: .get, path: "/", summary: "The dashboard", isOpen: true,
            answers: [Route.Answer(status: 200, description: "HTML.", schema: nil)],
            run: { _ in Answers.page(PackageResources.dashboard_html) })
    }

    var parts: [Route] {
        let script = "text/javascript; charset=utf-8"
        return [
            part("/dashboard.css", "text/css; charset=utf-8", PackageResources.dashboard_css),
            part("/dashboard.js", script, PackageResources.dashboard_js),
            part("/dashboard-chart.js", script, PackageResources.dashboard_chart_js),
            part("/dashboard-kit.js", script, PackageResources.dashboard_kit_js),
            part("/dashboard-letters.js", script, PackageResources.dashboard_letters_js),
            part("/dashboard-live.js", script, PackageResources.dashboard_live_js),
            part("/dashboard-queues.js", script, PackageResources.dashboard_queues_js),
            part("/dashboard-replays.js", script, PackageResources.dashboard_replays_js),
            part("/dashboard-search.js", script, PackageResources.dashboard_search_js),
            part("/dashboard-tasks.js", script, PackageResources.dashboard_tasks_js),
            part("/dashboard-verdict.js", script, PackageResources.dashboard_verdict_js),
        ]
    }

    private func part(_ path: String, _ type: String, _ bytes: [UInt8]) -> Route {
        Route(
            method: .get, path: path, summary: "", isOpen: true, answers: [],
            run: { _ in Answers.text(bytes, type: type) })
    }
}
#endif
