import SojournWorker

extension WorkerConfiguration {
    /// What is left of `deadline` for running attempts. The rest is for those that have to be told to stop and for
    /// writing down how they ended, so that all is over when the deadline is.
    static func drainTime(within deadline: Duration) -> Duration {
        deadline - min(.milliseconds(500), deadline / 4)
    }
}
