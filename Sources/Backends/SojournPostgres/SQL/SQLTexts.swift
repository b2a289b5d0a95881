#if Postgres
/// The statements, for one schema. What runs often is a function of the schema (`Schema/`), so that Postgres keeps its
/// plan whichever connection asks. `now` is NULL where the database's clock decides.
struct SQLTexts: Sendable {
    let insert: String
    let claim: String
    let claimHints: String
    let finish: String
    let extend: String
    let expired: String
    let oldestExpiry: String
    let endLocal: String
    let promote: String
    let cancel: String
    let deliveries: String
    let record: String
    let attempts: String
    let listEnd: String
    let owners: String
    let replay: String
    let purge: String
    let prune: String
    let depths: String
    let fold: String
    let pause: String
    let resume: String
    let paused: String
    let lanes: String
    let waitingLines: String
    let waitingPages: String
    let wake: String
    let records: String

    init(schema: String) {
        func text(_ text: String) -> String { text.replacing("{schema}", with: schema) }
        insert = text(Self.insert)
        claim = text(Self.claim)
        claimHints = text(Self.claimHints)
        finish = text(Self.finish)
        extend = text(Self.extend)
        expired = text(Self.expired)
        oldestExpiry = text(Self.oldestExpiry)
        endLocal = text(Self.endLocal)
        promote = text(Self.promote)
        cancel = text(Self.cancel)
        deliveries = text(Self.deliveries)
        record = text(Self.record)
        attempts = text(Self.attempts)
        listEnd = text(Self.listEnd)
        owners = text(Self.owners)
        replay = text(Self.replay)
        purge = text(Self.purge)
        prune = text(Self.prune)
        depths = text(Self.depths)
        fold = text(Self.fold)
        pause = text(Self.pause)
        resume = text(Self.resume)
        paused = text(Self.paused)
        lanes = text(Self.lanes)
        waitingLines = text(Self.waitingLines)
        waitingPages = text(Self.waitingPages)
        wake = text(Self.wake)
        records = text(Self.records)
    }
}
#endif
