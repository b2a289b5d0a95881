#if HTTP
import Hummingbird
import NIOCore

/// What a route knows about a request besides the request itself.
struct HTTPContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    /// The connection.
    let channel: any Channel

    init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        channel = source.channel
    }
}
#endif
