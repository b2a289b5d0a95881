import SojournCore
import SojournModel
import Synchronization

/// A wait that cancellation does not end: a handler that does not listen.
final class Outlasting: Sendable {
    private let time: any TimeSource
    private let alarm = Mutex<Alarm?>(nil)

    init(_ time: any TimeSource) { self.time = time }

    func wait(for span: Duration) async {
        await withCheckedContinuation { continuation in
            let alarm = time.alarm(at: time.now().advanced(by: span)) { continuation.resume() }
            self.alarm.withLock { $0 = alarm }
        }
    }
}
