// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "thumbnails",
    platforms: [.macOS(.v15)],
    dependencies: [.package(name: "sojourn", path: "../..", traits: ["SQLite"])],
    targets: [
        .executableTarget(
            name: "thumbnails",
            dependencies: [
                .product(name: "Sojourn", package: "sojourn"),
                .product(name: "SojournSQLite", package: "sojourn"),
                .product(name: "SojournServer", package: "sojourn"),
            ],
            path: "Sources/Thumbnails")
    ]
)
