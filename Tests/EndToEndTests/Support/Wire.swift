import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1

/// The HTTP surface as any client sees it: no code of the product takes part.
struct Wire: Sendable {
    let url: String
    var key: String?

    struct Answer: Sendable {
        let status: Int
        let body: Data

        func decode<Value: Decodable>(_ type: Value.Type = Value.self) throws -> Value {
            let decoder = JSONDecoder()
            decoder.keyDecodingStrategy = .convertFromSnakeCase
            do {
                return try decoder.decode(Value.self, from: body)
            } catch {
                throw TimedOut(description: "\(error) in \(status) \(String(decoding: body, as: UTF8.self))")
            }
        }
    }

    func get(_ path: String) async throws -> Answer { try await send(.GET, path, nil, [:]) }

    func post(_ path: String, _ json: String, headers: [String: String] = [:]) async throws -> Answer {
        try await send(.POST, path, json, headers)
    }

    /// Enqueues a task that must be accepted.
    func enqueue(_ json: String) async throws -> Accepted { try await post("/tasks", json).decode() }

    func task(_ id: String) async throws -> TaskBody { try await get("/tasks/\(id)").decode() }

    /// Waits until the task has that status.
    func task(_ id: String, reaching status: String) async throws -> TaskBody {
        try await eventually("\(id) is \(status)") {
            let task = try await task(id)
            return task.status == status ? task : nil
        }
    }

    func stats() async throws -> Stats { try await get("/stats").decode() }

    private func send(
        _ method: HTTPMethod, _ path: String, _ json: String?, _ headers: [String: String]
    ) async throws -> Answer {
        var request = HTTPClientRequest(url: url + path)
        request.method = method
        if let json {
            request.headers.add(name: "Content-Type", value: "application/json")
            request.body = .bytes(ByteBuffer(string: json))
        }
        if let key { request.headers.add(name: "Authorization", value: "Bearer \(key)") }
        for (name, value) in headers { request.headers.replaceOrAdd(name: name, value: value) }
        let response = try await Self.client.execute(request, timeout: .seconds(60))
        let body = try await response.body.collect(upTo: 256 * 1024 * 1024)
        return Answer(status: Int(response.status.code), body: Data(body.readableBytesView))
    }

    /// One for all tests, which ends with the process.
    private static let client: HTTPClient = {
        var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
        configuration.connectionPool.retryConnectionEstablishment = false
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 32
        return HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }()
}

struct Accepted: Decodable, Sendable {
    let taskId: String
    let status: String
    let duplicate: Bool
}

struct TaskBody: Decodable, Sendable {
    struct Attempt: Decodable, Sendable {
        let number: Int
        let worker: String
        let startedAt: String
        let finishedAt: String?
        let outcome: String?
        let error: String?
    }

    let taskId: String
    let type: String
    let queue: String
    let status: String
    let attempt: Int
    let tags: [String]
    let finishedAt: String?
    let reason: String?
    let lastError: String?
    let attempts: [Attempt]
}

struct TaskPageBody: Decodable, Sendable {
    let tasks: [TaskBody]
    let cursor: String?
}

struct Stats: Decodable, Sendable {
    let pending: Int
    let processing: Int
    let deadLetter: Int
    let scheduled: Int
    let retrying: Int

    /// Tasks whose life goes on.
    var alive: Int { pending + processing + scheduled + retrying }
}

extension JSONDecoder {
    /// Reads the bodies of the wire.
    static var wire: JSONDecoder {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return decoder
    }
}
