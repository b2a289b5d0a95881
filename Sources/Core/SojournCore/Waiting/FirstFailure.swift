extension ThrowingTaskGroup where ChildTaskResult == Void, Failure == any Error {
    /// Returns when all have ended, or throws as soon as one fails; the group then cancels the others. With
    /// `waitForAll` the error waits for the end of them, which for services never comes.
    package mutating func allOrFirstFailure(isolation: isolated (any Actor)? = #isolation) async throws {
        while try await next(isolation: isolation) != nil {}
    }
}
