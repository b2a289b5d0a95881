#if HTTP
import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import SojournCore
import SojournWire

/// Turns every error into a problem (RFC 9457), and hands a request's id back.
struct Problems: RouterMiddleware {
    typealias Context = HTTPContext

    func handle(
        _ request: Request, context: HTTPContext, next: @concurrent (Request, HTTPContext) async throws -> Response
    ) async throws -> Response {
        var response: Response
        do {
            response = try await next(request, context)
        } catch {
            response = answer(error, context)
        }
        // Routes of GET do this by themselves; the body of any other answer would be taken for the next one.
        if request.method == .head { response = response.createHeadResponse() }
        if let id = request.headers[.requestID], Self.isPlain(id) { response.headers[.requestID] = id }
        context.logger.debug(
            "request",
            metadata: [
                "method": "\(request.method)", "path": "\(request.uri.path)", "status": "\(response.status.code)",
            ])
        return response
    }

    private func answer(_ error: any Error, _ context: HTTPContext) -> Response {
        let problem = Self.problem(error)
        if problem.status >= 500 {
            context.logger.error("request failed", metadata: ["error": "\(String(reflecting: error))"])
        }
        return Answers.problem(problem)
    }

    private static func problem(_ error: any Error) -> Problem {
        switch error {
        case let problem as Problem: problem
        case let error as JSONError: .malformed("\(error).")
        case let error as BackendError: Problem(error)
        case let error as any HTTPResponseError where error.status == .notFound:
            Problem(.notFound, "There is nothing at this address; /openapi.json lists what there is.")
        case let error as any HTTPResponseError: Problem(error.status, "")
        default: Problem(.internalServerError, "The server made a mistake; its log says which.")
        }
    }

    private static func isPlain(_ id: String) -> Bool {
        (1...128).contains(id.utf8.count) && id.utf8.allSatisfy { (0x21...0x7E).contains($0) }
    }
}
#endif
