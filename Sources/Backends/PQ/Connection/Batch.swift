#if Postgres
import CLibPQ

/// A ``Job`` under way: the results so far, and what is still to come.
struct Batch {
    typealias Ending = Result<[PQResult], PQError>

    enum Progress {
        case more
        case done
        /// The connection cannot be used any more.
        case broken
    }

    let id: Int
    let kind: Job.Kind
    let prologue: Int
    let deadline: Moment
    var steps: [Step] = []
    /// Whether everything has left for the server, the sync included. Before that nothing can be committed.
    var isSent = false
    /// Whether a cancellation was sent.
    var isCancelled = false
    /// What was prepared successfully.
    private(set) var prepared: [(key: EncodedStatement.Key, name: String)] = []
    private var answered = 0
    private var results: [PQResult] = []
    private var refusal: ServerError?

    init(id: Int, job: Job, deadline: Moment) {
        self.id = id
        kind = job.kind
        prologue = job.prologue
        self.deadline = deadline
    }

    /// Takes one result of libpq and owns it.
    mutating func take(_ result: OpaquePointer) -> Progress {
        switch PQresultStatus(result) {
        case PGRES_TUPLES_OK, PGRES_COMMAND_OK, PGRES_EMPTY_QUERY:
            if answered < steps.count, case .prepare(let key, let name) = steps[answered] {
                prepared.append((key, name))
                PQclear(result)
            } else {
                results.append(PQResult(result))
            }
            answered += 1
            return .more
        case PGRES_PIPELINE_SYNC:
            PQclear(result)
            return .done
        case PGRES_PIPELINE_ABORTED:
            PQclear(result)
            return .more
        case PGRES_COPY_IN, PGRES_COPY_OUT, PGRES_COPY_BOTH:
            // A pipeline cannot carry these, and libpq would return the same result for ever.
            PQclear(result)
            return .broken
        default:
            // The first error is the cause; what libpq says by itself is known by the lost connection.
            if refusal == nil { refusal = ServerError(result, wasCancelled: isCancelled) }
            PQclear(result)
            return .more
        }
    }

    /// How it ended when the sync came back.
    var ending: Ending {
        if let refusal { return .failure(refusal.error) }
        let expected = steps.count { if case .execute = $0 { true } else { false } }
        guard results.count == expected else {
            return .failure(
                PQError(
                    .protocolViolation, "\(results.count) results came for \(expected) statements.",
                    mayHaveExecuted: mayHaveCommitted))
        }
        return .success(Array(results.dropFirst(prologue)))
    }

    /// How it ended when the connection did before the sync came back.
    func ending(lost error: PQError) -> Ending {
        guard let refusal else { return .failure(error.seen(asExecuted: mayHaveCommitted)) }
        // After an error the server commits nothing. A FATAL in place of a statement's result came before the commit;
        // once all results are here, or in place of that of COMMIT, it may have come after.
        if !refusal.isFatal { return .failure(refusal.error) }
        let isEarly = kind == .implicit && answered < steps.count
        return .failure(refusal.error.seen(asExecuted: !isEarly && mayHaveCommitted))
    }

    private var mayHaveCommitted: Bool { isSent && (kind == .implicit || kind == .commit) }
}
#endif
