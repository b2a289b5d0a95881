import Testing

/// The layers of the system: what may be imported where. The folders of `Sources` show the same picture.
///
/// To let a target import something new, change one line here and say why in the commit.
enum Layers {
    /// A folder of `Sources`, and the folders (or single targets) whose targets it may import.
    struct Layer: Sendable {
        let name: String
        let imports: [String]
        let why: String
    }

    /// Modules from outside the package, or drivers private to one backend, and the layers or targets that use them.
    struct Outside: Sendable {
        let modules: [String]
        let users: [String]
    }

    /// From the bottom up. `*` is everything.
    static let all: [Layer] = [
        Layer(name: "Pure", imports: ["Pure"], why: "nouns, policies and mathematics know nothing else"),
        Layer(name: "Core", imports: ["Pure", "Core"], why: "the seams know no one who implements or uses them"),
        Layer(name: "Roles", imports: ["Pure", "Core"], why: "a role sees a backend only through a seam"),
        Layer(name: "Backends", imports: ["Pure", "Core"], why: "a backend knows one system outside, none inside"),
        Layer(name: "Surfaces", imports: ["Pure", "Core"], why: "a surface is handed what it shows"),
        Layer(
            name: "Tools", imports: ["Pure", "Core", "Roles", "Backends", "Tools"],
            why: "a tool measures roles and backends together"),
        Layer(name: "CLI", imports: ["*"], why: "the executable joins everything and decides nothing"),
        Layer(
            name: "Product", imports: ["Pure", "Core", "SojournWorker"],
            why: "an application needs the core and a worker"),
        Layer(name: "Testing", imports: ["Pure", "Core", "Testing"], why: "the suites judge every backend alike"),
    ]

    private static let allButPure = all.map(\.name).filter { $0 != "Pure" }
    private static let streams = ["Roles", "Backends", "Surfaces", "Tools", "CLI"]

    static let outside: [Outside] = [
        Outside(modules: ["Foundation", "FoundationEssentials", "Synchronization"], users: allButPure),
        Outside(modules: ["Logging", "CoreMetrics", "Tracing", "ServiceLifecycle"], users: allButPure),
        Outside(modules: ["AsyncAlgorithms", "Collections", "DequeModule", "HeapModule"], users: streams),
        Outside(modules: ["OrderedCollections"], users: streams),
        // The C library: logarithms for the mathematics, file locks for a backend, the terminal for a program.
        Outside(
            modules: ["Glibc", "Musl", "Darwin"],
            users: [
                "Queueing", "SojournPromise", "Backends", "Surfaces", "Tools", "CLI", "SojournTestKit",
                "PostgresTestKit",
            ]),
        Outside(modules: ["GRDB", "GRDBSQLite"], users: ["SojournSQLite"]),
        Outside(modules: ["RESP"], users: ["SojournRedis", "RedisTestKit"]),
        Outside(modules: ["CLibPQ"], users: ["PQ"]),
        Outside(modules: ["PQ"], users: ["SojournPostgres", "PostgresTestKit"]),
        Outside(modules: ["Dispatch"], users: ["SojournCore", "PQ"]),
        Outside(modules: ["Hummingbird", "HummingbirdCore", "HTTPTypes", "NIOHTTPTypes"], users: ["SojournHTTP"]),
        Outside(modules: ["AsyncHTTPClient"], users: ["SojournClient", "SojournHandlers"]),
        Outside(modules: ["NIOHTTP1"], users: ["SojournClient", "SojournHandlers", "SojournHTTP"]),
        Outside(
            modules: ["NIOCore", "NIOFoundationCompat"],
            users: ["SojournHTTP", "SojournClient", "SojournHandlers", "SojournRedis", "RESP", "RedisTestKit"]),
        Outside(modules: ["NIOPosix", "NIOSSL"], users: ["SojournRedis", "RESP", "RedisTestKit"]),
        Outside(modules: ["Crypto", "SystemPackage"], users: ["SojournHandlers"]),
        Outside(modules: ["Subprocess"], users: ["SojournHandlers", "SojournAutoscale", "SojournCLI"]),
        Outside(modules: ["Configuration", "Yams"], users: ["SojournConfiguration"]),
        Outside(modules: ["ArgumentParser", "UnixSignals"], users: ["SojournCLI"]),
        Outside(modules: ["Histogram"], users: ["Tools"]),
        Outside(modules: ["InMemoryTracing"], users: []),
        Outside(modules: ["Testing"], users: ["Testing"]),
    ]

    /// Targets that exist only under a package trait: their files are wrapped whole in `#if <trait>`.
    static let traits: [String: String] = [
        "SojournSQLite": "SQLite",
        "RESP": "Redis",
        "SojournRedis": "Redis",
        "RedisTestKit": "Redis",
        "PQ": "Postgres",
        "SojournPostgres": "Postgres",
        "SojournHTTP": "HTTP",
        "SojournClient": "HTTP",
    ]
}

@Suite("Layers") struct LayersTests {
    @Test func everyFolderOfSourcesIsALayer() throws {
        let folders = Set(try Repository.here.get().homes.map(\.layer))
        #expect(folders.subtracting(Layers.all.map(\.name)).isEmpty)
    }

    @Test func aModuleIsListedOnce() {
        let modules = Layers.outside.flatMap(\.modules)
        #expect(modules.count == Set(modules).count)
    }
}
