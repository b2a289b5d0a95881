// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "quickstart-worker",
    platforms: [.macOS(.v15)],
    dependencies: [.package(name: "sojourn", path: "../..", traits: ["SQLite"])],
    targets: [
        .executableTarget(
            name: "QuickstartWorker",
            dependencies: [
                .product(name: "Sojourn", package: "sojourn"),
                .product(name: "SojournSQLite", package: "sojourn"),
                .product(name: "SojournServer", package: "sojourn"),
            ])
    ]
)
