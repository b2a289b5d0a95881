import SojournSimulation
import Testing

@Suite struct TraceTests {
    @Test(arguments: [
        ("1.5\n2\n\n4.25\n", Trace.arrivals([0, 0.5, 2.75], services: nil)),
        ("# a comment\r\n10, 0.5\r\n12,1e-3\r\n", .arrivals([0, 2], services: [0.5, 0.001])),
        ("arrival,service\n3,1\n2,2", .arrivals([1, 0], services: [1, 2])),
        ("\u{feff}id,\"Timestamp\"\na,5\nb,6\n", .arrivals([0, 1], services: nil)),
        ("duration,time\n7,100\n", .arrivals([0], services: [7])),
        ("period,count\n1998-06-10 00:00:00,12\n1998-06-10 00:01:00,0\n", .counts([12, 0])),
        ("1998-06-10 00:00:00,12\n1998-06-10 00:01:00,7\n", .counts([12, 7])),
        ("count\n3\n", .counts([3])),
    ])
    func read(text: String, expected: Trace) throws {
        #expect(try Trace(csv: Array(text.utf8)) == expected)
    }

    @Test(arguments: [
        ("", 0, "the trace must have at least one line with values"),
        ("arrival\n", 0, "the trace must have at least one task"),
        ("count\n0\n0\n", 0, "the trace must have at least one task"),
        ("a,b,c\n1,2,3\n", 1, "the header must name a column \"count\", or \"arrival\" and perhaps \"service\""),
        (
            "1,2,3\n", 1,
            "a trace without a header must have one or two columns: arrival and perhaps service in seconds,"
                + " or a date and a count per minute"
        ),
        ("1\n2\nthree\n", 3, "arrival must be a number from 0 to 1000000000000, not \"three\""),
        ("1\nnan\n", 2, "arrival must be a number from 0 to 1000000000000, not \"nan\""),
        ("-1\n", 1, "arrival must be a number from 0 to 1000000000000, not \"-1\""),
        ("1,1\n2\n", 2, "service is missing; the line has 1 of 2 columns"),
        ("1,1\n\n2,-3\n", 3, "service must be a number from 0 to 1000000, not \"-3\""),
        ("0\n99999999\n", 2, "the trace must cover at most 2678400 seconds"),
        ("count\n9000000\n9000000\n", 3, "the trace must have at most 10000000 tasks"),
    ])
    func refuse(text: String, line: Int, problem: String) {
        let error = #expect(throws: TraceError.self) { try Trace(csv: Array(text.utf8)) }
        #expect(error?.line == line)
        #expect(error?.problem == problem)
        #expect(error?.description == (line > 0 ? "line \(line): \(problem)" : problem))
    }

    @Test func countsBecomeTasksAtThatRate() {
        let workload = Trace.counts([600, 600, 600, 600]).workload(name: "trace", serviceTime: 2, seed: 3)
        #expect(workload.horizon == 240)
        #expect(abs(workload.nominalRate - 10) < 0.7)
        #expect(abs(workload.work / Double(workload.arrivals.count) - 2) < 0.15)
        #expect(workload == Trace.counts([600, 600, 600, 600]).workload(name: "trace", serviceTime: 2, seed: 3))
    }

    @Test func recordedTimesAreKept() throws {
        let workload = try Trace(csv: Array("10,4\n11.5,2\n".utf8)).workload(name: "trace")
        #expect(workload.arrivals == [0, 1.5])
        #expect(workload.services == [4, 2])
        #expect(workload.serviceTime == 3)
        #expect(workload.horizon == 2)
    }
}
