// swift-tools-version: 6.2
import PackageDescription

// Every target is built with the same strictness. `any` shows where a call is dynamic, imports are seen by others only
// where they have to be, and async functions run where their caller does, so that a task hops between threads nowhere.
let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .treatAllWarnings(as: .error),
]

/// A target in its layer's folder: `Sources/<layer>/<name>`.
func target(
    _ name: String, in layer: String, _ dependencies: [Target.Dependency] = [], embedding files: [String] = []
) -> Target {
    .target(
        name: name, dependencies: dependencies, path: "Sources/\(layer)/\(name)",
        resources: files.map { .embedInCode($0) }, swiftSettings: strict)
}

func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .testTarget(name: name, dependencies: dependencies, swiftSettings: strict)
}

/// A library that is neither fetched nor compiled unless one of `traits` is on.
func library(_ name: String, _ package: String, when traits: Set<String>) -> Target.Dependency {
    .product(name: name, package: package, condition: .when(traits: traits))
}

/// The files of the dashboard, which the program carries with it.
let dashboard = [
    "dashboard.html", "dashboard.css", "dashboard.js", "dashboard-chart.js", "dashboard-kit.js", "dashboard-letters.js",
    "dashboard-live.js", "dashboard-queues.js", "dashboard-replays.js", "dashboard-search.js", "dashboard-tasks.js",
    "dashboard-verdict.js",
]

let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let tracing: Target.Dependency = .product(name: "Tracing", package: "swift-distributed-tracing")
let metrics: Target.Dependency = .product(name: "CoreMetrics", package: "swift-metrics")
let lifecycle: Target.Dependency = .product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let subprocess: Target.Dependency = .product(name: "Subprocess", package: "swift-subprocess")
let arguments: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")

let package = Package(
    name: "sojourn",
    platforms: [.macOS(.v15)],
    products: [
        .library(name: "Sojourn", targets: ["Sojourn"]),
        .library(name: "Queueing", targets: ["Queueing"]),
        .library(name: "SojournSQLite", targets: ["SojournSQLite"]),
        .library(name: "SojournRedis", targets: ["SojournRedis"]),
        .library(name: "SojournPostgres", targets: ["SojournPostgres"]),
        .library(name: "SojournServer", targets: ["SojournServer"]),
        .library(name: "SojournMetrics", targets: ["SojournMetrics", "SojournPrometheus"]),
        .library(name: "SojournTracing", targets: ["SojournTracing"]),
        .library(name: "SojournConformance", targets: ["SojournConformance"]),
        .executable(name: "sojourn", targets: ["SojournCLI"]),
    ],
    traits: [
        .trait(name: "SQLite", description: "The embedded store and backend, through GRDB."),
        .trait(name: "HTTP", description: "The HTTP surface, the HTTP client, and `http` handlers."),
        .trait(name: "Redis", description: "The store and backend on Redis, and its client over SwiftNIO."),
        .trait(name: "Postgres", description: "The store and backend on Postgres, over libpq."),
        .default(enabledTraits: ["SQLite", "HTTP", "Redis"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-configuration", from: "1.4.0", traits: []),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.0"),
        .package(url: "https://github.com/apple/swift-distributed-tracing", from: "1.4.0"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.34.1"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.0"),
        .package(url: "https://github.com/HdrHistogram/hdrhistogram-swift", from: "0.2.0"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.0", traits: []),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.0"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0", traits: []),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.0", traits: []),
    ],
    targets: [
        // L0 pure
        target("SojournModel", in: "Pure"),
        target("Queueing", in: "Pure"),
        target("SojournPromise", in: "Pure", ["Queueing", "SojournModel"]),
        // L1 core
        target("SojournCore", in: "Core", ["SojournModel", logging, lifecycle]),
        target("SojournWire", in: "Core", ["SojournModel", "SojournCore"]),
        // L2 roles and backends
        target("SojournWorker", in: "Roles", ["SojournCore", "SojournModel", logging, lifecycle]),
        target("SojournServer", in: "Roles", ["SojournCore", "SojournModel", logging, lifecycle]),
        target(
            "SojournAutoscale", in: "Roles",
            [
                "Queueing", "SojournPromise", "SojournCore", "SojournModel", "SojournWire", logging, lifecycle,
                subprocess,
            ]),
        target(
            "SojournHandlers", in: "Roles",
            [
                "SojournCore", "SojournModel", "SojournWire", logging,
                subprocess, library("AsyncHTTPClient", "async-http-client", when: ["HTTP"]),
                library("NIOCore", "swift-nio", when: ["HTTP"]),
                library("NIOHTTP1", "swift-nio", when: ["HTTP"]),
                library("Crypto", "swift-crypto", when: ["HTTP"]),
            ]),
        target("SojournTracing", in: "Roles", ["SojournCore", "SojournModel", tracing]),
        target(
            "SojournMetrics", in: "Roles",
            ["SojournCore", "SojournModel", "SojournWire", logging, lifecycle, metrics]),
        target("SojournMemory", in: "Backends", ["SojournCore", "SojournModel"]),
        target(
            "SojournSQLite", in: "Backends",
            [
                "SojournCore", "SojournModel", logging,
                library("GRDB", "GRDB.swift", when: ["SQLite"]), library("GRDBSQLite", "GRDB.swift", when: ["SQLite"]),
            ]),
        target(
            "RESP", in: "Backends",
            [
                logging, library("NIOCore", "swift-nio", when: ["Redis"]),
                library("NIOPosix", "swift-nio", when: ["Redis"]),
                library("NIOSSL", "swift-nio-ssl", when: ["Redis"]),
            ]),
        target(
            "SojournRedis", in: "Backends",
            [
                "SojournCore", "SojournModel", logging, .target(name: "RESP", condition: .when(traits: ["Redis"])),
                library("NIOCore", "swift-nio", when: ["Redis"]),
            ]),
        // L3 surfaces and tools
        target("SojournPrometheus", in: "Surfaces", [metrics]),
        target("SojournTerminal", in: "Surfaces", ["SojournCore", "SojournModel", "SojournWire"]),
        target(
            "SojournHTTP", in: "Surfaces",
            [
                "SojournCore", "SojournModel", "SojournWire", logging, lifecycle,
                library("Hummingbird", "hummingbird", when: ["HTTP"]),
                library("HummingbirdCore", "hummingbird", when: ["HTTP"]),
                library("HTTPTypes", "swift-http-types", when: ["HTTP"]),
                library("NIOHTTPTypes", "swift-nio-extras", when: ["HTTP"]),
                library("NIOCore", "swift-nio", when: ["HTTP"]),
                library("NIOHTTP1", "swift-nio", when: ["HTTP"]),
            ],
            embedding: dashboard.map { "Dashboard/Files/\($0)" }),
        .systemLibrary(
            name: "CLibPQ", path: "Sources/Backends/CLibPQ", pkgConfig: "libpq",
            providers: [.apt(["libpq-dev"]), .brew(["libpq"])]),
        target("PQ", in: "Backends", [logging, .target(name: "CLibPQ", condition: .when(traits: ["Postgres"]))]),
        target(
            "SojournPostgres", in: "Backends",
            ["SojournCore", "SojournModel", logging, .target(name: "PQ", condition: .when(traits: ["Postgres"]))]),
        target(
            "SojournClient", in: "Surfaces",
            [
                "SojournCore", "SojournModel", "SojournWire", logging,
                library("AsyncHTTPClient", "async-http-client", when: ["HTTP"]),
                library("NIOCore", "swift-nio", when: ["HTTP"]),
                library("NIOHTTP1", "swift-nio", when: ["HTTP"]),
            ]),
        target(
            "SojournBench", in: "Tools",
            [
                "SojournCore", "SojournModel", "SojournWire", "SojournWorker", "SojournServer", "SojournPromise",
                "SojournAutoscale",
            ]),
        target("SojournSimulation", in: "Tools", ["Queueing", "SojournPromise", "SojournModel"]),
        target(
            "SojournLoad", in: "Tools",
            [
                "SojournSimulation", "SojournCore", "SojournModel", "SojournWire",
                .product(name: "Histogram", package: "hdrhistogram-swift"),
            ]),
        target(
            "SimulationKit", in: "Tools",
            [
                "SojournCore", "SojournModel", "SojournWorker", "SojournServer", "SojournMemory", logging,
                .product(name: "ServiceLifecycleTestKit", package: "swift-service-lifecycle"),
            ]),
        // L4 the executable
        target(
            "SojournConfiguration", in: "CLI",
            [
                .product(name: "Configuration", package: "swift-configuration"),
                .product(name: "Yams", package: "Yams"),
            ]),
        .executableTarget(
            name: "SojournCLI",
            dependencies: [
                "SojournConfiguration", "SojournCore", "SojournModel", "SojournWire", "SojournWorker", "SojournServer",
                "SojournHandlers", "SojournMemory", "SojournSQLite", "SojournRedis", "SojournPostgres", "SojournHTTP",
                "SojournClient", "SojournMetrics", "SojournPrometheus",
                "SojournTerminal", metrics,
                "SojournBench", "Queueing", "SojournPromise", "SojournAutoscale", "SojournSimulation", "SojournLoad",
                arguments,
                logging, lifecycle, subprocess,
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ],
            path: "Sources/CLI/SojournCLI",
            swiftSettings: strict
        ),
        .executableTarget(
            name: "HotPath",
            dependencies: [
                "SojournMemory", "SojournMetrics", "SojournPrometheus", "SojournPromise", "SojournWire", "SojournCore",
                "SojournModel",
            ],
            path: "benchmarks/hotpath", exclude: ["instructions.txt"], swiftSettings: strict),
        .executableTarget(
            name: "SeedRunner", dependencies: ["SimulationKit"], path: "Sources/CLI/SeedRunner", swiftSettings: strict),
        // the product and the testing libraries
        target("Sojourn", in: "Product", ["SojournCore", "SojournModel", "SojournWorker"]),
        target("SojournConformance", in: "Testing", ["SojournCore", "SojournModel"]),
        target("SojournTestKit", in: "Testing", ["SojournCore", "SojournModel"]),
        target(
            "RedisTestKit", in: "Testing",
            [
                "SojournTestKit", logging, .target(name: "RESP", condition: .when(traits: ["Redis"])),
                library("NIOCore", "swift-nio", when: ["Redis"]), library("NIOPosix", "swift-nio", when: ["Redis"]),
            ]),
        target("PostgresTestKit", in: "Testing", ["SojournTestKit"]),
        // tests
        tests("TidyTests", []),
        tests("SojournModelTests", ["SojournModel", "SojournTestKit"]),
        tests("QueueingTests", ["Queueing", "SojournTestKit"]),
        tests("SojournPromiseTests", ["SojournPromise", "Queueing", "SojournModel", "SojournTestKit"]),
        tests(
            "SojournAutoscaleTests",
            [
                "SojournAutoscale", "SojournPromise", "SojournMemory", "SojournWire", "SojournCore", "SojournModel",
                "SojournTestKit",
            ]),
        tests("SojournSimulationTests", ["SojournSimulation", "SojournPromise", "Queueing", "SojournModel"]),
        tests(
            "SojournLoadTests",
            [
                "SojournLoad", "SojournSimulation", "SojournHandlers", "SojournMemory", "SojournServer",
                "SojournWorker", "SojournWire", "SojournCore", "SojournModel", logging, lifecycle,
            ]),
        tests("SimulationTests", ["SimulationKit", "SojournCore", "SojournModel"]),
        tests("SojournCoreTests", ["SojournCore", "SojournModel", "SojournTestKit", logging]),
        tests("SojournWireTests", ["SojournWire"]),
        tests("SojournMemoryTests", ["SojournMemory", "SojournConformance", "SojournCore", "SojournModel"]),
        tests(
            "SojournSQLiteTests",
            ["SojournSQLite", "SojournConformance", "SojournCore", "SojournModel", "SojournTestKit", logging]),
        tests(
            "RESPTests",
            [
                "RESP", "RedisTestKit", "SojournTestKit", logging, library("NIOCore", "swift-nio", when: ["Redis"]),
                library("NIOPosix", "swift-nio", when: ["Redis"]),
            ]),
        tests(
            "SojournRedisTests",
            [
                "SojournRedis", "SojournSQLite", "SojournConformance", "SojournWorker", "SojournServer", "SojournCore",
                "SojournModel", "RESP", "RedisTestKit", "SojournTestKit", logging, lifecycle,
                library("NIOCore", "swift-nio", when: ["Redis"]), library("NIOPosix", "swift-nio", when: ["Redis"]),
            ]),
        tests("PQTests", ["PQ", "PostgresTestKit", "SojournTestKit", logging]),
        tests(
            "SojournPostgresTests",
            [
                "SojournPostgres", "SojournRedis", "SojournConformance", "SojournWorker", "SojournServer",
                "SojournCore", "SojournModel", "PQ", "PostgresTestKit", "RedisTestKit", "SojournTestKit", logging,
                lifecycle,
            ]),
        tests(
            "SojournWorkerTests",
            [
                "SojournWorker", "SojournServer", "SojournMemory", "SojournCore", "SojournModel", "SojournTestKit",
                logging, lifecycle,
            ]),
        tests(
            "SojournHandlersTests",
            ["SojournHandlers", "SojournCore", "SojournModel", "SojournTestKit", logging, subprocess]),
        tests(
            "SojournHTTPTests",
            [
                "SojournHTTP", "SojournClient", "SojournWire", "SojournMemory", "SojournCore", "SojournModel",
                "SojournTestKit", logging, lifecycle, library("NIOCore", "swift-nio", when: ["HTTP"]),
                library("HTTPTypes", "swift-http-types", when: ["HTTP"]),
            ]),
        tests(
            "SojournTracingTests",
            [
                "SojournTracing", "SojournWorker", "SojournMemory", "SojournCore", "SojournModel", "SojournTestKit",
                logging, lifecycle, tracing,
                .product(name: "InMemoryTracing", package: "swift-distributed-tracing"),
            ]),
        tests(
            "SojournTerminalTests",
            ["SojournTerminal", "SojournWire", "SojournCore", "SojournModel", "SojournTestKit"]),
        tests("SojournPrometheusTests", ["SojournPrometheus", metrics]),
        tests(
            "SojournMetricsTests",
            [
                "SojournMetrics", "SojournPrometheus", "SojournMemory", "SojournWire", "SojournCore", "SojournModel",
                "SojournTestKit", metrics,
            ]),
        tests("SojournConfigurationTests", ["SojournConfiguration"]),
        tests(
            "EndToEndTests",
            [
                "SojournCLI", "SojournClient", "SojournCore", "SojournModel", "RESP", "RedisTestKit", "PostgresTestKit",
                "SojournTestKit",
                logging, subprocess, library("AsyncHTTPClient", "async-http-client", when: ["HTTP"]),
                library("NIOCore", "swift-nio", when: ["HTTP"]), library("NIOHTTP1", "swift-nio", when: ["HTTP"]),
            ]),
    ]
)
