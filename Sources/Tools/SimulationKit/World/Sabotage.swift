package import SojournCore
import SojournModel

/// Where a planted bug goes: around what one process sees. Without one, everything is the product's own.
package struct Sabotage: Sendable {
    /// Around the store, between it and the faults.
    package var store: @Sendable (any ClaimableStore, any TimeSource) -> any ClaimableStore = { store, _ in store }
    /// Around the whole queue of a worker's process, between it and what is written down.
    package var source: @Sendable (any TaskSource, any TimeSource) -> any TaskSource = { source, _ in source }
    /// Around what a server's process takes from clients.
    package var sink: @Sendable (any TaskSink) -> any TaskSink = { $0 }
    /// Around the broker.
    package var hints: @Sendable (any HintChannel) -> any HintChannel = { $0 }
    /// Inside of what is written down about handlers.
    package var middleware: [any TaskMiddleware] = []

    package init() {}
}
